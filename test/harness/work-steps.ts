// A project with tasks for journeys of board, table and editor; and what stands in it now.
import type { Page } from 'playwright-core';
import type { Client } from '../../sdk/src/client.ts';

export interface Workshop {
  id: string;
  pump: string;
  frame: string;
  /** Names of tasks by status, in their order. */
  columns(): Promise<Record<string, string[]>>;
  task(name: string): Promise<Awaited<ReturnType<typeof tasksOf>>[number]>;
}

async function tasksOf(api: Client, id: string) {
  return (await api.call('projectTasks', { params: { id } })).data.tasks;
}

/** Two components, the frame before the pump; tasks in the pump, one after the other. */
export async function workshop(api: Client, tasks: readonly string[], name = 'Workshop'): Promise<Workshop> {
  const { id } = (await api.call('createProject', { body: { name, status: 'active' } })).data;
  const make = async (component: string, depends_on: string[] = []) =>
    (await api.call('createComponent', { params: { id }, body: { name: component, depends_on } })).data.id;
  const frame = await make('Frame');
  const pump = await make('Pump', [frame]);
  for (const task of tasks) await api.call('createTask', { params: { id: pump }, body: { name: task } });
  return {
    ...{ id, pump, frame },
    async columns() {
      const all = (await tasksOf(api, id)).sort((a, b) => ((a.rank ?? '') < (b.rank ?? '') ? -1 : 1));
      const of = (status: string) => all.filter((one) => one.status === status).map((one) => one.name);
      return { todo: of('todo'), in_progress: of('in_progress'), done: of('done') };
    },
    async task(wanted) {
      const found = (await tasksOf(api, id)).find((one) => one.name === wanted);
      if (!found) throw new Error(`there is no task ${wanted}`);
      return found;
    },
  };
}

/** What the focus is on, in words. */
export function focused(page: Page): Promise<string> {
  return page.evaluate("document.activeElement?.textContent ?? ''");
}
