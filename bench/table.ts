// A table and a board of 10,000 tasks: what a frame of scrolling costs the page's main thread, and what filtering and sorting take.
import { parseFilter } from '../core/src/filters.ts';
import { type RowNames, taskFields } from '../core/src/row-fields.ts';
import { filterable, groupRows, rowFilter, sortRows } from '../core/src/rows.ts';
import { signIn, withBrowserApp } from './browser-app.ts';
import { alone, type BenchDatabase, type Figure, median, rounded } from './figure.ts';
import { frameMeter } from './frame-meter.ts';

const components = 100;
const tasksEach = 100;
const frames = 120;
/** As the canvas: half of what 50 frames a second leave. */
const frameBudgetMs = 8;
/** One frame of 60 a second. */
const arrangeBudgetMs = 16;
const figure = (name: string, value: number, target: number) => alone(name, rounded(value, 1), 'ms', target);

export async function run({ url }: BenchDatabase): Promise<Figure[]> {
  return withBrowserApp(url, async ({ api, context }) => {
    const { project } = (await api.call('importProject', { body: manyTasks() })).data;
    const page = await (await context()).newPage();
    await signIn(page);
    const frame = await frameMeter(page);
    await page.goto(`/projects/${project.id}?view=table&of=tasks`);
    await page.getByRole('grid').waitFor();
    await frame(scrolling('[role=grid]'), 20);
    const table = await frame(scrolling('[role=grid]'), frames);
    await page.goto(`/projects/${project.id}?view=board&of=tasks`);
    await page.locator('[data-card]').first().waitFor();
    await frame(scrolling('[data-cards]'), 20);
    const board = await frame(scrolling('[data-cards]'), frames);
    const { tasks } = (await api.call('projectTasks', { params: { id: project.id } })).data;
    const { nodes } = (await api.call('projectGraph', { params: { id: project.id } })).data;
    const names: RowNames = {
      people: new Map(),
      me: null,
      components: new Map(nodes.map(({ id, name }) => [id, name])),
      ...{ time_zone: 'Europe/Berlin', today: '2026-05-14', now: '2026-05-14T10:00:00Z' },
    };
    const arrange = (filter: string, sort: string, group: string) => {
      const begun = performance.now();
      const fields = taskFields(tasks, names);
      const present = { today: names.today, week_start: 1 };
      const { terms } = parseFilter(filter, filterable(fields));
      const sorted = sortRows(tasks.filter(rowFilter(terms, fields, (task) => task.name, present)), fields, sort);
      const by = fields.find(({ name }) => name === group);
      if (by) groupRows(sorted, by, present);
      return performance.now() - begun;
    };
    const arranged = (filter: string, sort: string, group: string) =>
      median(Array.from({ length: 15 }, () => arrange(filter, sort, group)));
    return [
      figure('table_scroll_frame', table, frameBudgetMs),
      figure('board_scroll_frame', board, frameBudgetMs),
      figure(
        'filter_sort_group_10000',
        arranged('status:todo -label:later due:<30d', 'due', 'component'),
        arrangeBudgetMs,
      ),
      figure('sort_by_name_10000', arranged('fit', 'name', 'status'), arrangeBudgetMs),
    ];
  });
}

/** As the wheel does it: three rows a frame, so that every frame has new ones. */
function scrolling(selector: string): string {
  return `(frame) => { document.querySelector('${selector}').scrollTop += 120; }`;
}

/** A project file with tasks of every look; the same at every run. */
function manyTasks(): Record<string, unknown> {
  const uuid = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  const verbs = ['Fit', 'Order', 'Check', 'Wire', 'Paint', 'Test', 'Move', 'Clean'];
  const two = (value: number) => String(value).padStart(2, '0');
  const task = (at: number) => ({
    ...{ name: `${verbs[at % 8]} part ${at}`, description: null, status: ['todo', 'in_progress', 'done'][at % 3] },
    ...{
      due_date: at % 2 === 0 ? `2026-${two((at % 12) + 1)}-${two((at % 28) + 1)}T00:00:00Z` : null,
      due_is_date: at % 2 === 0,
    },
    ...{ priority: at % 5, weight: 1, rank: String((at * 7919) % 10_000).padStart(5, '0'), repeats: null },
    ...{ labels: at % 3 === 0 ? ['electrics', 'later'] : [], estimate_minutes: at % 4 === 0 ? 30 : null },
    checklist: at % 6 === 0 ? [{ id: 'a', text: 'First', done: true }] : [],
    ...{ assignee: null, created_by: null, completed_at: at % 3 === 2 ? '2026-05-01T00:00:00Z' : null },
  });
  const component = (at: number) => ({
    ...{ key: uuid(at + 1), name: `Component ${at + 1}`, type: null, status: 'pending', progress: 0, position: null },
    ...{ metadata: {}, description: null, start_on: null, due_on: null, duration_days: null, weight: 1 },
    ...{ progress_mode: 'manual', blocked_reason: null, pinned: false, assignee: null },
    tasks: Array.from({ length: tasksEach }, (_, index) => task(at * tasksEach + index)),
  });
  return {
    format: 'taylordash-project/1',
    project: {
      ...{ name: 'Many tasks', description: null, status: 'active', metadata: {}, start_on: null, due_on: null },
      ...{ working_days: [1, 2, 3, 4, 5], owner: null },
    },
    components: Array.from({ length: components }, (_, at) => component(at)),
    dependencies: [],
  };
}
