// The greenhouse example: a small project as somebody would really have it, with six weeks behind it.
import { createHash } from 'node:crypto';
import type { ChangedFields, EventKind } from '@taylordash/core/events';
import { projectFileFormat } from '@taylordash/core/project-file';
import { appendedRank } from '@taylordash/core/rank';

const dayMs = 86_400_000;

/** One part: `began` and `ended` in days before today; `tasks` as `[name, days before today when done, or null]`. */
interface Part {
  key: string;
  name: string;
  type: string;
  description?: string;
  needs: readonly string[];
  at: readonly [column: number, row: number];
  began: number | null;
  ended: number | null;
  progress?: number;
  blocked?: string;
  due?: number;
  slipped?: number;
  tasks: readonly (readonly [name: string, done: number | null])[];
}

const parts: readonly Part[] = [
  {
    key: 'site',
    name: 'Choose the site',
    type: 'milestone',
    needs: [],
    at: [0, 1],
    began: 42,
    ended: 39,
    tasks: [
      ['Track the sun for a week', 40],
      ['Check the frost pocket by the hedge', 39],
    ],
  },
  {
    key: 'plan',
    name: 'Plan and material list',
    type: 'document',
    needs: ['site'],
    at: [1, 1],
    began: 39,
    ended: 34,
    tasks: [
      ['Draw to scale', 37],
      ['Price polycarbonate against glass', 35],
      ['Order the aluminium profiles', 34],
    ],
  },
  {
    key: 'base',
    name: 'Foundation',
    type: 'structure',
    needs: ['plan'],
    at: [2, 0],
    began: 34,
    ended: 26,
    due: -28,
    slipped: -26,
    tasks: [
      ['Dig out and level', 31],
      ['Lay the gravel bed', 29],
      ['Pour the strip footing', 26],
    ],
  },
  {
    key: 'frame',
    name: 'Frame',
    type: 'structure',
    needs: ['base'],
    at: [3, 0],
    began: 25,
    ended: 15,
    tasks: [
      ['Assemble the gables', 21],
      ['Raise and square it', 17],
      ['Anchor to the footing', 15],
    ],
  },
  {
    key: 'glazing',
    name: 'Glazing',
    type: 'structure',
    needs: ['frame'],
    at: [4, 0],
    began: 14,
    ended: null,
    progress: 65,
    due: 3,
    slipped: 10,
    tasks: [
      ['Cut the panels', 10],
      ['Fit the roof panels', 5],
      ['Seal the ridge', null],
    ],
  },
  {
    key: 'trench',
    name: 'Trench and conduit',
    type: 'wiring',
    needs: ['base'],
    at: [3, 1],
    began: 24,
    ended: 18,
    tasks: [
      ['Dig the trench to the house', 20],
      ['Pull the conduit', 18],
    ],
  },
  {
    key: 'power',
    name: 'Power and wiring',
    type: 'wiring',
    needs: ['trench', 'frame'],
    at: [4, 1],
    began: 12,
    ended: null,
    progress: 30,
    blocked: 'The electrician has no date before the inspection is booked',
    tasks: [
      ['Mount the distribution box', 9],
      ['Run cable to the bench', null],
      ['Book the inspection', null],
    ],
  },
  {
    key: 'water',
    name: 'Rainwater tank',
    type: 'water',
    needs: ['base'],
    at: [3, 2],
    began: 22,
    ended: 13,
    tasks: [
      ['Set the tank on blocks', 16],
      ['Connect the gutter', 13],
    ],
  },
  {
    key: 'pump',
    name: 'Pump',
    type: 'water',
    needs: ['power', 'water'],
    at: [5, 1],
    began: null,
    ended: null,
    tasks: [
      ['Fit the foot valve', null],
      ['Wire the float switch', null],
      ['Measure the flow', null],
    ],
  },
  {
    key: 'drip',
    name: 'Drip irrigation',
    type: 'water',
    needs: ['pump'],
    at: [6, 1],
    began: null,
    ended: null,
    tasks: [
      ['Lay the main line', null],
      ['Punch the emitters', null],
    ],
  },
  {
    key: 'sensors',
    name: 'Climate sensors',
    type: 'sensor',
    description: 'Two ESP32 boards: air by the door, soil in the long bed.',
    needs: ['frame'],
    at: [4, 2],
    began: 11,
    ended: null,
    progress: 70,
    tasks: [
      ['Flash the boards', 8],
      ['Calibrate the soil probe', 4],
      ['Mount out of the sun', null],
    ],
  },
  {
    key: 'vents',
    name: 'Automatic vents',
    type: 'automation',
    needs: ['glazing', 'sensors', 'power'],
    at: [5, 0],
    began: null,
    ended: null,
    tasks: [
      ['Fit the actuators', null],
      ['Set the opening curve', null],
    ],
  },
  {
    key: 'beds',
    name: 'Raised beds',
    type: 'garden',
    needs: ['base'],
    at: [3, 3],
    began: 10,
    ended: null,
    progress: 50,
    due: 5,
    tasks: [
      ['Build the long bed', 6],
      ['Fill with compost', 2],
      ['Build the corner bed', null],
    ],
  },
  {
    key: 'planting',
    name: 'First planting',
    type: 'garden',
    needs: ['drip', 'vents', 'beds'],
    at: [7, 1],
    began: null,
    ended: null,
    due: 28,
    tasks: [
      ['Sow tomatoes indoors', null],
      ['Plant out', null],
      ['Label everything', null],
    ],
  },
];

