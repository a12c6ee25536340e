// Sends what was typed, and tells what became of it.
import { useNavigate } from '@tanstack/react-router';
import type { PlacedTask } from '@taylordash/core/entities';
import { ApiProblem } from '@taylordash/sdk/client';
import { useRef } from 'react';
import { keys } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { useDone } from '../frame/use-undo.ts';
import { strings } from '../strings.ts';
import type { Dates } from '../ui/dates.ts';
import { newId } from '../work/ids.ts';
import { sayDue } from './chips.tsx';
import type { Here } from './names.ts';
import type { Part } from './plain-parts.ts';

const words = strings.quick_add;

export interface Sent {
  text: string;
  /** What of it is to stay plain words. */
  plain: readonly Part[];
  here: Here;
  create_project: boolean;
}

/** Where a task went, in words. */
function placeOf(task: PlacedTask): string {
  if (task.project_name === null) return words.your_inbox;
  return `${task.project_name} › ${task.component_name ?? ''}`;
}

export function useAdd(dates: Dates): {
  send: (sent: Sent) => Promise<PlacedTask[]>;
  open: (task: PlacedTask) => void;
} {
  const { api, cache, history } = useApp();
  const done = useDone();
  const navigate = useNavigate();
  /** The same again, after an answer that never came, is the same request. */
  const last = useRef<{ body: string; key: string } | null>(null);
  const open = (task: PlacedTask) => {
    if (task.project_id === null || task.component_id === null)
      void navigate({ to: '/my-work', search: { task: task.id } });
    else
      void navigate({
        ...{ to: '/projects/$id', params: { id: task.project_id } },
        search: { component: task.component_id, task: task.id },
      });
  };
  return {
    open,
    async send({ text, plain, here, create_project }) {
      const body = {
        text,
        ...(plain.length > 0 ? { plain: plain.map((part) => [...part]) } : {}),
        ...(here.project ? { project_id: here.project.id } : {}),
        ...(here.component ? { component_id: here.component.id } : {}),
        ...(create_project ? { create_project } : {}),
      };
      const said = JSON.stringify(body);
      if (last.current?.body !== said) last.current = { body: said, key: newId() };
      const { key } = last.current;
      const { data } = await api.call('quickAdd', { body, idempotency_key: key });
      last.current = null;
      const { tasks, change_id } = data;
      const [first] = tasks;
      if (!first) return [];
      history.record({ change_id, label: words.gesture(tasks.length, first.name) });
      for (const queryKey of [keys.myWork, keys.projects, ['project_names']])
        void cache.invalidateQueries({ queryKey });
      const places = new Set(tasks.map(placeOf));
      const { due_date, due_is_date } = first;
      const text_done =
        tasks.length === 1
          ? words.added(placeOf(first), due_date === null ? null : sayDue({ due_date, due_is_date }, dates))
          : words.added_many(tasks.length, places.size === 1 ? placeOf(first) : null);
      done(text_done, change_id, { label: words.open, run: () => open(first) });
      return tasks;
    },
  };
}

/** What the server did not know, line by line. */
export function unknownIn(error: unknown, lines: number): string[] {
  if (!(error instanceof ApiProblem) || error.body.code !== 'task.quick_add_unknown') return [];
  const { unknown } = error.body;
  if (!Array.isArray(unknown)) return [];
  // The extension of this problem, as the endpoint describes it.
  const all = unknown as {
    line: number;
    kind: 'project' | 'component' | 'person';
    text: string;
    suggestions: string[];
  }[];
  return all.slice(0, 5).map(({ line, kind, text, suggestions }) => {
    const said = words.unknown(kind, text, suggestions);
    return lines > 1 ? words.in_line(line, said) : said;
  });
}
