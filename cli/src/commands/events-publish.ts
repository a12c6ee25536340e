// `taylordash events publish`: puts an event of one's own on the bus.
import { isJsonObject } from '@taylordash/core/json';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { Usage } from '../refused.ts';

export const eventsPublish: Command = {
  words: ['events', 'publish'],
  takes: 'TOPIC KIND [JSON] [--key KEY]',
  summary: 'Publish an event of your own',
  help: `  TOPIC       such as tracker/events/garden/watered
  KIND        a–z, 0–9, _ and ., such as plant_watered
  JSON        the payload, an object; {} where it is missing
  --key KEY   the event's idempotency key: the same event sent twice is stored once`,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { key: { type: 'string' } }, ['TOPIC', 'KIND', 'JSON?']);
    const [topic = '', kind = '', text = '{}'] = positionals;
    const payload = objectFrom(text);
    const client = await signedIn();
    const { data } = await client.call('publishEvent', {
      body: { topic, kind, payload, ...(values.key === undefined ? {} : { idempotency_key: values.key }) },
    });
    terminal.line(data.duplicate ? 'Stored already: nothing was done.' : 'Published.');
    terminal.line(`key ${data.idempotency_key}  trace ${data.trace_id}`);
  },
};

function objectFrom(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // told below
  }
  throw new Usage(`The payload must be a JSON object, such as '{"litres": 2}'.`);
}
