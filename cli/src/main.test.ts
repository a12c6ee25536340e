// The command line against a real server: output, exit codes, what it keeps; as a program where its process is part of the answer.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminName, type TestApp, testApp, testPassword } from '../../test/harness/app.ts';
import { type CommandLine, commandLine } from '../../test/harness/command-line.ts';
import { connectSql } from '../../test/harness/sql.ts';

let td: TestApp;
let cli: CommandLine;
let folder: string;
beforeAll(async () => {
  td = await testApp();
  cli = await commandLine();
  folder = cli.folder;
});
afterAll(() => td.stop());

const run: CommandLine['run'] = (...given) => cli.run(...given);
const runProgram: CommandLine['runProgram'] = (...given) => cli.runProgram(...given);
const start: CommandLine['start'] = (...given) => cli.start(...given);

/** A way to the server that can be cut and mended. */
async function breakableWire(port: number) {
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      open.add(from);
      from.on('error', () => undefined).on('close', () => to.destroy());
      from.pipe(to);
    }
    return near;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    cut() {
      whole = false;
      for (const socket of open) socket.destroy();
    },
    mend() {
      whole = true;
    },
    close: () => server.close(),
  };
}

const signIn = () => cli.signIn(td);

async function fileWith(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

const ring = {
  title: 'Ring',
  components: ['pump', 'valve', 'tank'].map((name, key) => ({ key, name })),
  dependencies: [
    [0, 1],
    [1, 2],
    [2, 0],
  ],
};

describe('help and usage', () => {
  it('lists the commands on --help, with 0', async () => {
    const { code, stdout } = await runProgram(['--help']);
    expect(code).toBe(0);
    for (const words of ['login', 'project import', 'events tail', 'db migrate']) expect(stdout).toContain(words);
  });

  it.each([
    [['nonsense']],
    [['project']],
    [['project', 'import']],
    [['whoami', 'extra']],
    [['login', '--wrong']],
    [[]],
  ])('ends with 2 on %j', async (args) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('gives the program the same exit codes', async () => {
    expect(await runProgram(['nonsense'])).toMatchObject({ code: 2, stderr: expect.stringContaining('nonsense') });
    expect(await runProgram(['health', '--url', 'http://127.0.0.1:1'])).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('signing in', () => {
  it('keeps the session where only its owner reads it, and ends it', async () => {
    const config = join(folder, 'own');
    const here = { TAYLORDASH_CONFIG_DIR: config };
    const login = ['login', '--url', `${td.url}/`, '--username', adminName, '--password-stdin'];
    expect(await runProgram(login, testPassword, here)).toMatchObject({ code: 0 });
    const file = join(config, 'session.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await runProgram(['whoami'], '', here)).toMatchObject({
      code: 0,
      stdout: `${adminName} (admin) at ${td.url}\n`,
    });
    const { token } = JSON.parse(await readFile(file, 'utf8'));
    expect(await run(['logout'], '', here)).toMatchObject({ code: 0, stdout: 'Signed out.\n' });
    await expect(stat(file)).rejects.toThrow('ENOENT');
    await expect(td.as(token).call('me', {})).rejects.toMatchObject({ body: { code: 'auth.required' } });
    expect(await run(['whoami'], '', here)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('taylordash login'),
    });
  });

  it('refuses a wrong password with what, why and the trace', async () => {
    const { code, stderr } = await run(
      ['login', '--url', td.url, '--username', adminName, '--password-stdin'],
      'wrong',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('auth.invalid_credentials');
    expect(stderr).toMatch(/Trace: [0-9a-f-]{36}/);
  });

  it('says what to try where nothing answers', async () => {
    const { code, stderr } = await run(['health', '--url', 'http://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(stderr).toContain('did not answer at http://127.0.0.1:1');
    expect(stderr).toContain('npm start');
  });
});

describe('projects', () => {
  beforeAll(signIn);

  it('imports with progress, lists and exports what import takes back', async () => {
    const line = { ...ring, title: 'Line', dependencies: ring.dependencies.slice(0, 2) };
    const imported = await run(['project', 'import', await fileWith('line.json', line)]);
    expect(imported).toMatchObject({ code: 0, stdout: expect.stringContaining('3 components, 2 dependencies') });
    expect(imported.stderr).toContain('100 %  5 of 5');
    const id = imported.stdout.split('\n')[1];
    expect((await run(['project', 'list'])).stdout).toContain(`${id}    0 %`);
    const output = join(folder, 'out.json');
    expect(await run(['project', 'export', 'line', '--output', output])).toMatchObject({ code: 0 });
    const again = await run(['project', 'import', output, '--name', 'Line again']);
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Line again has 3 components, 2 dependencies'),
    });
  });

  it('says what can be started and what others wait for, and lists by state', async () => {
    const components = ['Base', 'Frame', 'Roof', 'Paint'].map((name, key) => ({ key, name }));
    const file = JSON.stringify({
      title: 'Shelter',
      components,
      dependencies: [
        [1, 0],
        [2, 1],
      ],
    });
    expect(await runProgram(['project', 'import', '-'], file)).toMatchObject({ code: 0 });
    const { code, stdout } = await run(['project', 'ready', 'shelter']);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'Shelter: 0 %. 2 ready, 2 waiting, 0 held up, 0 dead-blocked.',
      ...['', 'Ready to start, first what others wait for', '  Base', '  Paint'],
      ...['', 'Held up  Waiting  for', '      0        2  Base', ''],
    ]);
    const listed = await run(['component', 'list', '--project', 'Shelter', '--state', 'waiting']);
    expect(listed.stdout.split('\n').map((line) => line.split(/\s+/).at(-1))).toEqual(['Frame', 'Roof', '']);
    const refused = await run(['component', 'list', '--state', 'stuck']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('ready, with commas between') });
  });

  it('tells what happened, takes it back and does it again, and asks where others came in between', async () => {
    const { data: project } = await td.admin.call('createProject', { body: { name: 'Fence' } });
    const params = { id: project.id };
    const { data: post } = await td.admin.call('createComponent', { params, body: { name: 'Post', progress: 10 } });
    await td.admin.call('updateComponent', { params: { id: post.id }, body: { progress: 40 } });
    const told = async () => (await run(['activity', 'fence'])).stdout.split('\n').filter((line) => line !== '');
    await expect.poll(told).toHaveLength(3);
    const [newest = '', ...older] = await told();
    expect(newest).toMatch(
      new RegExp(`^[0-9a-f-]{36}  \\w{3} \\d+ \\w+ \\d\\d:\\d\\d  ${adminName} set “Post” to 40 %$`),
    );
    expect(older.map((line) => line.replace(/^.* \d\d:\d\d {2}/, ''))).toEqual([
      `${adminName} made “Post”`,
      `${adminName} made the project “Fence”`,
    ]);
    const id = newest.slice(0, 36);
    const back = await run(['undo', id]);
    expect(back).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Taken back. To do it again: npx taylordash undo [0-9a-f-]{36}\n$/),
    });
    expect(await run(['undo', id])).toMatchObject({ code: 0, stdout: 'Nothing was left to undo.\n' });
    expect(await run(['undo', back.stdout.trim().slice(-36)])).toMatchObject({ code: 0 });
    await td.admin.call('updateComponent', { params: { id: post.id }, body: { progress: 60 } });
    const asked = await run(['undo', id]);
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('“Post”: progress is 60 by now (admin, ') });
    expect(asked.stderr).toContain('--overwrite');
    const kept = await run(['undo', id, '--keep']);
    expect(kept).toMatchObject({ code: 0, stderr: expect.stringContaining('Left as others made it') });
    expect(await run(['undo', id, '--overwrite'])).toMatchObject({ code: 0 });
    expect((await td.admin.call('getComponent', { params: { id: post.id } })).data.progress).toBe(10);
    expect(await run(['undo', id, '--overwrite', '--keep'])).toMatchObject({ code: 2 });
    expect(await run(['undo', crypto.randomUUID()])).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('npx taylordash activity PROJECT') },
    });
  });

  it('names the dependency that closes a cycle and the flag that goes without it', async () => {
    const file = await fileWith('ring.json', ring);
    const { code, stderr } = await run(['project', 'import', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('  tank → pump\n');
    expect(stderr).toContain('--skip-cycles');
    expect(stderr).toMatch(/Trace: [0-9a-f-]{36}/);
    expect((await run(['project', 'list'])).stdout).not.toContain('Ring');
    const without = await run(['project', 'import', file, '--skip-cycles']);
    expect(without).toMatchObject({ code: 0, stdout: expect.stringContaining('2 dependencies') });
    expect(without.stderr).toContain('tank → pump');
  });

  it('names the place of a fault in a file', async () => {
    const bad = await fileWith('bad.json', { ...ring, components: [{ key: 0, name: '' }] });
    expect(await run(['project', 'import', bad])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('components[0].name'),
    });
    const twice = join(folder, 'twice.json');
    await writeFile(twice, '{"title":"a","title":"b","components":[],"dependencies":[]}');
    expect(await run(['project', 'import', twice])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('title has the key "title" twice'),
    });
    expect(await run(['project', 'import', join(folder, 'none.json')])).toMatchObject({ code: 1 });
  });

  it('does not let a name act on the terminal', async () => {
    await td.admin.call('createProject', { body: { name: 'a\u001b[31mb' } });
    const { stdout } = await run(['project', 'list']);
    expect(stdout).toContain('a\\u001b[31mb');
  });
});