export interface HistoricChange {
  kind: EventKind;
  entity_id: string;
  entity: Readonly<Record<string, unknown>>;
  changed: ChangedFields;
  /** Milliseconds since 1970. */
  at: number;
}

/** The example as of `now`, owned by the named user: a file to import, and the history that led to it. */
export function greenhouse(now: number, owner: string) {
  const seed = now.toString(36);
  /** Stable within one example, another for the next. */
  const idOf = (key: string): string => {
    const hex = createHash('sha256').update(`greenhouse ${seed} ${key}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  const daysAgo = (days: number, hour = 17): number => {
    const at = new Date(now - days * dayMs);
    at.setUTCHours(hour, (days * 7) % 60, (days * 13) % 60, 0);
    return Math.min(at.getTime(), now);
  };
  const iso = (ms: number) => new Date(ms).toISOString();
  const dayIn = (days: number) => iso(now + days * dayMs).slice(0, 10);
  const began = daysAgo(42, 8);

  const components = parts.map((part, index) => ({
    key: idOf(part.key),
    name: part.name,
    type: part.type,
    status:
      part.ended !== null ? 'completed' : part.blocked ? 'blocked' : part.began !== null ? 'in_progress' : 'pending',
    progress: part.ended !== null ? 100 : (part.progress ?? 0),
    position: { x: part.at[0] * 304, y: part.at[1] * 136 },
    metadata: {},
    description: part.description ?? null,
    start_on: part.began === null ? null : dayIn(-part.began),
    due_on: part.slipped !== undefined ? dayIn(part.slipped) : part.due !== undefined ? dayIn(part.due) : null,
    duration_days: null,
    weight: 1,
    progress_mode: 'manual',
    assignee: null,
    blocked_reason: part.blocked ?? null,
    pinned: false,
    created_at: iso(began + index * 60_000),
    updated_at: iso(daysAgo(part.ended ?? Math.min(part.began ?? 42, 2))),
    tasks: part.tasks.map(([name, done], place) => ({
      name,
      description: null,
      status: done === null ? 'todo' : 'done',
      due_date: null,
      due_is_date: false,
      priority: 0,
      weight: 1,
      rank: appendedRank(began, place),
      assignee: null,
      created_by: null,
      completed_at: done === null ? null : iso(daysAgo(done)),
      created_at: iso(began + index * 60_000 + place * 1000),
      updated_at: iso(done === null ? began : daysAgo(done)),
    })),
  }));
  const file = {
    format: projectFileFormat,
    project: {
      name: 'Greenhouse',
      description: 'An example to look around in. Delete it whenever you like: one click takes everything of it along.',
      status: 'active',
      metadata: { example: 'greenhouse' },
      start_on: dayIn(-42),
      due_on: dayIn(28),
      working_days: [1, 2, 3, 4, 5, 6],
      owner,
      created_at: iso(began),
      updated_at: iso(daysAgo(1)),
    },
    components,
    dependencies: parts.flatMap((part) =>
      part.needs.map((need) => ({ component: idOf(part.key), depends_on: idOf(need) })),
    ),
  };

  /** What happened, oldest first, ending in the state of the file. */
  function history(project_id: string, project: Readonly<Record<string, unknown>>, until: number): HistoricChange[] {
    const out: HistoricChange[] = [
      { kind: 'project_created', entity_id: project_id, entity: project, changed: {}, at: began },
    ];
    const add = (change: HistoricChange) => out.push({ ...change, at: Math.min(change.at, until) });
    for (const [index, part] of parts.entries()) {
      tellPart(part, index, project_id, add);
    }
    return out.sort((a, b) => a.at - b.at);
  }

  function tellPart(part: Part, index: number, project_id: string, add: (change: HistoricChange) => void): void {
    const made = components[index];
    if (!made) return;
    const { key: id, tasks: _tasks, assignee: _assignee, ...fields } = made;
    const at = began + index * 60_000;
    let state: Record<string, unknown> = {
      ...{ id, project_id, assignee_id: null, version: 1 },
      ...fields,
      ...{ status: 'pending', progress: 0, blocked_reason: null },
      due_on: part.due === undefined ? null : dayIn(part.due),
    };
    add({ kind: 'component_created', entity_id: id, entity: state, changed: {}, at });
    for (const need of part.needs) {
      const entity = {
        ...{ component_id: id, depends_on_id: idOf(need), project_id },
        ...{ component_name: part.name, depends_on_name: parts.find((other) => other.key === need)?.name ?? '' },
      };
      add({ kind: 'component_dependency_added', entity_id: id, entity, changed: {}, at: at + 30_000 });
    }
    const set = (kind: EventKind, days: number, hour: number, values: Record<string, unknown>) => {
      const changed = Object.fromEntries(
        Object.entries(values).map(([field, after]) => [field, { before: state[field] ?? null, after }]),
      );
      state = { ...state, ...values, version: Number(state.version) + 1 };
      add({ kind, entity_id: id, entity: state, changed, at: daysAgo(days, hour) });
    };
    if (part.began !== null) set('component_status_changed', part.began, 9, { status: 'in_progress' });
    tellTasks(part, made, project_id, add);
    if (part.slipped !== undefined)
      set('component_updated', (part.ended ?? 4) + 2, 12, { due_on: dayIn(part.slipped) });
    if (part.progress !== undefined && part.began !== null) {
      set('component_progress_updated', Math.max(part.began - 4, 3), 18, { progress: Math.round(part.progress / 2) });
      set('component_progress_updated', 2, 18, { progress: part.progress });
    }
    if (part.blocked) set('component_status_changed', 1, 11, { status: 'blocked', blocked_reason: part.blocked });
    if (part.ended !== null) {
      set('component_progress_updated', part.ended, 18, { progress: 100 });
      set('component_status_changed', part.ended, 19, { status: 'completed' });
    }
  }

  function tellTasks(
    part: Part,
    made: (typeof components)[number],
    project_id: string,
    add: (change: HistoricChange) => void,
  ): void {
    for (const [place, task] of made.tasks.entries()) {
      const { assignee: _assignee, created_by: _creator, ...own } = task;
      const id = idOf(`${part.key} ${place}`);
      const entity = {
        id,
        component_id: made.key,
        project_id,
        ...own,
        assignee_id: null,
        created_by: null,
        version: 1,
      };
      const open = { ...entity, status: 'todo', completed_at: null };
      add({ kind: 'task_created', entity_id: id, entity: open, changed: {}, at: Date.parse(task.created_at) });
      if (task.completed_at === null) continue;
      const changed = {
        status: { before: 'todo', after: 'done' },
        completed_at: { before: null, after: task.completed_at },
      };
      add({ kind: 'task_completed', entity_id: id, entity, changed, at: Date.parse(task.completed_at) });
    }
  }

  /** Ids of the tasks in the order of the file, so that rows and history name the same ones. */
  const task_ids = parts.flatMap((part) => part.tasks.map((_, place) => idOf(`${part.key} ${place}`)));
  return { file, history, task_ids };
}
