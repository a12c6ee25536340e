// Changes are sent in order, kept while the server is away, sent once, refused with their reason, and taken out with what needs them.
import { ApiProblem, Unreachable } from '@taylordash/sdk/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueue, type Ending, type Queue, type QueueItem, type QueueStore } from './queue.ts';
import { createQueueStore } from './queue-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Intent {
  touches: string[];
  makes?: string[];
}
type Item = QueueItem<Intent>;

const item = (key: string, touches: string[] = [key], makes: string[] = []): Item => ({
  key,
  label: key,
  made_at: '2026-05-14T10:00:00Z',
  intent: { touches, makes },
  attempts: 0,
});
const problem = (
  code: 'component.not_found' | 'server.unavailable' | 'auth.required',
  status: number,
  after?: number,
) => new ApiProblem({ type: 'about:blank', title: code, status, instance: '/', code, trace_id: 't' }, after ?? null);

/** A server that answers when told to. */
function setUp(store?: QueueStore<Intent>) {
  const sending: { key: string; ok: () => void; fail: (error: unknown) => void }[] = [];
  const log: string[] = [];
  const queue: Queue<Intent> = createQueue<Intent>({
    send: ({ key }) =>
      new Promise((resolve, reject) => {
        log.push(`send ${key}`);
        sending.push({ key, ok: resolve, fail: reject });
      }),
    show({ key }) {
      log.push(`show ${key}`);
      return {
        done: () => void log.push(`done ${key}`),
        putBack: () => void log.push(`back ${key}`),
        again: () => void log.push(`again ${key}`),
      };
    },
    touches: ({ touches }) => touches,
    makes: ({ makes = [] }) => makes,
    reason: (error) => ({ what: String(error), why: '', trace_id: null }),
  });
  if (store) queue.start(store);
  const settle = async (key: string, error?: unknown) => {
    const place = sending.findIndex((one) => one.key === key);
    const [one] = place < 0 ? [] : sending.splice(place, 1);
    if (error === undefined) one?.ok();
    else one?.fail(error);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, log, settle, sending: () => sending.map(({ key }) => key) };
}

const endings = (list: Promise<Ending>[]) =>
  Promise.all(list.map((one) => one.catch((error: unknown) => String(error))));

test('sends what concerns the same thing one after the other, and the rest at once', async () => {
  const { queue, settle, sending } = setUp();
  const all = [queue.add(item('a', ['1'])), queue.add(item('b', ['1', '2'])), queue.add(item('c', ['3']))];
  expect(sending()).toEqual(['a', 'c']);
  // What waits for b waits for a as well.
  all.push(queue.add(item('d', ['2'])));
  expect(sending()).toEqual(['a', 'c']);
  await settle('a');
  expect(sending()).toEqual(['c', 'b']);
  await settle('b');
  await settle('c');
  await settle('d');
  expect(await endings(all)).toEqual(['saved', 'saved', 'saved', 'saved']);
  expect(queue.busy()).toBe(false);
});

test('keeps everything while the server is away, and sends it in order when it is back', async () => {
  const { queue, log, settle, sending } = setUp();
  const first = queue.add(item('a', ['1']));
  await settle('a', new Unreachable('gone'));
  expect(await first).toBe('waiting');
  const second = queue.add(item('b', ['1']));
  expect(await second).toBe('waiting');
  expect(queue.state()).toMatchObject({ away: true, waiting: [{ key: 'a' }, { key: 'b' }] });
  expect(sending()).toEqual([]);
  queue.poke();
  await settle('a');
  await settle('b');
  expect(queue.state()).toMatchObject({ away: false, waiting: [] });
  expect(log).toEqual(['show a', 'send a', 'show b', 'send a', 'done a', 'send b', 'done b']);
});

test('tries again by itself, more slowly each time, and not before the server wants to be asked', async () => {
  const { queue, log, settle } = setUp();
  queue.add(item('a'));
  const tries = () => log.filter((line) => line === 'send a').length;
  await settle('a', new Unreachable('gone'));
  await vi.advanceTimersByTimeAsync(1300);
  expect(tries()).toBe(2);
  await settle('a', problem('server.unavailable', 503, 30));
  await vi.advanceTimersByTimeAsync(29_000);
  expect(tries()).toBe(2);
  await vi.advanceTimersByTimeAsync(2000);
  expect(tries()).toBe(3);
});

