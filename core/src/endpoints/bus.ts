// Endpoints of the bus as a whole: what an external broker leaves open, and whether it keeps what it should.
import { Type } from 'typebox';
import { moment, nullable, patch, strict, topicFilter, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';

const settings = {
  /** The user that commands act as whose publisher the broker does not name; null: they are refused. */
  command_user_id: nullable(uuid),
  /** Topics of an external broker whose values are looked at, beside those of bindings. */
  signal_filters: Type.Array(topicFilter, { maxItems: 50 }),
};
const shown = Type.Object({ external: Type.Boolean(), ...settings });

export const busSettings = endpoint({
  method: 'GET',
  path: '/bus',
  summary: 'What is set for an external broker',
  tag: 'devices',
  access: 'admin',
  reply: { status: 200, schema: shown },
});

export const setBusSettings = endpoint({
  method: 'PATCH',
  path: '/bus',
  summary: 'Set as whom commands act and which topics are looked at, with an external broker',
  tag: 'devices',
  access: 'admin',
  body: patch(settings),
  reply: { status: 200, schema: shown },
});

const selfTest = strict({
  /** Null: not tried yet, or the broker is the embedded one. */
  ran_at: nullable(moment),
  steps: Type.Array(
    Type.Object({
      name: Type.Enum(['connects', 'keeps_queue', 'keeps_order', 'retains', 'takes_large']),
      ok: Type.Boolean(),
      detail: Type.String(),
    }),
  ),
});

export const brokerTest = endpoint({
  method: 'GET',
  path: '/bus/self-test',
  summary: 'How the external broker did when it was tried last',
  tag: 'devices',
  access: 'admin',
  reply: { status: 200, schema: selfTest },
});

export const runBrokerTest = endpoint({
  method: 'POST',
  path: '/bus/self-test',
  summary: 'Try whether the external broker keeps what it acknowledges; takes some seconds',
  tag: 'devices',
  access: 'admin',
  reply: { status: 200, schema: selfTest },
  rate_per_minute: 6,
});
