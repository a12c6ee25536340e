// `taylordash events tail`: shows events as they are stored, and goes on after the last one when the connection comes back.
import { followEvents } from '@taylordash/sdk/follow';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { eventLine } from '../event-line.ts';
import { Usage } from '../refused.ts';

export const eventsTail: Command = {
  words: ['events', 'tail'],
  takes: '[--filter FILTER] [--topic TOPIC]… [--kind KIND]… [--after ID] [--until ID] [--json]',
  summary: 'Show events as they happen',
  help: `  --filter FILTER   only what it matches: 'kind:task_* actor:sam -topic:tracker/metrics/#'
  --topic TOPIC     only topics that this MQTT filter matches (tracker/events/tasks/#); may come several times
  --kind KIND       only these kinds; may come several times
  --after ID        begins after that event instead of now
  --until ID        ends behind that event
  --json            a line of JSON for each event`,
  async run(args, terminal) {
    const { values } = readArguments(args, {
      filter: { type: 'string' },
      topic: { type: 'string', multiple: true },
      kind: { type: 'string', multiple: true },
      after: { type: 'string' },
      until: { type: 'string' },
      json: { type: 'boolean' },
    });
    for (const name of ['after', 'until'] as const) {
      if (values[name] !== undefined && !/^\d{1,19}$/.test(values[name]))
        throw new Usage(`--${name} is the number of an event.`);
    }
    const client = await signedIn();
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    process.once('SIGTERM', () => stop.abort());
    const steps = followEvents(client, {
      ...(values.topic === undefined ? {} : { topics: values.topic }),
      ...(values.kind === undefined ? {} : { kinds: values.kind }),
      ...(values.filter === undefined ? {} : { filter: values.filter }),
      ...(values.until === undefined ? {} : { until: values.until }),
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
        case 'end':
          break;
        case 'event':
          terminal.line(values.json ? JSON.stringify(step.event) : eventLine(step.event));
      }
    }
  },
};
