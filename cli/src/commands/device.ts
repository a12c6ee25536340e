// `taylordash device`: the accounts of devices on the embedded broker, made, renewed, switched off and removed.
import type { DeviceWithActivity } from '@taylordash/core/device-entities';
import type { Client } from '@taylordash/sdk/client';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { findDevice } from '../device-id.ts';
import { showEvery } from '../every-item.ts';
import { Refused } from '../refused.ts';
import type { Terminal } from '../terminal.ts';

const named = 'NAME is the name, the MQTT user name or the id of a device.';

function stateOf({ enabled, activity }: DeviceWithActivity): string {
  if (!enabled) return 'switched off';
  if (activity.quiet_since !== null) return `quiet since ${activity.quiet_since}`;
  return activity.connected ? 'online' : 'offline';
}

export const deviceList: Command = {
  words: ['device', 'list'],
  takes: '[--json]',
  summary: 'List the devices, and when each was last heard',
  help: '  --json   a line of JSON for each',
  async run(args, terminal) {
    const { values } = readArguments(args, { json: { type: 'boolean' } });
    const client = await signedIn();
    await showEvery(terminal, (more) => client.call('listDevices', { query: more }), {
      json: values.json,
      line(device) {
        const { name, username, activity } = device;
        const heard = activity.last_message_at === null ? 'never heard' : `heard ${activity.last_message_at}`;
        const dead = activity.dead_letters === 0 ? '' : `, ${activity.dead_letters} dead letters`;
        return `${username.padEnd(20)}  ${stateOf(device).padEnd(12)}  ${name}  (${heard}, ${activity.messages_hour} an hour${dead})`;
      },
      none: 'There is no device yet. Add one: npx taylordash device add NAME',
    });
  },
};

/** What to type into the device. The password is alone on standard output, for a script to take. */
async function showAccount(client: Client, { username }: DeviceWithActivity, password: string, terminal: Terminal) {
  const { hosts, port, tls_port, loopback_only } = (await client.call('deviceBroker', {})).data;
  terminal.note(`Host      ${hosts.join(' or ')}`);
  terminal.note(`Port      ${port ?? '?'}${tls_port === null ? '' : `, with TLS ${tls_port}`}`);
  terminal.note(`User      ${username}`);
  terminal.note('Password, shown this once:');
  terminal.line(password);
  if (loopback_only) terminal.note('The broker can be reached from this machine alone so far.');
}

export const deviceAdd: Command = {
  words: ['device', 'add'],
  takes: 'NAME [--username NAME] [--publish FILTER] [--subscribe FILTER]',
  summary: 'Make an account for a device; its password is shown once',
  help: `  --username NAME      its MQTT user name; made of NAME if it is left out
  --publish FILTER     where it may publish, --subscribe FILTER what it may be sent; several where given several times`,
  async run(args, terminal) {
    const { values, positionals } = readArguments(
      args,
      {
        username: { type: 'string' },
        publish: { type: 'string', multiple: true },
        subscribe: { type: 'string', multiple: true },
      },
      ['NAME'],
    );
    const client = await signedIn();
    const { username, publish, subscribe } = values;
    const body = {
      name: positionals[0] ?? '',
      ...(username === undefined ? {} : { username }),
      ...(publish === undefined ? {} : { publish_filters: publish }),
      ...(subscribe === undefined ? {} : { subscribe_filters: subscribe }),
    };
    if ((await client.call('deviceBroker', {})).data.port === null) {
      throw new Refused(
        'This TaylorDash uses a broker of its own choosing (MQTT_URL), which keeps the accounts itself.',
        'Make the account there.',
      );
    }
    const { device, password } = (await client.call('createDevice', { body })).data;
    await showAccount(client, device, password, terminal);
  },
};

export const deviceRotate: Command = {
  words: ['device', 'rotate'],
  takes: 'NAME',
  summary: 'Give a device a new password, shown once; the old one ends at once',
  help: named,
  async run(args, terminal) {
    const { positionals } = readArguments(args, {}, ['NAME']);
    const client = await signedIn();
    const { id } = await findDevice(client, positionals[0] ?? '');
    const { device, password } = (await client.call('renewDevicePassword', { params: { id } })).data;
    await showAccount(client, device, password, terminal);
  },
};

function switching(word: 'enable' | 'disable', summary: string, done: (name: string) => string): Command {
  return {
    words: ['device', word],
    takes: 'NAME',
    summary,
    help: named,
    async run(args, terminal) {
      const { positionals } = readArguments(args, {}, ['NAME']);
      const client = await signedIn();
      const { id, version } = await findDevice(client, positionals[0] ?? '');
      const body = { enabled: word === 'enable' };
      const { data } = await client.call('updateDevice', { params: { id }, body, if_match: version });
      terminal.line(done(data.name));
    },
  };
}

export const deviceEnable = switching('enable', 'Let a device connect again', (name) => `${name} may connect again.`);
export const deviceDisable = switching(
  'disable',
  'Keep a device out, and its account',
  (name) => `${name} is switched off: its connections have ended.`,
);

export const deviceRemove: Command = {
  words: ['device', 'remove'],
  takes: 'NAME',
  summary: 'Delete a device; its events stay',
  help: named,
  async run(args, terminal) {
    const { positionals } = readArguments(args, {}, ['NAME']);
    const client = await signedIn();
    const { id, name } = await findDevice(client, positionals[0] ?? '');
    await client.call('deleteDevice', { params: { id } });
    terminal.line(`${name} is deleted.`);
  },
};
