// What a binding would make of the last messages, before it counts.
import { useQuery } from '@tanstack/react-query';
import type { BindingTarget } from '@taylordash/core/device-entities';
import { isTopicFilter } from '@taylordash/core/topics';
import { useDeferredValue } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { statusName } from '../views/format.ts';

interface PreviewProps {
  topic_filter: string;
  path: string;
  target: BindingTarget;
  fault: Fault | null;
}

type Fault = { pointer: string; detail: string };

/** With the name of the field that is at fault. */
function sayFault({ pointer, detail }: Fault): string {
  const label = pointer === '/to' ? strings.devices.to : pointer === '/map' ? strings.devices.map : null;
  return label === null ? detail : strings.devices.at_fault(label, detail);
}

export function BindingPreview({ topic_filter, path, target, fault }: PreviewProps) {
  const { api } = useApp();
  const asked = useDeferredValue(JSON.stringify({ topic_filter, path, target }));
  const found = useQuery({
    queryKey: ['binding try', asked],
    queryFn: async ({ signal }) =>
      (await api.call('tryBinding', { body: { topic_filter, path, target }, signal })).data.items,
    enabled: fault === null && isTopicFilter(topic_filter),
    retry: false,
    staleTime: 0,
    placeholderData: (old) => old,
  });
  const unit = target.kind === 'progress' ? ' %' : target.unit === undefined ? '' : ` ${target.unit}`;
  return (
    <section className="flex flex-col gap-1 rounded-control border border-line bg-surface-2 p-3 text-13">
      <h3 className="font-medium text-text-2">{strings.devices.preview}</h3>
      {fault !== null && <p className="text-blocked">{sayFault(fault)}</p>}
      {fault === null && found.isError && <p className="text-blocked">{sayError(found.error)}</p>}
      {fault === null && found.data?.length === 0 && <p className="text-text-3">{strings.devices.preview_none}</p>}
      {fault === null &&
        found.data?.map(({ topic, value, result, reason }) => (
          <p key={topic} className="flex flex-wrap gap-x-3">
            <span className="break-all font-mono text-12/[20px] text-text-3">{topic}</span>
            {result === null ? (
              <span className="text-warning">{reason}</span>
            ) : (
              <span className="font-medium tabular-nums">
                {strings.devices.becomes(
                  value ?? '',
                  target.kind === 'status' ? statusName(result) : `${result}${unit}`,
                )}
              </span>
            )}
          </p>
        ))}
    </section>
  );
}
