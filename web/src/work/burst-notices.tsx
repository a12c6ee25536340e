// Says in one notice what somebody else did in one go.
import { useEffect } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { useToast } from '../ui/toast.tsx';

const words = { import: strings.live.import, delete: strings.live.deleted, change: strings.live.changed };

export function BurstNotices() {
  const { live } = useApp();
  const toast = useToast();
  useEffect(
    () => live.onBurst(({ name, what, components, tasks }) => toast({ text: words[what](name, components, tasks) })),
    [live, toast],
  );
  return null;
}
