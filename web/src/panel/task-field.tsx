// One field of a task: its name, what it is, and a small window to choose in.
import { type ReactNode, useState } from 'react';
import { taskStrings } from '../strings/task.ts';
import { Popover } from '../ui/popover.tsx';
import { FieldError } from './section.tsx';

interface Props {
  label: string;
  value: ReactNode;
  writes: boolean;
  error: string | undefined;
  /** What is chosen in; closes by what it is given. Left out: `value` is edited where it stands. */
  editor?: (close: () => void) => ReactNode;
  aside?: ReactNode;
}

export function TaskField({ label, value, writes, error, editor, aside }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <div className="grid grid-cols-[96px_minmax(0,1fr)] items-start gap-x-2">
      <dt className="flex min-h-9 items-center text-13 text-text-3 pointer-coarse:min-h-(--target)">{label}</dt>
      <dd className="flex min-w-0 flex-col">
        <div className="flex min-w-0 items-center">
          {editor && writes ? (
            <Popover
              open={open}
              onOpenChange={setOpen}
              label={taskStrings.set(label)}
              width="w-72"
              trigger={
                <button
                  type="button"
                  className="press target -ml-2 flex min-w-0 flex-1 items-center rounded-control border border-transparent px-2 text-left hover:border-control"
                >
                  <span className="sr-only">{taskStrings.set(label)}: </span>
                  {value}
                </button>
              }
            >
              {editor(() => setOpen(false))}
            </Popover>
          ) : (
            <div className="target flex min-w-0 flex-1 items-center">{value}</div>
          )}
          {aside}
        </div>
        <FieldError text={error} />
      </dd>
    </div>
  );
}
