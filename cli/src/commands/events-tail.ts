// `taylordash events tail`: shows events as they are stored, and goes on after the last one when the connection comes back.
import type { StoredEvent } from '@taylordash/core/entities';
import { followEvents } from '@taylordash/sdk/follow';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';

export const eventsTail: Command = {
  words: ['events', 'tail'],
  takes: '[--topic FILTER]… [--kind KIND]… [--after ID] [--json]',
  summary: 'Show events as they happen',
  help: `  --topic FILTER   only topics that this MQTT filter matches (tracker/events/tasks/#); may come several times
  --kind KIND      only these kinds; may come several times
  --after ID       begins after that event instead of now
  --json           a line of JSON for each event`,
  async run(args, terminal) {
    const { values } = readArguments(args, {
      topic: { type: 'string', multiple: true },
      kind: { type: 'string', multiple: true },
      after: { type: 'string' },
      json: { type: 'boolean' },
    });
    const client = await signedIn();
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    process.once('SIGTERM', () => stop.abort());
    const steps = followEvents(client, {
      ...(values.topic === undefined ? {} : { topics: values.topic }),
      ...(values.kind === undefined ? {} : { kinds: values.kind }),
      after: values.after ?? null,
      signal: stop.signal,
    });
    for await (const step of steps) {
      switch (step.type) {
        case 'connected':
          terminal.note('Connected.');
          break;
        case 'lost':
          terminal.note(`The connection is lost (${step.reason}); trying again.`);
          break;
        case 'gap':
          terminal.note('Some events are missing here: they are kept no longer.');
          break;
        case 'event':
          terminal.line(values.json ? JSON.stringify(step.event) : eventLine(step.event));
      }
    }
  },
};

function eventLine({ id, created_at, kind, topic, source, payload }: StoredEvent): string {
  const { entity, actor } = named(payload);
  const who = [entity, actor === '' ? '' : `by ${actor}`, source === 'server' ? '' : `from ${source}`].filter(Boolean);
  return `${created_at.slice(11, 23)}  ${id}  ${kind}  ${topic}${who.length > 0 ? `  ${who.join(' ')}` : ''}`;
}

function named(payload: Readonly<Record<string, unknown>>): { entity: string; actor: string } {
  const nameIn = (part: unknown): string =>
    typeof part === 'object' && part !== null && 'name' in part && typeof part.name === 'string' ? part.name : '';
  return { entity: nameIn(payload.entity), actor: nameIn(payload.actor) };
}
