// Says how each part of the system is, measured when asked.
import type { Database } from '../../db/database.ts';
import type { Events } from '../../events/start-events.ts';
import { Problem } from '../../kernel/problem.ts';
import { serverVersion } from './queries.ts';

type State = 'healthy' | 'degraded' | 'unavailable';

export interface Part {
  name: string;
  state: State;
  latency_ms: number | null;
  detail: string;
}

export interface HealthDependencies {
  database: Database;
  events: Events;
  version: string;
  started_at: string;
  /** Parts that others look after. */
  also(): readonly Part[];
  /** Set while the server stops: it is not ready for requests any more. */
  stopping: () => boolean;
}

export type HealthService = ReturnType<typeof healthService>;

const worst = (parts: readonly Part[]): State =>
  (['unavailable', 'degraded'] as const).find((state) => parts.some((part) => part.state === state)) ?? 'healthy';

export function healthService({ database, events, version, started_at, stopping, also }: HealthDependencies) {
  async function databasePart(): Promise<Part> {
    const start = performance.now();
    try {
      await database.ping();
      const latency_ms = Math.round((performance.now() - start) * 100) / 100;
      const release = `PostgreSQL ${await serverVersion(database.app)}`;
      if (database.role_mode === 'three_roles')
        return { name: 'database', state: 'healthy', latency_ms, detail: release };
      return {
        name: 'database',
        state: 'degraded',
        latency_ms,
        detail: `${release}. All requests use the owner's role: give it the right to create roles for the second line of defence.`,
      };
    } catch {
      return { name: 'database', state: 'unavailable', latency_ms: null, detail: 'The database does not answer.' };
    }
  }

  return {
    async ready(): Promise<void> {
      if (stopping()) throw new Problem('server.unavailable', { detail: 'TaylorDash is stopping.', retry_after: 5 });
      await database.ping();
    },

    async stack(): Promise<{ state: State; version: string; started_at: string; parts: Part[] }> {
      const [databaseState, eventState] = await Promise.all([databasePart(), events.health()]);
      const { broker, ingest, relay, leader, outbox_backlog } = eventState;
      const backlog = outbox_backlog === null ? 'unknown' : String(outbox_backlog);
      const parts: Part[] = [
        databaseState,
        { name: 'broker', latency_ms: null, ...broker },
        { name: 'ingest', latency_ms: null, ...ingest },
        { name: 'relay', latency_ms: null, ...relay },
        {
          name: 'leader',
          state: leader === 'leading' || leader === 'waiting' ? 'healthy' : 'unavailable',
          latency_ms: null,
          detail: `${leader}; ${backlog} events wait to be appended`,
        },
        ...also(),
      ];
      return { state: worst(parts), version, started_at, parts };
    },
  };
}
