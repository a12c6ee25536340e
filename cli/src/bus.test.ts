// Commands about what goes over the bus: devices and their values, dead letters, replays of events.
import { writeFile } from 'node:fs/promises';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/harness/app.ts';
import { type CommandLine, commandLine } from '../../test/harness/command-line.ts';

let td: TestApp;
let cli: CommandLine;
beforeAll(async () => {
  td = await testApp();
  cli = await commandLine();
  await cli.signIn(td);
});
afterAll(() => td.stop());

const broker = () => `mqtt://127.0.0.1:${td.app.mqtt_port}`;
/** A device that may publish anywhere: who has no account may not. */
async function sensor(name: string) {
  const body = { name, publish_filters: ['cistern/#', 'tank/#'] };
  const { device, password } = (await td.admin.call('createDevice', { body })).data;
  return { username: device.username, password };
}
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

async function say(topic: string, messages: readonly string[], options: object = {}): Promise<void> {
  const client = await connectAsync(broker(), options);
  for (const message of messages) await client.publishAsync(topic, message, { qos: 1 });
  await client.endAsync();
}

/** Messages are counted every two seconds. */
const heard = (topic: string) =>
  expect.poll(async () => (await td.admin.call('listSignals', { query: { topic } })).data.items.length).toBe(1);

