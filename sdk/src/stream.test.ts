// The live stream goes on after the last event, whatever ended the connection.
import { expect, test, vi } from 'vitest';
import { type EventSourceLike, openStream } from './stream.ts';

/** The browser's part, by hand. */
function browser() {
  const opened: {
    url: string;
    emit: (type: string, event?: { data?: string; lastEventId?: string }) => void;
    state: { readyState: number };
  }[] = [];
  const open = (url: string): EventSourceLike => {
    const listeners = new Map<string, (event: { data?: unknown; lastEventId?: string }) => void>();
    const state = { readyState: 1 };
    opened.push({ url, state, emit: (type, event = {}) => listeners.get(type)?.(event) });
    return {
      get readyState() {
        return state.readyState;
      },
      addEventListener: (type, listener) => void listeners.set(type, listener),
      close() {
        state.readyState = 2;
      },
    };
  };
  return { opened, open };
}

function stream() {
  const { opened, open } = browser();
  const said: string[] = [];
  const handle = openStream({
    url: (after) => `/stream?after=${after}`,
    open,
    on_event: ({ id }) => said.push(`event ${id}`),
    on_gap: () => said.push('gap'),
    on_state: (state) => said.push(state),
    after: '7',
  });
  return { opened, said, handle };
}

test('opens anew after an error answer, after the last event, and more slowly each time', () => {
  vi.useFakeTimers();
  try {
    const { opened, said, handle } = stream();
    expect(opened.map(({ url }) => url)).toEqual(['/stream?after=7']);
    opened[0]?.emit('open');
    opened[0]?.emit('event', { data: JSON.stringify({ id: '9' }), lastEventId: '9' });
    if (opened[0]) opened[0].state.readyState = 2;
    opened[0]?.emit('error');
    vi.advanceTimersByTime(700);
    expect(opened).toHaveLength(1);
    vi.advanceTimersByTime(600);
    expect(opened.map(({ url }) => url)).toEqual(['/stream?after=7', '/stream?after=9']);
    expect(said).toEqual(['connected', 'event 9', 'lost']);
    if (opened[1]) opened[1].state.readyState = 2;
    opened[1]?.emit('error');
    vi.advanceTimersByTime(1400);
    expect(opened).toHaveLength(2);
    handle.close();
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});

test('leaves a lost connection to the browser, which comes back by itself', () => {
  const { opened, said } = stream();
  if (opened[0]) opened[0].state.readyState = 0;
  opened[0]?.emit('error');
  opened[0]?.emit('open');
  expect(said).toEqual(['lost', 'connected']);
  expect(opened).toHaveLength(1);
});

test('says that everything must be read again where the server cannot go on', () => {
  const { opened, said, handle } = stream();
  opened[0]?.emit('gap', { lastEventId: '42' });
  expect(said).toEqual(['gap']);
  expect(handle.last()).toBe('42');
});
