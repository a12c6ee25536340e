// A proposed layout before it is taken: what taking it means.
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import type { Preview } from './use-layout.ts';

interface BarProps {
  preview: Preview;
  onApply: () => void;
  onCancel: () => void;
}

export function LayoutBar({ preview, onApply, onCancel }: BarProps) {
  const nothing = preview.moved.length === 0;
  return (
    <div className="absolute inset-x-4 bottom-[76px] z-20 @min-[1200px]:bottom-4 flex justify-center">
      <div
        role="status"
        className="enter-rise flex flex-wrap items-center justify-center gap-x-4 gap-y-2 rounded-node border border-line bg-surface-3 py-2 pr-2 pl-4 shadow-2"
      >
        <span>
          {nothing
            ? strings.canvas.layout_nothing
            : strings.canvas.layout_moves(preview.moved.length, preview.total, preview.pinned)}
        </span>
        <span className="flex gap-2">
          <Button kind="plain" onClick={onCancel}>
            {strings.cancel} <Kbd keys="Esc" />
          </Button>
          {!nothing && (
            <Button kind="primary" onClick={onApply}>
              {strings.canvas.layout_apply}
              <span className="text-12">Enter</span>
            </Button>
          )}
        </span>
      </div>
    </div>
  );
}