describe('events', () => {
  beforeAll(signIn);

  it('lists, replays and follows the trace of events, and tells gaps', async () => {
    await signIn();
    const publish = (litres: number) =>
      run(['events', 'publish', 'tracker/events/yard/swept', 'yard_swept', `{"name":"Yard ${litres}"}`]);
    for (const litres of [1, 2, 3]) expect((await publish(litres)).code).toBe(0);
    const listed = async () => {
      const { stdout } = await run(['events', 'list', '--filter', 'kind:yard_* -"yard 2"', '--json']);
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    };
    let found = await listed();
    for (let tries = 0; found.length < 2 && tries < 50; tries++) found = await listed();
    expect(found.map(({ payload }) => payload.name)).toEqual(['Yard 3', 'Yard 1']);
    const [last, first] = found.map(({ id }) => id);
    const range = ['--after', String(Number(first) - 1), '--until', last];
    const replay = await run(['events', 'tail', '--filter', 'kind:yard_swept', ...range]);
    expect([replay.code, replay.stdout.match(/yard_swept/g)?.length]).toEqual([0, 3]);
    expect((await run(['events', 'tail', '--until', 'soon'])).code).toBe(2);
    const traced = await run(['trace', found[0].trace_id]);
    expect(traced.stdout).toMatch(
      /\+0\.000 s {2}event {8}\d+ {2}yard_swept {2}tracker\/events\/yard\/swept {2}Yard 3 {2}by admin/,
    );
    const wrong = await run(['events', 'list', '--filter', 'kinds:x']);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('There is no field “kinds”')]);
    const gaps = await run(['events', 'gaps']);
    expect([gaps.code, gaps.stderr]).toEqual([0, expect.stringContaining('No producer numbers its events')]);
  }, 30_000);

  it('tails what is published, filtered, and goes on after the last when the connection breaks', async () => {
    const wire = await breakableWire(td.app.port);
    const child = start(['events', 'tail', '--kind', 'plant_watered', '--json'], {
      TAYLORDASH_URL: wire.url,
      TAYLORDASH_TOKEN: td.admin_token,
    });
    let seen = '';
    let noted = '';
    child.stdout.on('data', (chunk) => {
      seen += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      noted += String(chunk);
    });
    await expect.poll(() => noted, { timeout: 10_000 }).toContain('Connected.');
    const publish = (kind: string, litres: number) =>
      run(['events', 'publish', 'tracker/events/garden/watered', kind, JSON.stringify({ litres })]);
    const litres = () =>
      seen
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).payload.litres);
    expect(await publish('plant_dried', 0)).toMatchObject({ code: 0 });
    expect(await publish('plant_watered', 1)).toMatchObject({ code: 0 });
    await expect.poll(litres, { timeout: 10_000 }).toEqual([1]);
    wire.cut();
    await expect.poll(() => noted, { timeout: 10_000 }).toContain('trying again');
    expect(await publish('plant_watered', 2)).toMatchObject({ code: 0 });
    wire.mend();
    await expect.poll(litres, { timeout: 15_000 }).toEqual([1, 2]);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    wire.close();
  });

  it('refuses a payload that is no object with 2', async () => {
    expect(await run(['events', 'publish', 'a/b', 'c', '[1]'])).toMatchObject({ code: 2 });
  });
});