describe('devices', () => {
  it('are added with a password that is shown once and works, renewed, switched off and removed', async () => {
    expect(await cli.run(['device', 'list'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no device yet'),
    });
    const made = await cli.run(['device', 'add', 'Tank sensor']);
    expect(made.code).toBe(0);
    const [password = '', ...rest] = linesOf(made.stdout);
    expect(rest).toEqual([]);
    expect(made.stderr).toContain(`Port      ${td.app.mqtt_port}`);
    expect(made.stderr).toContain('User      tank-sensor');
    await say('tank-sensor/state', ['{"litres":120}'], { username: 'tank-sensor', password, clientId: 'tank' });
    await heard('tank-sensor/state');
    expect((await cli.run(['device', 'list'])).stdout).toMatch(/^tank-sensor .+Tank sensor {2}\(heard 2/);

    const renewed = await cli.run(['device', 'rotate', 'tank sensor']);
    const [next = ''] = linesOf(renewed.stdout);
    expect(next).not.toBe(password);
    const old = connectAsync(broker(), { username: 'tank-sensor', password, reconnectPeriod: 0 }, false);
    await expect(old).rejects.toBeDefined();
    const account = { username: 'tank-sensor', password: next, reconnectPeriod: 0 };
    await say('tank-sensor/state', ['{"litres":130}'], account);

    expect(await cli.run(['device', 'disable', 'tank-sensor'])).toMatchObject({ code: 0 });
    expect((await cli.run(['device', 'list'])).stdout).toContain('switched off');
    await expect(connectAsync(broker(), account, false)).rejects.toBeDefined();
    expect(await cli.run(['device', 'enable', 'tank-sensor'])).toMatchObject({ code: 0 });
    await say('tank-sensor/state', ['{"litres":140}'], account);
    expect(await cli.run(['device', 'remove', 'TANK-SENSOR'])).toMatchObject({
      code: 0,
      stdout: 'Tank sensor is deleted.\n',
    });
    expect(await cli.run(['device', 'rotate', 'tank-sensor'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No device is called tank-sensor.'),
    });
    expect(await cli.run(['device', 'add'])).toMatchObject({ code: 2 });
  });

  it('show their last values, which can be tried, bound and unbound', async () => {
    await say('cistern/state', ['{"level":{"litres":50}}'], await sensor('Cistern'));
    await heard('cistern/state');
    expect((await cli.run(['device', 'signals', '--topic', 'cistern/#'])).stdout).toMatch(
      /^cistern\/state {2}\{"level":\{"litres":50\}\} {2}\(2/,
    );
    const bind = ['device', 'bind', 'cistern/state', '--path', 'level.litres', '--metric', 'garden/water'];
    const tried = await cli.run([...bind, '--unit', 'l', '--try']);
    expect(tried).toMatchObject({ code: 0, stdout: 'cistern/state  50 → 50\n' });
    expect((await cli.run(['device', 'bindings'])).stdout).toBe('');
    const bound = await cli.run([...bind, '--unit', 'l']);
    const id = bound.stdout.split(' ')[0] ?? '';
    expect((await cli.run(['device', 'bindings'])).stdout).toBe(
      `${id}  cistern/state level.litres → metric garden/water l  (nothing read yet)\n`,
    );
    expect(await cli.run(['device', 'unbind', id])).toMatchObject({ code: 0 });
    expect(await cli.run(['device', 'unbind', id])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('binding.not_found'),
    });
    for (const wrong of [
      [],
      ['--metric', 'a/b', '--status', id],
      ['--metric', 'a'],
      ['--status', id, '--map', 'ON=on'],
      ['--progress', id, '--from', 'x'],
    ])
      expect(await cli.run(['device', 'bind', 'a/b', ...wrong])).toMatchObject({ code: 2 });
  });

  it('drive a component', async () => {
    const { data: project } = await td.admin.call('createProject', { body: { name: 'Water' } });
    const params = { id: project.id };
    const { data: tank } = await td.admin.call('createComponent', { params, body: { name: 'Tank' } });
    expect(await cli.run(['device', 'bind', 'tank/litres', '--progress', tank.id, '--to', '200'])).toMatchObject({
      code: 0,
    });
    const map = ['--map', 'ON=in_progress,OFF=pending'];
    expect(await cli.run(['device', 'bind', 'tank/valve', '--status', tank.id, ...map])).toMatchObject({ code: 0 });
    const account = await sensor('Tank');
    await say('tank/litres', ['50'], account);
    await expect
      .poll(async () => (await td.admin.call('getComponent', { params: { id: tank.id } })).data.progress, {
        timeout: 20_000,
      })
      .toBe(25);
    await say('tank/valve', ['ON'], account);
    await expect
      .poll(async () => (await td.admin.call('getComponent', { params: { id: tank.id } })).data.status, {
        timeout: 20_000,
      })
      .toBe('in_progress');
  });
});

describe('dead letters', () => {
  const topic = 'tracker/events/greenhouse/temp';
  const group = async () => (await cli.run(['dlq', 'groups'])).stdout.split(' ')[0] ?? '';

  it('are listed, grouped, tried, replayed, discarded and restored', async () => {
    await say(topic, ['temp=1', 'temp=2', 'temp=3'], { clientId: 'greenhouse-esp32' });
    await expect.poll(async () => (await td.admin.call('listDeadLetters', {})).data.items.length).toBe(3);
    const groups = await cli.run(['dlq', 'groups']);
    expect(groups.stdout).toContain('greenhouse-esp32 sends text where JSON is expected');
    const [first = ''] = linesOf((await cli.run(['dlq', 'list'])).stdout).map(
      (line) => line.trim().split(' ')[0] ?? '',
    );
    expect((await cli.run(['dlq', 'show', first])).stdout).toContain(topic);
    const edit = `${cli.folder}/edit.json`;
    await writeFile(edit, JSON.stringify([{ op: 'wrap', kind: 'temperature', into: 'text' }]));
    const asIs = await cli.run(['dlq', 'dry-run', '--group', await group()]);
    expect(asIs.stdout + asIs.stderr).toContain('3 still fail');
    const dry = await cli.run(['dlq', 'dry-run', first, '--edit', edit]);
    expect(dry.stdout + dry.stderr).toContain('1 would pass');
    expect(await cli.run(['dlq', 'discard', first, '--note', 'seen'])).toMatchObject({
      code: 0,
      stdout: '1 discarded.\n',
    });
    expect(linesOf((await cli.run(['dlq', 'list'])).stdout)).toHaveLength(2);
    expect(await cli.run(['dlq', 'restore', first])).toMatchObject({ code: 0, stdout: expect.stringContaining('1') });
    const replayed = await cli.run(['dlq', 'replay', '--group', await group(), '--edit', edit, '--rate', '500']);
    expect(replayed).toMatchObject({ code: 0, stdout: '3 replayed, 0 duplicates, 0 failed.\n' });
    const { data } = await td.admin.call('listEvents', { query: { topic } });
    expect(data.items.map(({ kind }) => kind)).toEqual(Array(3).fill('temperature'));
  });

  it('are refused without a selection, with a wrong one, and with an edit that is none', async () => {
    expect(await cli.run(['dlq', 'discard'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Say which') });
    expect(await cli.run(['dlq', 'show', '999999'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('dead_letter.not_found'),
    });
    expect(await cli.run(['dlq', 'replay', '--topic', 'x/#/y'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('request.invalid'),
    });
    expect(await cli.run(['dlq', 'dry-run', '1', '--edit', '/nowhere.json'])).toMatchObject({ code: 2 });
  });
});

describe('events replay', () => {
  const topic = 'tracker/events/garden/watered';

  it('sends what was stored to one client, and says how much', async () => {
    for (let n = 0; n < 5; n++) {
      await td.admin.call('publishEvent', { body: { topic, kind: 'watered', payload: { n } } });
    }
    await expect.poll(async () => (await td.admin.call('listEvents', { query: { topic } })).data.items.length).toBe(5);
    const client = await connectAsync(broker(), { clientId: 'pump' });
    const heard: number[] = [];
    client.on('message', (_topic, payload) => heard.push(JSON.parse(payload.toString()).payload.n));
    await client.subscribeAsync('tracker/replies/pump/replay/#', { qos: 1 });
    const replayed = await cli.run(['events', 'replay', '--client', 'pump', '--topic', topic]);
    expect(replayed).toMatchObject({ code: 0, stdout: '5 sent.\n' });
    expect(heard).toEqual([0, 1, 2, 3, 4]);
    await client.endAsync();
    expect((await cli.run(['events', 'replays'])).stdout).toMatch(
      /^[0-9a-f-]{36} {2}finished .+ pump {2}5 sent, 100 %\n$/,
    );
  });

  it('can be left to the server and cancelled', async () => {
    const started = await cli.run(['events', 'replay', '--client', 'pump', '--rate', '1', '--no-wait']);
    const id = started.stdout.trim();
    expect(await cli.run(['events', 'replays', 'cancel', id])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^It is cancelled: \d+ sent\.\n$/),
    });
    expect(await cli.run(['events', 'replay'])).toMatchObject({ code: 2 });
    expect(await cli.run(['events', 'replay', '--device', 'nobody'])).toMatchObject({ code: 1 });
    expect(await cli.run(['events', 'replay', '--client', 'a/b'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('request.invalid'),
    });
  });
});
