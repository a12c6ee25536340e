// What was done in a tab is taken back and done again, gesture by gesture, and asks before it overwrites another's change.
import type { UndoConflict } from '@taylordash/core/changes';
import { ApiProblem, type CallInput, type Client } from '@taylordash/sdk/client';
import { expect, test } from 'vitest';
import { createHistory, type UndoAnswer, type UndoQuestion } from './history.ts';

const conflict: UndoConflict = {
  entity: 'component',
  entity_id: '1',
  name: 'Pump',
  field: 'progress',
  restores: 20,
  now: 60,
  changed_by: 'sam',
  changed_at: '2026-05-14T14:02:00Z',
};

const refusal = (code: 'change.conflict' | 'change.not_undoable' | 'server.unavailable', status: number) =>
  new ApiProblem(
    { type: 'about:blank', title: code, status, instance: '/', code, trace_id: 't', conflicts: [conflict] },
    null,
  );

/** The server's part: names each undoing after what it undoes. */
function setUp({ answer = null, kept }: { answer?: UndoAnswer; kept?: Map<string, string> } = {}) {
  const asked: UndoQuestion[] = [];
  const sent: string[] = [];
  const refused = new Map<string, ApiProblem>();
  let times = 0;
  // As much of the client as history uses.
  const api = {
    async call(_name: 'undoChange', { params, body }: CallInput<'undoChange'>) {
      sent.push(`${params.id} ${body.conflicts}`);
      const problem = refused.get(params.id);
      if (problem && !(problem.body.code === 'change.conflict' && body.conflicts !== 'ask')) throw problem;
      times += 1;
      return { data: { change_id: `${params.id}'`, kept: [] }, version: null, trace_id: null, change_id: null };
    },
  } as unknown as Pick<Client, 'call'>;
  const map = kept ?? new Map<string, string>();
  const storage = {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
  const history = createHistory({
    api,
    storage,
    async ask(question) {
      asked.push(question);
      return answer;
    },
  });
  return { history, asked, sent, refused, kept: map, times: () => times };
}

test('walks back and forth, and a new gesture ends what could be done again', async () => {
  const { history, sent } = setUp();
  history.record({ change_id: 'a', label: 'Rename Pump' });
  history.record({ change_id: 'b', label: 'Delete Frame' });
  expect(history.state()).toEqual({ undo: 'Delete Frame', redo: null });
  expect(await history.undo()).toMatchObject({ label: 'Delete Frame', change_id: "b'" });
  expect(history.state()).toEqual({ undo: 'Rename Pump', redo: 'Delete Frame' });
  await history.redo();
  expect(history.state()).toEqual({ undo: 'Delete Frame', redo: null });
  // What was done again is undone by the change that did it again.
  await history.undo();
  expect(sent).toEqual(['b ask', "b' ask", "b'' ask"]);
  history.record({ change_id: 'c', label: 'Add Valve' });
  expect(history.canRedo()).toBe(false);
});

test('two presses of a key undo two gestures, not one twice', async () => {
  const { history, sent } = setUp();
  history.record({ change_id: 'a', label: 'A' });
  history.record({ change_id: 'b', label: 'B' });
  await Promise.all([history.undo(), history.undo(), history.undo()]);
  expect(sent).toEqual(['b ask', 'a ask']);
});

test('asks where others changed the same, overwrites or keeps as told, and leaves all as it is otherwise', async () => {
  for (const [answer, second, left] of [
    ['overwrite', 'a overwrite', null],
    ['keep', 'a keep', null],
    [null, undefined, 'Set progress'],
  ] as const) {
    const { history, asked, sent, refused } = setUp({ answer });
    refused.set('a', refusal('change.conflict', 409));
    history.record({ change_id: 'a', label: 'Set progress' });
    await history.undo();
    expect(asked).toEqual([{ label: 'Set progress', conflicts: [conflict] }]);
    expect(sent[1]).toBe(second);
    expect(history.state().undo).toBe(left);
  }
});

test('what can never be undone leaves, what only failed now stays', async () => {
  const { history, refused } = setUp();
  refused.set('a', refusal('change.not_undoable', 409));
  refused.set('b', refusal('server.unavailable', 503));
  history.record({ change_id: 'a', label: 'A' });
  history.record({ change_id: 'b', label: 'B' });
  await expect(history.undo()).rejects.toThrow('server.unavailable');
  expect(history.state().undo).toBe('B');
  refused.delete('b');
  await history.undo();
  await expect(history.undo()).rejects.toThrow('change.not_undoable');
  expect(history.state().undo).toBeNull();
});

test('one gesture of several changes is undone as one, its last change first', async () => {
  const { history, sent } = setUp();
  history.begin({ key: 'k', label: 'Edit 700 tasks' });
  history.record({ key: 'k', change_id: 'a', label: 'Edit 700 tasks' });
  history.record({ key: 'k', change_id: 'b', label: 'Edit 700 tasks' });
  await history.undo();
  expect(sent).toEqual(['b ask', 'a ask']);
  await history.redo();
  expect(sent.slice(2)).toEqual(["a' ask", "b' ask"]);
});

test('survives a reload of the tab, but not another person', async () => {
  const first = setUp();
  first.history.belongTo('ada');
  first.history.record({ change_id: 'a', label: 'A' });
  first.history.begin({ key: 'k', label: 'On its way' });
  const again = setUp({ kept: first.kept }).history;
  again.belongTo('ada');
  // What the server never confirmed is the queue's to remember.
  expect(again.state().undo).toBe('A');
  again.belongTo('sam');
  expect(again.state().undo).toBeNull();
});

test('a gesture that waits is taken out of the queue, and done again from there', async () => {
  const { history, sent } = setUp();
  const queue = new Set(['k']);
  history.connect({
    drop(key) {
      if (!queue.delete(key)) return null;
      history.forget(key);
      return async () => history.begin({ key: 'k2', label: 'Rename Pump' });
    },
    settled: async () => true,
  });
  history.begin({ key: 'k', label: 'Rename Pump' });
  expect(await history.undo()).toMatchObject({ label: 'Rename Pump', change_id: null });
  expect(history.state()).toEqual({ undo: null, redo: 'Rename Pump' });
  await history.redo();
  expect(history.state()).toEqual({ undo: 'Rename Pump', redo: null });
  expect(sent).toEqual([]);
});

test('a gesture that is being sent is undone once the server has named it', async () => {
  const { history, sent } = setUp();
  let settle = (_: boolean) => {};
  history.connect({ drop: () => null, settled: () => new Promise((resolve) => (settle = resolve)) });
  history.begin({ key: 'k', label: 'A' });
  const undone = history.undo();
  await Promise.resolve();
  history.record({ key: 'k', change_id: 'a', label: 'A' });
  settle(true);
  expect(await undone).toMatchObject({ change_id: "a'" });
  expect(sent).toEqual(['a ask']);
});

test('undoes any change by its id, known here or not', async () => {
  const { history, sent } = setUp();
  history.record({ change_id: 'a', label: 'A', key: 'k' });
  history.record({ change_id: 'b', label: 'B' });
  await history.undoChange('k');
  expect(history.state()).toEqual({ undo: 'B', redo: 'A' });
  await history.undoChange('of another tab', 'Delete Frame');
  expect(sent).toEqual(['a ask', 'of another tab ask']);
  expect(history.state().redo).toBe('Delete Frame');
});