describe('history', () => {
  it('verifies one project and all, and says where the tables were changed behind the events', async () => {
    await signIn();
    const { id } = (await td.admin.call('createProject', { body: { name: 'Checked' } })).data;
    expect(await run(['project', 'verify', 'Checked'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Checked: equal \(\d+ events\)\n$/),
    });
    const sql = await connectSql(td.database_url);
    await sql.rows("update public.projects set description = 'Secretly' where id = $1", [id]);
    const one = await run(['project', 'verify', id]);
    expect(one.code).toBe(1);
    expect(one.stdout).toContain(`project “Checked” (${id}): description is "Secretly", its events say null`);
    expect(await run(['project', 'verify', '--all'])).toMatchObject({ code: 1 });
    await sql.rows('update public.projects set description = null where id = $1', [id]);
    await sql.end();
    expect(await run(['project', 'verify'])).toMatchObject({ code: 2 });
  });

  it('says that nothing was archived, and that there is no such archive', async () => {
    await signIn();
    expect(await run(['events', 'archives'])).toMatchObject({ code: 0, stderr: 'No events were archived here.\n' });
    const missing = await run(['events', 'archives', 'restore', 'events_mirror_p000077']);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('archive.not_found') });
    expect(await run(['events', 'archives', 'verify'])).toMatchObject({ code: 0 });
  });
});

