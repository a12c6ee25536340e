// A project's progress from its components: their mean by weight, without what is cancelled. As the server counts it.
import type { Component } from '@taylordash/core/entities';

export function rollUp(components: readonly Pick<Component, 'status' | 'progress' | 'weight'>[]): number {
  const counted = components.filter(({ status }) => status !== 'cancelled');
  const weight = counted.reduce((sum, component) => sum + component.weight, 0);
  if (weight === 0) return 0;
  return Math.round(counted.reduce((sum, component) => sum + component.progress * component.weight, 0) / weight);
}
