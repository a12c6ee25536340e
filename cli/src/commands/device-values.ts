// `taylordash device signals`, `bindings`, `bind`, `unbind`: the last values, and what they drive.
import type { BindingTarget } from '@taylordash/core/device-entities';
import { componentStatuses } from '@taylordash/core/statuses';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { findDevice } from '../device-id.ts';
import { showEvery } from '../every-item.ts';
import { Usage } from '../refused.ts';

export const deviceSignals: Command = {
  words: ['device', 'signals'],
  takes: '[--device NAME] [--topic FILTER] [--json]',
  summary: 'The last message of each topic',
  help: `  --device NAME    of one device
  --topic FILTER   with + and # as MQTT has them
  --json           a line of JSON for each`,
  async run(args, terminal) {
    const options = { device: { type: 'string' }, topic: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values } = readArguments(args, options);
    const client = await signedIn();
    const query = {
      ...(values.topic === undefined ? {} : { topic: values.topic }),
      ...(values.device === undefined ? {} : { device_id: (await findDevice(client, values.device)).id }),
    };
    await showEvery(terminal, (more) => client.call('listSignals', { query: { ...query, ...more } }), {
      json: values.json,
      line({ topic, text, size, last_at, qos }) {
        const confirmed = qos === 0 ? ', not confirmed' : '';
        const value = text === null ? `${size} bytes that are no text` : text.replaceAll(/\s+/g, ' ');
        return `${topic}  ${value}  (${last_at}${confirmed})`;
      },
      none: 'Nothing was heard.',
    });
  },
};

/** "metric greenhouse/humidity %", "progress of 5f0c… (0 to 200)", "status of 5f0c…". */
function saysTarget({ kind, service, metric, unit, component_id, from, to }: BindingTarget): string {
  if (kind === 'metric') return `metric ${service}/${metric}${unit === undefined ? '' : ` ${unit}`}`;
  return kind === 'status' ? `status of ${component_id}` : `progress of ${component_id} (${from ?? 0} to ${to ?? 100})`;
}

export const deviceBindings: Command = {
  words: ['device', 'bindings'],
  takes: '[--json]',
  summary: 'What values drive, and how each does',
  help: '  --json   a line of JSON for each',
  async run(args, terminal) {
    const { values } = readArguments(args, { json: { type: 'boolean' } });
    const client = await signedIn();
    await showEvery(terminal, (more) => client.call('listBindings', { query: more }), {
      json: values.json,
      line({ id, topic_filter, path, target, enabled, result }) {
        const how =
          result.last_error ?? (result.last_value === null ? 'nothing read yet' : `last ${result.last_value}`);
        const where = path === '' ? topic_filter : `${topic_filter} ${path}`;
        return `${id}  ${where} → ${saysTarget(target)}  (${how}${enabled ? '' : ', switched off'})`;
      },
      none: 'Nothing is bound yet: npx taylordash device bind --help',
    });
  },
};

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new Usage(`--${name} is a number.`);
  return value;
}

/** `ON=in_progress,OFF=pending` */
function mapOf(text: string): NonNullable<BindingTarget['map']> {
  const map: NonNullable<BindingTarget['map']> = {};
  for (const pair of text.split(',')) {
    const at = pair.lastIndexOf('=');
    const status = componentStatuses.find((one) => one === pair.slice(at + 1));
    if (at < 1 || status === undefined)
      throw new Usage(`--map takes VALUE=STATUS, with commas between; STATUS is ${componentStatuses.join(', ')}.`);
    map[pair.slice(0, at)] = status;
  }
  return map;
}

export const deviceBind: Command = {
  words: ['device', 'bind'],
  takes: 'TOPIC --metric SERVICE/METRIC | --progress ID | --status ID --map VALUE=STATUS',
  summary: 'Let a value be a metric, a progress or a status',
  help: `  TOPIC                    a topic filter, such as zigbee2mqtt/tank
  --path PATH              where the value is in a JSON message, such as level.litres
  --metric SERVICE/METRIC  records it; --unit UNIT
  --progress ID            drives the progress of a component; --from N and --to N are its 0 and 100 %, --step N the
                           smallest change that counts
  --status ID              drives the status of a component; --map ON=in_progress,OFF=pending, --hold SECONDS
  --try                    says what it would make of the last messages, and keeps nothing`,
  async run(args, terminal) {
    const text = { type: 'string' } as const;
    const { values, positionals } = readArguments(
      args,
      {
        ...{ path: text, metric: text, unit: text, progress: text, status: text, map: text },
        ...{ from: text, to: text, step: text, hold: text, try: { type: 'boolean' } },
      },
      ['TOPIC'],
    );
    const target = targetOf(values);
    const body = { topic_filter: positionals[0] ?? '', path: values.path ?? '', target };
    const client = await signedIn();
    if (values.try !== true) {
      const { id } = (await client.call('createBinding', { body })).data;
      return terminal.line(`${id}  ${saysTarget(target)}`);
    }
    const { items } = (await client.call('tryBinding', { body })).data;
    for (const { topic, value, result, reason } of items) {
      terminal.line(`${topic}  ${result === null ? `${reason}` : `${value} → ${result}`}`);
    }
    if (items.length === 0) terminal.note('No message was heard there yet.');
  },
};

type Given = Partial<
  Record<'metric' | 'unit' | 'progress' | 'status' | 'map' | 'from' | 'to' | 'step' | 'hold', string>
>;

function targetOf(given: { [K in keyof Given]: Given[K] | undefined }): BindingTarget {
  const { metric, unit, progress, status } = given;
  if ([metric, progress, status].filter((one) => one !== undefined).length !== 1)
    throw new Usage('Say what it drives: --metric, --progress or --status.');
  if (metric !== undefined) {
    const [service = '', ...rest] = metric.split('/');
    if (rest.length !== 1) throw new Usage('--metric is SERVICE/METRIC.');
    return { kind: 'metric', service, metric: rest.join(''), ...(unit === undefined ? {} : { unit }) };
  }
  if (status !== undefined) {
    const hold = numberOf('hold', given.hold) ?? 0;
    return { kind: 'status', component_id: status, map: mapOf(given.map ?? ''), hold };
  }
  const [from = 0, to = 100, step = 1] = [
    numberOf('from', given.from),
    numberOf('to', given.to),
    numberOf('step', given.step),
  ];
  return { kind: 'progress', component_id: progress ?? '', from, to, step };
}

export const deviceUnbind: Command = {
  words: ['device', 'unbind'],
  takes: 'ID',
  summary: 'Delete a binding',
  help: 'ID is one that npx taylordash device bindings lists.',
  async run(args, terminal) {
    const { positionals } = readArguments(args, {}, ['ID']);
    await (await signedIn()).call('deleteBinding', { params: { id: positionals[0] ?? '' } });
    terminal.line('It is unbound.');
  },
};