test('tells whoever asked of a refusal, and puts it back', async () => {
  const { queue, log, settle } = setUp();
  const told = queue.add(item('a')).catch((error: unknown) => String(error));
  await settle('a', problem('component.not_found', 404));
  expect(await told).toContain('component.not_found');
  expect(queue.state().refused).toEqual([]);
  expect(log.at(-1)).toBe('back a');
});

test('a refusal after waiting is listed, with everything that cannot stand without it', async () => {
  const { queue, log, settle } = setUp();
  queue.add(item('make', ['1'], ['1']));
  await settle('make', new Unreachable('gone'));
  queue.add(item('task', ['2', '1'], ['2']));
  queue.add(item('tick', ['2']));
  queue.add(item('other', ['3']));
  queue.poke();
  await settle('make', problem('component.not_found', 404));
  expect(queue.state().refused.map((one) => one.item.key)).toEqual(['make', 'task', 'tick']);
  // Taken off in the opposite order.
  expect(log.filter((line) => line.startsWith('back'))).toEqual(['back tick', 'back task', 'back make']);
  await settle('other');
  queue.discard('make');
  expect(queue.state().refused).toHaveLength(2);
});

test('takes out what waits, but not what is being sent', async () => {
  const { queue, log, settle } = setUp();
  queue.add(item('a', ['1'], ['1']));
  const b = queue.add(item('b', ['1']));
  expect(queue.drop('a')).toBe(false);
  expect(queue.drop('b')).toBe(true);
  expect(await b).toBe('dropped');
  await settle('a');
  expect(log).toEqual(['show a', 'send a', 'show b', 'back b', 'done a']);
});

/** Two pages of one browser: a store of text, and locks that are given when their holder goes. */
function browser(withLocks: boolean) {
  const texts = new Map<string, string>();
  const storage = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, value: string) => void texts.set(key, value),
    removeItem: (key: string) => void texts.delete(key),
    key: (place: number) => [...texts.keys()][place] ?? null,
    get length() {
      return texts.size;
    },
  };
  const queues = new Map<string, Promise<unknown>>();
  // As much of LockManager as the store uses.
  const locks = {
    request(name: string, _options: LockOptions, work: () => unknown) {
      const turn = (queues.get(name) ?? Promise.resolve()).then(work);
      queues.set(name, turn);
      return turn;
    },
  } as unknown as LockManager;
  let now = 0;
  return {
    texts,
    later: (ms: number) => {
      now += ms;
    },
    page: (user_id = 'ada') =>
      createQueueStore<Intent>({
        ...{ user_id, storage },
        locks: withLocks ? locks : null,
        now: () => now,
        watch: () => () => {},
      }),
  };
}

for (const withLocks of [true, false]) {
  test(`what waits survives a reload and is sent once, ${withLocks ? 'with' : 'without'} locks`, async () => {
    const { texts, page } = browser(withLocks);
    const first = setUp(page());
    first.queue.add(item('a'));
    await first.settle('a', new Unreachable('gone'));
    first.queue.add(item('b'));
    // Another tab leaves alone what a living one keeps.
    const other = setUp(page());
    await vi.advanceTimersByTimeAsync(0);
    expect(other.log).toEqual([]);
    first.queue.keep();
    first.queue.stop();
    const again = setUp(page());
    await vi.advanceTimersByTimeAsync(21_000);
    const shown = [...again.log, ...other.log].filter((line) => line.startsWith('show'));
    expect(shown).toEqual(['show a', 'show b']);
    for (const tab of [again, other]) for (const key of tab.sending()) await tab.settle(key);
    expect([...texts.keys()].filter((key) => texts.get(key)?.includes('"items":[{'))).toEqual([]);
  });
}

test('without locks, what a tab left that died is taken over after a minute of silence', async () => {
  const { texts, page, later } = browser(false);
  texts.set('td.queue.ada.dead', JSON.stringify({ items: [item('a')], refused: [], at: 0, closed: false }));
  const tab = setUp(page());
  expect(tab.log).toEqual([]);
  later(61_000);
  await vi.advanceTimersByTimeAsync(21_000);
  expect(tab.sending()).toEqual(['a']);
});

test('what one person left is not sent by another', async () => {
  const { page } = browser(true);
  const first = setUp(page('ada'));
  first.queue.add(item('a'));
  await first.settle('a', problem('auth.required', 401));
  first.queue.stop();
  const sam = setUp(page('sam'));
  await vi.advanceTimersByTimeAsync(0);
  expect(sam.log).toEqual([]);
  const ada = setUp(page('ada'));
  await vi.advanceTimersByTimeAsync(0);
  expect(ada.sending()).toEqual(['a']);
});
