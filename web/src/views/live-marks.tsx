// What others do to a row: who changed it just now, and how many of their changes wait until it is let go.
import { useApp } from '../app-context.tsx';
import { useTouchedBy } from '../live.ts';
import { strings } from '../strings.ts';
import { NameChip } from '../ui/name-chip.tsx';
import { useHeldUpdates } from '../work/held.ts';

export function LiveMarks({ id }: { id: string }) {
  const { live, held } = useApp();
  const touched = useTouchedBy(live, id);
  const waiting = useHeldUpdates(held, id);
  if (waiting > 0) {
    return (
      <span className="enter-fade shrink-0 rounded-full bg-surface-3 px-2 text-12 text-text-2" role="status">
        {strings.live.updates(waiting)}
      </span>
    );
  }
  return touched === null ? null : <NameChip name={touched} />;
}
