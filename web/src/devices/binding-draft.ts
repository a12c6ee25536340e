// A binding while it is edited: its fields as they are typed, and what they make of it.
import type { BindingTarget } from '@taylordash/core/device-entities';
import type { componentStatuses } from '@taylordash/core/statuses';
import type { Binding } from './queries.ts';

type Kind = BindingTarget['kind'];

/** A value that somebody chose, and for what. */
export interface BindingStart {
  topic_filter: string;
  path: string;
  kind: Kind;
  value: string;
}

export interface BindingDraft {
  topic_filter: string;
  path: string;
  kind: Kind;
  component_id: string;
  from: string;
  to: string;
  step: string;
  hold: string;
  map: { value: string; status: (typeof componentStatuses)[number] }[];
  service: string;
  metric: string;
  unit: string;
}

export const kinds = ['progress', 'status', 'metric'] as const;

export function draftOf(start: BindingStart | Binding): BindingDraft {
  const target: BindingTarget = 'target' in start ? start.target : { kind: start.kind };
  const last = start.path === '' ? (start.topic_filter.split('/').at(-1) ?? '') : start.path.replace(/^.*[.\]]/, '');
  const plain = last.replace(/[^\p{L}\p{N}_.: -]/gu, '');
  return {
    ...{ topic_filter: start.topic_filter, path: start.path, kind: target.kind },
    component_id: target.component_id ?? '',
    ...{ from: String(target.from ?? 0), to: String(target.to ?? 100), step: String(target.step ?? 1) },
    hold: String(target.hold ?? 0),
    map: Object.entries(target.map ?? { ['value' in start ? start.value : 'ON']: 'in_progress' as const }).map(
      ([value, status]) => ({ value, status }),
    ),
    service: target.service ?? (start.topic_filter.split('/')[0] ?? '').replace(/[^\p{L}\p{N}_.: -]/gu, ''),
    metric: target.metric ?? (plain === '' ? 'value' : plain),
    unit: target.unit ?? '',
  };
}

export function targetOf(draft: BindingDraft): BindingTarget {
  const { kind, component_id, map, service, metric, unit } = draft;
  if (kind === 'metric') return { kind, service, metric, ...(unit === '' ? {} : { unit }) };
  if (kind === 'progress') {
    return { kind, component_id, from: Number(draft.from), to: Number(draft.to), step: Number(draft.step) };
  }
  const values = map.filter(({ value }) => value !== '').map(({ value, status }) => [value, status]);
  return { kind, component_id, map: Object.fromEntries(values), hold: Number(draft.hold) };
}
