// The endpoint table: every address of the API under the name that server, client and tests use for it.
import * as auth from './auth.ts';
import * as bus from './bus.ts';
import * as changes from './changes.ts';
import * as components from './components.ts';
import * as deadLetters from './dead-letters.ts';
import * as devices from './devices.ts';
import type { EndpointSpec } from './endpoint.ts';
import * as eventReplays from './event-replays.ts';
import * as events from './events.ts';
import * as layouts from './layouts.ts';
import * as projects from './projects.ts';
import * as retention from './retention.ts';
import * as search from './search.ts';
import * as signals from './signals.ts';
import * as tasks from './tasks.ts';
import * as traces from './traces.ts';

export const endpoints = {
  ...auth,
  ...projects,
  ...components,
  ...tasks,
  ...changes,
  ...layouts,
  ...search,
  ...signals,
  ...deadLetters,
  ...devices,
  ...bus,
  ...retention,
  ...events,
  ...eventReplays,
  ...traces,
} as const satisfies Record<string, EndpointSpec>;

export type EndpointName = keyof typeof endpoints;
/** The prefix of every path in the table. */
export const apiBase = '/api/v1';
