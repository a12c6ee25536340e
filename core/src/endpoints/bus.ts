// Endpoints of the bus as a whole.
import { nullable, strict, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';

const account = strict({ user_id: nullable(uuid) });

export const commandAccount = endpoint({
  method: 'GET',
  path: '/commands/account',
  summary: 'The user that commands from an external broker act as',
  tag: 'devices',
  access: 'admin',
  reply: { status: 200, schema: account },
});

export const setCommandAccount = endpoint({
  method: 'PUT',
  path: '/commands/account',
  summary: 'Set it; null: such commands are refused',
  tag: 'devices',
  access: 'admin',
  body: account,
  reply: { status: 200, schema: account },
});
