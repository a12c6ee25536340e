// How one part of the event side is, as /health/stack shows it.

export interface PartHealth {
  state: 'healthy' | 'degraded' | 'unavailable';
  detail: string;
}
