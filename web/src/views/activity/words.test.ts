// Activity in words: every kind of work and every field has a sentence of its own, and many events are told as one.
import { component, project, task } from '@taylordash/core/entities';
import { eventKinds } from '@taylordash/core/events';
import { describe, expect, it, test } from 'vitest';
import type { ActivityEvent, Reader } from './values.ts';
import { fieldChanges, plainWords, sayEntry, sayEvent } from './words.ts';

const reader: Reader = {
  person: (id) =>
    new Map([
      ['p1', 'Sam'],
      ['p2', 'Ada'],
    ]).get(id) ?? null,
  component: (id) =>
    new Map([
      ['c1', 'Pump'],
      ['c2', 'Frame'],
    ]).get(id) ?? null,
  today: '2026-05-01',
  dayOf: (moment) => moment.slice(0, 10),
  clock: (moment) => moment.slice(11, 16),
};
let count = 0;
function event(kind: string, changed: ActivityEvent['changed'] = {}, more: Partial<ActivityEvent> = {}): ActivityEvent {
  count += 1;
  return {
    id: String(count),
    kind,
    entity_id: `e${count}`,
    name: 'Valve',
    other_name: null,
    component_id: null,
    changed,
    ...more,
  };
}
const from = (before: unknown, after: unknown) => ({ before, after });
const said = (one: ActivityEvent) => plainWords(sayEvent(one, reader));
/** What a change of these events says; of more than are here, with the counts of all. */
function whole(events: ActivityEvent[], more: Partial<Parameters<typeof sayEntry>[0]> = {}): string {
  const kinds = Map.groupBy(events, ({ kind }) => kind);
  const counts = Object.fromEntries([...kinds].map(([kind, list]) => [kind, list.length]));
  return plainWords(sayEntry({ events, events_total: events.length, counts, undoes: null, ...more }, reader));
}

test.each([
  ['component_status_changed', { status: from('pending', 'in_progress') }, 'set Valve to in progress'],
  [
    'component_status_changed',
    { status: from('pending', 'blocked'), blocked_reason: from(null, 'No seal') },
    'blocked Valve: No seal',
  ],
  ['component_status_changed', { status: from('in_progress', 'completed') }, 'finished Valve'],
  ['component_status_changed', { status: from('pending', 'blocked') }, 'set Valve to blocked'],
  ['component_progress_updated', { progress: from(40, 60) }, 'moved Valve from 40\u00a0% to 60\u00a0%'],
  ['component_updated', { name: from('Valve', 'Tap') }, 'renamed Valve to Tap'],
  [
    'component_updated',
    { due_on: from('2026-05-03', '2026-05-15') },
    'moved the due date of Valve from 3 May to 15 May',
  ],
  ['component_updated', { due_on: from(null, '2026-05-15') }, 'set the due date of Valve to 15 May'],
  ['component_updated', { start_on: from('2026-05-15', null) }, 'removed the start of Valve'],
  ['component_updated', { description: from(null, 'x') }, 'described Valve'],
  ['component_updated', { description: from('y', 'x') }, 'changed the description of Valve'],
  ['component_updated', { description: from('y', null) }, 'removed the description of Valve'],
  ['component_updated', { type: from('sensor', 'pump') }, 'changed the type of Valve from sensor to pump'],
  ['component_updated', { assignee_id: from(null, 'p1') }, 'gave Valve to Sam'],
  ['component_updated', { assignee_id: from('p1', 'p2') }, 'handed Valve from Sam to Ada'],
  ['component_updated', { assignee_id: from('p1', null) }, 'took Valve from Sam'],
  ['component_updated', { progress_mode: from('manual', 'tasks') }, 'let Valve count its progress from its tasks'],
  ['component_updated', { pinned: from(false, true) }, 'pinned the place of Valve'],
  ['component_updated', { duration_days: from(1, 3) }, 'changed the duration of Valve from 1 day to 3 days'],
  ['component_updated', { weight: from(1, 2) }, 'changed the weight of Valve from 1 to 2'],
  ['component_updated', { metadata: from({}, { a: 1 }) }, 'changed the metadata of Valve'],
  ['task_updated', { status: from('todo', 'in_progress') }, 'set Valve to in progress'],
  ['task_completed', { status: from('todo', 'done'), completed_at: from(null, 'x') }, 'finished Valve'],
  ['task_assigned', { assignee_id: from(null, 'p2') }, 'gave Valve to Ada'],
  ['task_updated', { labels: from(['a'], ['a', 'b', 'c']) }, 'labelled Valve b and c'],
  ['task_updated', { labels: from(['a', 'b'], ['a']) }, 'took the label b off Valve'],
  ['task_updated', { component_id: from('c1', 'c2') }, 'moved Valve to Frame'],
  ['task_updated', { component_id: from('c1', null) }, 'moved Valve to the inbox'],
  ['task_updated', { priority: from(0, 1) }, 'set the priority of Valve to urgent'],
  ['task_updated', { priority: from(1, 0) }, 'removed the priority of Valve'],
  ['task_updated', { estimate_minutes: from(30, 90) }, 'changed the estimate of Valve from 30m to 1h30'],
  ['task_updated', { repeats: from(null, { every: 2, unit: 'week' }) }, 'set the repetition of Valve to every 2 weeks'],
  ['task_updated', { rank: from('a', 'b') }, 'sorted Valve by hand'],
  [
    'task_updated',
    { due_date: from(null, '2026-05-15T00:00:00.000000Z'), due_is_date: from(false, true) },
    'set the due date of Valve to 15 May',
  ],
  [
    'task_updated',
    { due_date: from(null, '2026-05-15T18:30:00.000000Z') },
    'set the due date of Valve to 15 May, 18:30',
  ],
  [
    'task_updated',
    { checklist: from([{ id: '1', text: 'Cut', done: false }], [{ id: '1', text: 'Cut', done: true }]) },
    'ticked “Cut” in Valve',
  ],
  ['task_updated', { checklist: from([], [{ id: '1', text: 'Cut', done: false }]) }, 'added 1 step to Valve'],
  ['project_status_changed', { status: from('active', 'on_hold') }, 'set the project to on hold'],
  ['project_updated', { name: from('A', 'B') }, 'renamed the project to B'],
  ['project_updated', { due_on: from(null, '2026-05-15') }, 'changed due date of the project'],
] as const)('%s %o', (kind, changed, words) => {
  expect(said(event(kind, changed))).toBe(words);
});

