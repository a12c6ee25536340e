// What waits for the connection and what was refused, for showing it.
import { useSyncExternalStore } from 'react';
import { useApp } from '../app-context.tsx';
import type { Intent } from './operations.ts';
import type { QueueState } from './queue.ts';

export function useQueue(): QueueState<Intent> {
  const { queue } = useApp();
  return useSyncExternalStore(queue.watch, queue.state);
}
