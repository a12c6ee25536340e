// Changes show at once, are sent one after the other, and never overwrite what somebody else changed without asking.
import { ApiProblem } from '@taylordash/sdk/client';
import { expect, test } from 'vitest';
import { type Conflict, createOptimistic } from './optimistic.ts';

interface Thing {
  id: string;
  version: number;
  name: string;
  progress: number;
}

const problem = (code: 'request.precondition_failed' | 'server.error', status: number) =>
  new ApiProblem({ type: 'about:blank', title: code, status, instance: '/', code, trace_id: 't' }, null);

/** A server with one thing, and what is shown of it. */
function setUp(answer: ReadonlySet<string> = new Set()) {
  let stored: Thing = { id: '1', version: 1, name: 'Pump', progress: 0 };
  const shown: Thing[] = [];
  const asked: Conflict[][] = [];
  let failing = false;
  const things = createOptimistic<Thing, Partial<Pick<Thing, 'name' | 'progress'>>>({
    show: (list) => shown.push(...list),
    async send(thing, patch) {
      await Promise.resolve();
      if (failing) throw problem('server.error', 500);
      if (thing.version !== stored.version) throw problem('request.precondition_failed', 412);
      stored = { ...stored, ...patch, version: stored.version + 1 };
      return stored;
    },
    load: async () => stored,
    async ask(_, conflicts) {
      asked.push(conflicts);
      return answer;
    },
  });
  return {
    things,
    asked,
    last: () => shown.at(-1),
    stored: () => stored,
    elsewhere(patch: Partial<Thing>) {
      stored = { ...stored, ...patch, version: stored.version + 1 };
    },
    fail() {
      failing = true;
    },
  };
}

test('a change shows before the server answers', async () => {
  const { things, last, stored } = setUp();
  const sent = things.change(stored(), { progress: 40 });
  expect(last()).toMatchObject({ progress: 40, version: 1 });
  await sent;
  expect(last()).toMatchObject({ progress: 40, version: 2 });
});

test('two changes in a row both arrive, the second on the version that the first one made', async () => {
  const { things, last, stored, asked } = setUp();
  const before = stored();
  await Promise.all([
    things.change(before, { progress: 40 }),
    things.change({ ...before, progress: 40 }, { name: 'Big pump' }),
  ]);
  expect(stored()).toMatchObject({ progress: 40, name: 'Big pump', version: 3 });
  expect(last()).toMatchObject({ progress: 40, name: 'Big pump' });
  expect(asked).toEqual([]);
});

test('what the server tells meanwhile lies under what is being changed', async () => {
  const { things, last, stored } = setUp();
  const sent = things.change(stored(), { progress: 40 });
  things.receive({ id: '1', version: 1, name: 'Renamed', progress: 10 });
  expect(last()).toMatchObject({ name: 'Renamed', progress: 40 });
  await sent;
});

test('another’s change of another field is no conflict', async () => {
  const { things, stored, asked, elsewhere } = setUp();
  const before = stored();
  elsewhere({ name: 'Renamed' });
  await things.change(before, { progress: 40 });
  expect(stored()).toMatchObject({ name: 'Renamed', progress: 40 });
  expect(asked).toEqual([]);
});

test('another’s change of the same field is asked about, and theirs stands unless mine is chosen', async () => {
  const theirs = setUp();
  const before = theirs.stored();
  theirs.elsewhere({ progress: 60 });
  await theirs.things.change(before, { progress: 40 });
  expect(theirs.asked).toEqual([[{ field: 'progress', mine: 40, theirs: 60 }]]);
  expect(theirs.stored().progress).toBe(60);
  expect(theirs.last()?.progress).toBe(60);

  const mine = setUp(new Set(['progress']));
  mine.elsewhere({ progress: 60 });
  await mine.things.change(before, { progress: 40 });
  expect(mine.stored().progress).toBe(40);
});

test('a refused change is put back and rejects with the reason', async () => {
  const { things, last, stored, fail } = setUp();
  fail();
  await expect(things.change(stored(), { progress: 40 })).rejects.toThrow('server.error');
  expect(last()).toMatchObject({ progress: 0 });
});
