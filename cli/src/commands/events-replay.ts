// `taylordash events replay`: sends stored events to one MQTT client again; lists such replays, and ends one early.
import { setTimeout as pause } from 'node:timers/promises';
import type { EventReplay, EventReplayInput } from '@taylordash/core/event-replays';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { findDevice } from '../device-id.ts';
import { showEvery } from '../every-item.ts';
import { Refused, Usage } from '../refused.ts';

const options = {
  client: { type: 'string' },
  device: { type: 'string' },
  filter: { type: 'string' },
  topic: { type: 'string', multiple: true },
  kind: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  'from-id': { type: 'string' },
  'to-id': { type: 'string' },
  rate: { type: 'string' },
  'no-wait': { type: 'boolean' },
} as const;

/** How far it is by the numbers of its range. */
function percentOf({ from_id, to_id, position }: EventReplay): number {
  const [from, to, at] = [BigInt(from_id), BigInt(to_id), BigInt(position)];
  return Number(((at - from + 1n) * 100n) / (to - from + 1n));
}

export const eventsReplay: Command = {
  words: ['events', 'replay'],
  takes: '--client ID | --device NAME [--filter FILTER] [--from TIME] [--to TIME]',
  summary: 'Send stored events to one MQTT client again',
  help: `  --client ID       the MQTT client, which hears them on tracker/replies/ID/replay/TOPIC
  --device NAME     instead: the client that this device last came by
  --filter FILTER   as for npx taylordash events list
  --topic FILTER    with + and # as MQTT has them; several where it is given several times
  --kind KIND       likewise
  --from, --to      when they were stored, such as 2026-01-15T10:30:00Z
  --from-id N       the first number; --to-id N the last
  --rate N          events a second, 1 to 500; 50 if it is left out
  --no-wait         says its id and leaves it to the server

For administrators. It goes on after a restart of the server; what was under way then may come twice.`,
  async run(args, terminal) {
    const { values } = readArguments(args, options);
    const { client: client_id, device, topic: topics, kind: kinds, filter, from, to, rate } = values;
    if ((client_id === undefined) === (device === undefined))
      throw new Usage('Say who gets them: --client or --device.');
    const client = await signedIn();
    const device_id = device === undefined ? undefined : (await findDevice(client, device)).id;
    const given = { client_id, device_id, filter, topics, kinds, from, to };
    const numbers = { from_id: values['from-id'], to_id: values['to-id'] };
    const body: EventReplayInput = Object.fromEntries(
      Object.entries({ ...given, ...numbers, rate: rate === undefined ? undefined : Number(rate) }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    let { data: replay } = await client.call('startEventReplay', { body });
    const params = { id: replay.id };
    terminal.note(`Replay ${replay.id} of events ${replay.from_id} to ${replay.to_id} to ${replay.client_id}.`);
    if (values['no-wait']) return terminal.line(replay.id);
    while (replay.status === 'running') {
      await pause(500);
      replay = (await client.call('getEventReplay', { params })).data;
      terminal.passing(`${percentOf(replay)} %  ${replay.sent} sent`);
    }
    terminal.line(`${replay.sent} sent.`);
    if (replay.status === 'cancelled') throw new Refused('It was cancelled before its end.');
  },
};

export const eventsReplays: Command = {
  words: ['events', 'replays'],
  takes: '[--json]',
  summary: 'Replays of events, newest first',
  help: '  --json   a line of JSON for each',
  async run(args, terminal) {
    const { values } = readArguments(args, { json: { type: 'boolean' } });
    const client = await signedIn();
    await showEvery(terminal, (more) => client.call('listEventReplays', { query: more }), {
      json: values.json,
      line(replay) {
        const { id, status, client_id, sent, created_at } = replay;
        return `${id}  ${status.padEnd(9)}  ${created_at}  ${client_id}  ${sent} sent, ${percentOf(replay)} %`;
      },
      none: 'No events were replayed.',
    });
  },
};

export const eventsReplaysCancel: Command = {
  words: ['events', 'replays', 'cancel'],
  takes: 'ID',
  summary: 'End a replay of events before it is through',
  help: '',
  async run(args, terminal) {
    const { positionals } = readArguments(args, {}, ['ID']);
    const client = await signedIn();
    const { data } = await client.call('cancelEventReplay', { params: { id: positionals[0] ?? '' } });
    terminal.line(`It is ${data.status}: ${data.sent} sent.`);
  },
};
