// Whatever fails in a round of retention, and at whatever step: the partition is there, or a complete archive of it is.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EventsUnderTest,
  emitThroughOutbox,
  eventsUnderTest,
  eventually,
} from '../../../../test/harness/events.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { type ArchiveStore, archiveStore } from '../../events/archive.ts';
import { restorePartition, unpin } from '../../events/partitions.ts';
import { systemClock } from '../../kernel/clock.ts';
import { type Round, runRound } from './run.ts';

const first = 'events_mirror_p000000';
const events = 600;
let test: EventsUnderTest;
let sql: TestSql;
beforeAll(async () => {
  test = await eventsUnderTest();
  sql = await connectSql(test.url);
  await emitThroughOutbox(test, events);
  await eventually(async () => (await sql.rows('select 1 from taylordash.outbox')).length === 0);
  await sql.rows("select setval('public.events_mirror_id_seq', 1000000)");
  await sql.rows('select taylordash.ensure_partitions()');
  await sql.rows("update public.events_mirror set created_at = created_at - interval '40 days'");
  await emitThroughOutbox(test, 3);
  await eventually(
    async () => (await sql.rows('select 1 from taylordash.cursors where position < 1000001')).length === 0,
  );
});
afterAll(async () => {
  await sql.end();
  await test.stop();
});

const there = async () => (await sql.rows('select 1 from public.events_mirror where id < 1000000')).length;

interface Failing {
  archives: ArchiveStore;
  plugin?: KyselyPlugin;
  keepThrough?: () => Promise<void>;
  tell?: () => Promise<void>;
}

const nothing = async () => undefined;

function round({ archives, plugin, keepThrough = nothing, tell = nothing }: Failing): Promise<Round> {
  const db = plugin ? test.database.app.withPlugin(plugin) : test.database.app;
  const deps = { db, archives, keepThrough, tell, sealed: new Map(), clock: systemClock };
  return runRound(deps, { keep_days: 30, archive: true });
}

/** Nothing is lost; what went is brought back for the next try. */
async function nothingIsLost(archives: ArchiveStore): Promise<'kept' | 'archived'> {
  const left = await there();
  if (left > 0) {
    expect(left).toBe(events);
    return 'kept';
  }
  expect(await archives.fault(first)).toBeNull();
  expect((await archives.manifest(first))?.events).toBe(events);
  expect(await restorePartition(test.database.app, first, events, archives.read(first))).toBeNull();
  expect(await unpin(test.database.app, first)).toBe(true);
  expect(await there()).toBe(events);
  return 'archived';
}

describe('a round that fails at one step', () => {
  it('of the disk, loses nothing; the next one succeeds', async () => {
    // A step of one file, told from the others; how many writes a file takes depends on how fast it is read.
    const failedAt = new Set<string>();
    for (let failed = true; failed; ) {
      const folder = join(await mkdtemp(join(tmpdir(), 'td-archive-')), 'events');
      failed = false;
      let [opened, written] = [0, 0];
      const failing = archiveStore(folder, (step) => {
        if (step === 'open') [opened, written] = [opened + 1, 0];
        if (step === 'write') written++;
        const one = `${step} ${opened}${step === 'write' && written > 1 ? ' further' : ''}`;
        if (!failed && failedAt.has(one)) return;
        failed = true;
        failedAt.add(one);
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      });
      const { dropped, kept } = await round({ archives: failing });
      if (failed) {
        expect(dropped).toEqual([]);
        expect(kept[0]?.reason).toContain('no space left');
        expect(await nothingIsLost(archiveStore(folder))).toBe('kept');
        // What the failure left behind is in nobody's way.
        expect((await round({ archives: archiveStore(folder) })).dropped).toHaveLength(1);
      } else expect(dropped).toMatchObject([{ name: first, events }]);
      expect(await nothingIsLost(archiveStore(folder))).toBe('archived');
    }
    const ofEachFile = ['open', 'write', 'fsync', 'rename', 'fsync folder'];
    const steps = [1, 2].flatMap((file) => ofEachFile.map((step) => `${step} ${file}`));
    const firstOfEach = [...failedAt].filter((one) => !one.endsWith(' further'));
    expect(new Set(firstOfEach)).toEqual(new Set(['mkdir 0', 'forget 0', ...steps, 'read back 2']));
  });

  it('of the database, before or after the statement took effect, loses nothing', async () => {
    const outcomes = new Set<string>();
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at++) {
        const archives = archiveStore(await mkdtemp(join(tmpdir(), 'td-archive-')));
        let statements = 0;
        const fail = () => {
          if (++statements >= at) throw new Error('the connection was cut');
        };
        const plugin: KyselyPlugin = {
          transformQuery({ node }) {
            if (when === 'before') fail();
            return node;
          },
          async transformResult({ result }) {
            if (when === 'after') fail();
            return result;
          },
        };
        await round({ archives, plugin }).catch(() => null);
        outcomes.add(await nothingIsLost(archives));
        if (statements < at) break;
      }
    }
    expect(outcomes).toEqual(new Set(['kept', 'archived']));
  });

  it('of the snapshots, drops nothing', async () => {
    const archives = archiveStore(await mkdtemp(join(tmpdir(), 'td-archive-')));
    const keepThrough = () => Promise.reject(new Error('no snapshot'));
    expect((await round({ archives, keepThrough })).kept).toEqual([{ name: first, reason: 'no snapshot' }]);
    expect(await there()).toBe(events);
  });

  it('of what is told of it, drops nothing', async () => {
    const archives = archiveStore(await mkdtemp(join(tmpdir(), 'td-archive-')));
    const tell = () => Promise.reject(new Error('no event'));
    expect((await round({ archives, tell })).kept).toEqual([{ name: first, reason: 'no event' }]);
    expect(await there()).toBe(events);
  });

  it('of a folder that cannot be written, drops nothing and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'td-archive-'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'archive'), 'a file where the folder should be');
    const { dropped, kept } = await round({ archives: archiveStore(join(folder, 'archive', 'events')) });
    expect(dropped).toEqual([]);
    expect(kept[0]?.reason).toContain('ENOTDIR');
    expect(await there()).toBe(events);
  });
});

it('waits for nobody who reads for long: it gives up, holds nothing back, and the next round does it', async () => {
  const archives = archiveStore(await mkdtemp(join(tmpdir(), 'td-archive-')));
  const reader = await test.database.leaderConnection();
  await reader.query('begin');
  await reader.query('select count(*) from public.events_mirror');
  const dropping = round({ archives });
  await emitThroughOutbox(test, 50, 'tracker/events/projects/meanwhile');
  // Stored while the reader still holds its lock and the drop still tries.
  await eventually(async () => (await sql.rows('select 1 from taylordash.outbox')).length === 0);
  expect((await dropping).kept).toEqual([
    { name: first, reason: 'it is used by a long query; the next run tries again' },
  ]);
  await reader.query('rollback');
  await reader.end();
  await eventually(async () => {
    const [row] = await sql.rows(
      'select bool_or(position < (select max(id) from public.events_mirror)) as behind from taylordash.cursors',
    );
    return row?.behind === false;
  });
  expect((await round({ archives })).dropped).toHaveLength(1);
});