describe('every kind of work', () => {
  const work = Object.keys(eventKinds).filter((kind) => /^(project|component|task)/.test(kind));
  it('has a sentence', () => {
    for (const kind of work) {
      const words = said(event(kind, {}, { other_name: 'Wiring' }));
      expect(words, kind).not.toMatch(/undefined|null|_/);
      expect(words.length, kind).toBeGreaterThan(5);
    }
    expect(said(event('component_dependency_added', {}, { other_name: 'Wiring' }))).toBe('let Valve wait for Wiring');
  });
  it('has words for many of it', () => {
    for (const kind of work) {
      const words = whole([event(kind), event(kind)]);
      expect(words, kind).not.toContain('_');
    }
  });
});

it('has a sentence for every field of components and tasks', () => {
  const fixed = new Set([
    'id',
    'project_id',
    'created_at',
    'updated_at',
    'version',
    'created_by',
    'completed_at',
    'due_is_date',
  ]);
  for (const [kind, entity] of [
    ['component_updated', component],
    ['task_updated', task],
  ] as const) {
    for (const field of Object.keys(entity.properties).filter((one) => !fixed.has(one))) {
      const words = said(event(kind, { [field]: from(null, field === 'checklist' || field === 'labels' ? [] : null) }));
      expect(words, field).not.toMatch(/_|undefined/);
    }
  }
  expect(Object.keys(project.properties)).toContain('working_days');
  expect(said(event('project_updated', { working_days: from([1], [2]) }))).toBe('changed working days of the project');
});

describe('a change of many events', () => {
  const many = (kind: string, times: number) => Array.from({ length: times }, () => event(kind));
  it('counts each kind', () => {
    const events = [...many('component_created', 3), ...many('component_dependency_added', 2), event('task_created')];
    expect(whole(events)).toBe('added 3 components, linked 2 pairs of components and added the task Valve');
  });
  it('tells once what two events say of one thing', () => {
    const events = [
      event('task_completed', { status: from('todo', 'done') }, { entity_id: 'x' }),
      event('component_progress_updated', { progress: from(0, 50) }, { entity_id: 'y' }),
    ];
    expect(whole(events)).toBe('finished Valve and moved Valve from 0\u00a0% to 50\u00a0%');
  });
  it('says what was blocked together with why', () => {
    const events = [
      event('component_updated', { blocked_reason: from(null, 'No seal') }, { entity_id: 'x' }),
      event('component_status_changed', { status: from('pending', 'blocked') }, { entity_id: 'x' }),
    ];
    expect(whole(events)).toBe('blocked Valve: No seal');
    const [reason, block] = events;
    const other = { ...event('component_updated', reason?.changed), name: 'Tap' };
    expect(whole(block ? [other, block] : [])).toBe(
      'set the reason for the block of Tap to No seal and set Valve to blocked',
    );
  });
  it('says of what repeats that it was finished for this time', () => {
    const events = [
      event('task_updated', { repeats: from({ every: 2, unit: 'day' }, null) }, { entity_id: 'x' }),
      event('task_completed', { status: from('todo', 'done') }, { entity_id: 'x' }),
      event('task_created', {}, { entity_id: 'y' }),
      event('component_progress_updated', { progress: from(0, 50) }, { name: 'Tap' }),
    ];
    expect(whole(events)).toBe('finished Valve for this time and moved Tap from 0\u00a0% to 50\u00a0%');
    expect(whole(events.slice(0, 1))).toBe('removed the repetition of Valve');
  });
  it('counts what is not among the events that are here', () => {
    const events = many('component_created', 20);
    const counts = { component_created: 45, component_dependency_added: 60 };
    expect(whole(events, { events_total: 105, counts })).toBe('added 45 components and linked 60 pairs of components');
  });
  it('calls a project that came with all that is in it imported, and one that came back not', () => {
    const events = [event('project_created'), ...many('component_created', 19)];
    const counts = { project_created: 1, component_created: 48, component_dependency_added: 60, task_created: 1 };
    const of = { events_total: 110, counts };
    expect(whole(events, of)).toBe('imported 48 components, 60 dependencies and 1 task');
    expect(whole(events, { ...of, undoes: 'c1' })).toBe(
      'made this project, added 48 components, linked 60 pairs of components and added 1 task',
    );
    expect(whole([event('project_created'), event('component_created')])).toBe('imported 1 component');
  });
});

it('shows before and after of every field', () => {
  const one = event('component_status_changed', {
    status: from('pending', 'blocked'),
    blocked_reason: from(null, 'No seal'),
  });
  expect(fieldChanges(one, reader)).toEqual([
    { field: 'status', before: 'Not started', after: 'Blocked' },
    { field: 'blocked_reason', before: 'nothing', after: 'No seal' },
  ]);
  expect(fieldChanges(event('component_created', { name: from(null, 'x') }), reader)).toEqual([]);
});