describe('health', () => {
  it('shows each part', async () => {
    await signIn();
    const { code, stdout } = await run(['health']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/database\s+(healthy|degraded)/);
  });
});

describe('commands of the server program', () => {
  const settings = () => ({ DATABASE_URL: td.database_url });

  it('migrates', async () => {
    expect(await runProgram(['db', 'migrate'], '', settings())).toMatchObject({
      code: 0,
      stdout: 'The database is up to date.\n',
    });
  });

  it('says where set-up is over', async () => {
    expect(await runProgram(['setup'], '', settings())).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('set up already'),
    });
  });
});

describe('daily work', () => {
  it('adds tasks in plain words, lists them and finds them', async () => {
    await signIn();
    const made = await run(['add', 'order glass #"Cold frame" @me 14 may 2031', '--create-project']);
    expect(made).toMatchObject({
      ...{ code: 0, stderr: '' },
      stdout: 'Made the project Cold frame.\nAdded to Cold frame › Unsorted, due Wed 14 May 2031.\n',
    });
    const several = await run(['add', '-', '--project', 'cold frame'], '- dig @me 2001-02-03\n\n- sow !1 @me\n');
    expect(several).toMatchObject({
      ...{ code: 0, stderr: '' },
      stdout: [
        'dig: added to Cold frame › Unsorted, due Sat 3 Feb 2001.',
        'sow: added to Cold frame › Unsorted.',
        '',
      ].join('\n'),
    });
    expect(await run(['add', 'buy', 'seeds'])).toMatchObject({ code: 0, stdout: 'Added to your inbox.\n' });
    const { stdout } = await run(['mine']);
    expect(stdout).toContain('Overdue\n  dig (Cold frame › Unsorted), due Sat 3 Feb 2001\n');
    expect(stdout).toContain('Later\n  order glass (Cold frame › Unsorted), due Wed 14 May 2031\n');
    expect(stdout).toContain('Without a date\n  sow !1 (Cold frame › Unsorted)\n');
    expect(stdout).toContain('Inbox\n  buy seeds\n');
    const found = await run(['find', 'order', 'glass']);
    expect(found.stdout).toMatch(/^[0-9a-f-]{36} {2}task {7}order glass {2}\(Cold frame › Unsorted, todo\)\n$/);
    expect(await run(['find', 'no such thing'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Nothing is called so.\n',
    });
  });

  it('refuses names that it does not know, with the line, what may be meant and what to do', async () => {
    const { code, stderr } = await run(['add', '-'], 'fine\nx #Coldfrme\n');
    expect(code).toBe(1);
    expect(stderr).toContain('task.quick_add_unknown');
    expect(stderr).toContain('Line 2 names the project “Coldfrme”');
    expect(stderr).toContain('Next: Mend the name');
    expect(await run(['add'])).toMatchObject({ code: 2 });
    expect(await run(['find', 'x', '--limit', '0'])).toMatchObject({ code: 1 });
  });
});
