// Decides how events are counted: which buckets, all of them or some, and what is most frequent.
import type { EventNames } from '@taylordash/core/event-filter';
import type { Database } from '../../db/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Context, readHandle } from '../../kernel/context.ts';
import { invalidField } from '../../kernel/problem.ts';
import type { FilterReader } from './filter-reader.ts';
import * as queries from './stats-queries.ts';

export type StatsService = ReturnType<typeof statsService>;

export interface StatsQuery {
  filter?: string;
  from?: string;
  to?: string;
}

const mostBuckets = 60;
const widths = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800];
/** So many events are counted one by one; of more, so many are looked at. */
const countable = 50_000;
const sampled = 20_000;
const mostListed = 10;

export function statsService(of: { database: Database; filters: FilterReader; clock: Clock }) {
  const { database, filters, clock } = of;

  return {
    async count(context: Context, query: StatsQuery) {
      const { conditions, names } = await filters.read(context, query.filter);
      const time = await timeOf(query);
      const wanted = { conditions, viewer_id: context.actor.role === 'admin' ? null : context.actor.id };
      const count = Math.ceil((time.to - time.from) / time.width);
      const edges = Array.from({ length: count + 1 }, (_, n) => Math.min(time.to, time.from + n * time.width));
      // Ids tell nothing about what is in them, and a viewer's role would look for ones that it sees.
      const ids = await queries.idsAt(database.app, edges);
      const all = (ids.at(-1) ?? 0) - (ids[0] ?? 0);
      const handle = readHandle(database, context);
      if (all <= countable) return answer(await queries.countAll(handle, wanted, time), time, names, false);
      const spans = edges.slice(1).flatMap((_, bucket): queries.Span[] => {
        const first = ids[bucket] ?? 0;
        const span = (ids[bucket + 1] ?? first) - first;
        const looks = Math.min(span, Math.ceil(sampled / count));
        return span <= 0 ? [] : [{ bucket, first, span, looks }];
      });
      const found = await queries.countSome(handle, wanted, spans);
      const scale = new Map(spans.map(({ bucket, span, looks }) => [bucket, span / looks]));
      const scaled = found.map((row) => ({ ...row, count: row.count * (scale.get(row.bucket) ?? 1) }));
      return answer(scaled, time, names, true);
    },

    gaps(limit = 50): Promise<string> {
      return queries.producersJson(database.app, limit);
    },
  };

  async function timeOf({ from, to }: StatsQuery) {
    const end = to === undefined ? clock.now() : Date.parse(to);
    if (from !== undefined && Date.parse(from) >= end) throw invalidField('#/query/to', 'must be later than from');
    const asked = from === undefined ? await queries.oldestAt(database.app) : Date.parse(from);
    const start = Math.min(asked ?? end, end - 1000);
    const seconds = (end - start) / 1000;
    const width =
      widths.find((one) => seconds / one <= mostBuckets) ?? Math.ceil(seconds / mostBuckets / 86_400) * 86_400;
    return { from: Math.floor(start / (width * 1000)) * width * 1000, to: end, width: width * 1000 };
  }
}

function answer(
  rows: readonly queries.Counted[],
  { from, to, width }: { from: number; to: number; width: number },
  names: EventNames,
  estimated: boolean,
) {
  const exact = Array.from({ length: Math.ceil((to - from) / width) }, () => 0);
  const kinds = new Map<string, number>();
  const sources = new Map<string, number>();
  for (const { bucket, kind, source, count } of rows) {
    exact[bucket] = (exact[bucket] ?? 0) + count;
    kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    sources.set(source, (sources.get(source) ?? 0) + count);
  }
  const buckets = exact.map(Math.round);
  return {
    ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), bucket_seconds: width / 1000 },
    ...{ buckets, total: buckets.reduce((sum, count) => sum + count, 0), estimated },
    ...{ kinds: most(kinds), sources: most(sources) },
    names: { actor: copy(names.actor), project: copy(names.project) },
  };
}

function most(counts: ReadonlyMap<string, number>) {
  return [...counts]
    .map(([name, count]) => ({ name, count: Math.round(count) }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, mostListed);
}

const copy = (names: EventNames['actor']) =>
  Object.fromEntries(Object.entries(names).map(([name, ids]) => [name, [...ids]]));
