// Values of fields in words, for questions about them.

import type { Graph } from '../api.ts';
import { useApp, usePeople } from '../app-context.tsx';
import { useDates } from '../ui/dates.ts';
import { sayValue } from '../views/activity/values.ts';

/** What people wrote stands in quotes, so that it is told from the words around it. */
const written = new Set(['name', 'description', 'type', 'blocked_reason']);

export function useSayValue(): (field: string, value: unknown, entity?: 'project' | 'component' | 'task') => string {
  const { cache } = useApp();
  const person = usePeople();
  const dates = useDates();
  const component = (id: string) => {
    for (const [, graph] of cache.getQueriesData<Graph>({ queryKey: ['graph'] })) {
      const found = graph?.nodes.find((node) => node.id === id);
      if (found) return found.name;
    }
    return null;
  };
  const reader = { person, component, today: dates.today(), dayOf: dates.dayOf, clock: dates.clock };
  return (field, value, entity) => {
    const kind = entity === 'project' && field === 'status' ? 'project_status' : field;
    const said = sayValue(kind, value, { changed: {} }, reader);
    return written.has(field) && typeof value === 'string' && value !== '' ? `“${said}”` : said;
  };
}
