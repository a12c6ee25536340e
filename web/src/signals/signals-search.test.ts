// The address of the Signals pages: what it says, what addresses of old become, and what is asked for.
import { expect, it, test } from 'vitest';
import { quiet, readEventSearch, soundFilter, timesOf, toEventQuery } from './signals-search.ts';

const id = '5f0c8e1a-7d3b-4c53-9a52-0f2d3c1b7e90';
const now = Date.parse('2026-11-27T10:00:30Z');

test.each([
  [{}, {}],
  [
    { filter: 'kind:x', time: 'hour', open: 7 },
    { filter: 'kind:x', time: 'hour', open: '7' },
  ],
  [{ filter: quiet, time: 'day', open: 'x' }, {}],
  [{ filter: '' }, { filter: '' }],
  [{ from: '2026-11-01T00:00:00Z', to: 'rubbish', time: 'week' }, { from: '2026-11-01T00:00:00.000Z' }],
  [{ trace: id.toUpperCase() }, { filter: `trace:${id}`, time: 'all' }],
  [
    { trace_id: id, time: 'hour' },
    { filter: `trace:${id}`, time: 'hour' },
  ],
  [{ kind: 'task_created,task_updated' }, { filter: `kind:task_created,task_updated ${quiet}`, time: 'all' }],
  [
    { topic: 'tracker/#', source: 'mqtt', kind: 'x' },
    { filter: 'topic:tracker/# kind:x source:mqtt', time: 'all' },
  ],
  [
    { topic: 'a/#/b', actor: 'sam', metrics: true },
    { filter: '', time: 'all' },
  ],
])('%o becomes %o', (search, read) => {
  expect(readEventSearch(search)).toEqual(read);
});

it('asks for whole minutes, and for what is no mistake', () => {
  expect(timesOf({}, now)).toEqual({ from: '2026-11-26T10:00:00.000Z' });
  expect(timesOf({ time: 'all' }, now)).toEqual({});
  expect(timesOf({ to: '2026-11-01T00:00:00.000Z' }, now)).toEqual({ to: '2026-11-01T00:00:00.000Z' });
  expect(soundFilter('kind:x nope:1 pump source:radio')).toBe('kind:x pump');
  expect(toEventQuery({ time: 'all' }, now)).toEqual({ filter: quiet });
  expect(toEventQuery({ time: 'all', filter: '' }, now)).toEqual({});
});
