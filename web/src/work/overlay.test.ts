// What is changed here lies over what the server said, field by field, and what somebody else changed meanwhile is noticed.
import { expect, test } from 'vitest';
import { baseOf, conflictsOf, createOverlay } from './overlay.ts';

interface Thing {
  id: string;
  version: number;
  name: string;
  progress: number;
}

const pump: Thing = { id: '1', version: 1, name: 'Pump', progress: 0 };

/** A cache with one thing. */
function setUp() {
  const shown = new Map<string, Thing>([[pump.id, pump]]);
  const gone = new Set<string>();
  const things = createOverlay<Thing, Partial<Pick<Thing, 'name' | 'progress'>>>({
    find: (id) => shown.get(id),
    isGone: (id) => gone.has(id),
    show: (list) => {
      for (const thing of list) shown.set(thing.id, thing);
    },
  });
  return { things, gone, shown: () => shown.get(pump.id) };
}

test('a patch shows at once, and what the server says meanwhile lies under it', () => {
  const { things, shown } = setUp();
  const lift = things.lay([{ entity: pump, patch: { progress: 40 } }]);
  expect(shown()).toEqual({ ...pump, progress: 40 });
  things.receive({ ...pump, version: 2, name: 'Renamed', progress: 10 });
  expect(shown()).toEqual({ id: '1', version: 2, name: 'Renamed', progress: 40 });
  expect(things.latest('1')?.progress).toBe(10);
  lift();
  expect(shown()).toEqual({ id: '1', version: 2, name: 'Renamed', progress: 10 });
});

test('of two patches each is lifted by itself', () => {
  const { things, shown } = setUp();
  const first = things.lay([{ entity: pump, patch: { progress: 40 } }]);
  const second = things.lay([{ entity: pump, patch: { progress: 60, name: 'Big pump' } }]);
  first();
  expect(shown()).toMatchObject({ progress: 60, name: 'Big pump' });
  second();
  expect(shown()).toEqual(pump);
});

test('what is older than what is known is passed over', () => {
  const { things, shown } = setUp();
  things.receive({ ...pump, version: 3, name: 'Third' });
  things.receive({ ...pump, version: 2, name: 'Second' });
  expect(shown()?.name).toBe('Third');
});

test('an answer does not bring back what was deleted meanwhile', () => {
  const { things, gone, shown } = setUp();
  gone.add('1');
  things.receive({ ...pump, version: 2, name: 'Late' });
  expect(shown()?.name).toBe('Pump');
});

test('what is read anew lies under what is being changed', () => {
  const { things, shown } = setUp();
  things.lay([{ entity: pump, patch: { progress: 40 } }]);
  things.reread({ ...pump, version: 5, name: 'Read', progress: 5 });
  expect(shown()).toEqual({ id: '1', version: 5, name: 'Read', progress: 40 });
});

test('another’s change of another field is no conflict, of the same field it is, and of the same value it is none', () => {
  const base = baseOf(pump, { progress: 40 });
  expect(conflictsOf(base, { ...pump, version: 2, name: 'Renamed' }, { progress: 40 })).toEqual([]);
  expect(conflictsOf(base, { ...pump, version: 2, progress: 60 }, { progress: 40 })).toEqual([
    { field: 'progress', mine: 40, theirs: 60 },
  ]);
  expect(conflictsOf(base, { ...pump, version: 2, progress: 40 }, { progress: 40 })).toEqual([]);
  // The same version is the same state, whatever was laid over it here.
  expect(conflictsOf(base, { ...pump, progress: 60 }, { progress: 40 })).toEqual([]);
});

test('the same instant, written as the server writes it, is no conflict', () => {
  const due = { id: '1', version: 1, due_date: '2026-05-14T10:00:00Z' };
  const base = baseOf(due, { due_date: '2026-05-15T10:00:00Z' });
  const theirs = { ...due, version: 2, due_date: '2026-05-14T10:00:00.000000Z' };
  expect(conflictsOf(base, theirs, { due_date: '2026-05-15T10:00:00Z' })).toEqual([]);
});
