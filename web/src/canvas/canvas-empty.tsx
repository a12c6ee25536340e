// An empty canvas says how to begin.
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';

interface Props {
  writes: boolean;
  onAdd: () => void;
  onImport: () => void;
}

export function CanvasEmpty({ writes, onAdd, onImport }: Props) {
  return (
    <div className="pointer-events-none absolute inset-0 flex items-center justify-center p-6">
      <div className="enter-fade flex max-w-[420px] flex-col items-center gap-4 text-center">
        <p className="text-16 text-text-2">{writes ? strings.canvas.empty : strings.canvas.empty_viewer}</p>
        {writes && (
          <div className="pointer-events-auto flex gap-2">
            <Button kind="primary" onClick={onAdd}>
              {strings.canvas.add} <span className="text-12">C</span>
            </Button>
            <Button onClick={onImport}>{strings.projects.import}</Button>
          </div>
        )}
        {writes && (
          <p className="hidden items-center gap-2 text-13 text-text-3 sm:flex">
            {strings.canvas.all_keys} <Kbd keys="?" />
          </p>
        )}
      </div>
    </div>
  );
}
