// The canvas's own tools: adding, arranging, zooming.
import { useReactFlow, useStore } from '@xyflow/react';
import { Keyboard, Maximize, Minus, Plus, SquarePlus, Workflow } from 'lucide-react';
import { strings } from '../strings.ts';
import { IconButton } from '../ui/icon-button.tsx';

interface Props {
  writes: boolean;
  busy: boolean;
  onAdd: () => void;
  onFit: () => void;
  onLayout: () => void;
  onKeys: () => void;
}

export function CanvasTools({ writes, busy, onAdd, onFit, onLayout, onKeys }: Props) {
  const flow = useReactFlow();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <>
      {busy && (
        <p
          role="status"
          className="enter-late absolute top-4 right-4 z-10 rounded-node border border-line bg-surface-3 px-3 py-2 text-13 text-text-2"
        >
          {strings.canvas.laying_out}
        </p>
      )}
      <div
        role="toolbar"
        aria-label={strings.canvas.tools}
        className="absolute right-4 bottom-4 z-10 flex items-center gap-1 rounded-node border border-line bg-surface-1 p-1 shadow-1"
      >
        {writes && (
          <>
            <IconButton label={strings.canvas.add} shortcut="C" side="top" onClick={onAdd}>
              <SquarePlus size={18} aria-hidden />
            </IconButton>
            <IconButton label={strings.canvas.layout} side="top" onClick={onLayout} disabled={busy}>
              <Workflow size={18} aria-hidden />
            </IconButton>
            <span className="mx-1 h-5 w-px bg-line" />
          </>
        )}
        <IconButton label={strings.canvas.zoom_out} side="top" onClick={() => void flow.zoomOut({ duration: 120 })}>
          <Minus size={18} aria-hidden />
        </IconButton>
        <button
          type="button"
          onClick={() => void flow.zoomTo(1, { duration: 180 })}
          aria-label={strings.canvas.zoom_reset(percent)}
          className="press target w-12 rounded-control text-12 text-text-2 hover:bg-surface-2 hover:text-text"
        >
          {strings.percent(percent)}
        </button>
        <IconButton label={strings.canvas.zoom_in} side="top" onClick={() => void flow.zoomIn({ duration: 120 })}>
          <Plus size={18} aria-hidden />
        </IconButton>
        <IconButton label={strings.canvas.fit} shortcut="Shift+1" side="top" onClick={onFit}>
          <Maximize size={18} aria-hidden />
        </IconButton>
        <span className="hidden sm:inline-flex">
          <IconButton label={strings.canvas.all_keys} shortcut="?" side="top" onClick={onKeys}>
            <Keyboard size={18} aria-hidden />
          </IconButton>
        </span>
      </div>
    </>
  );
}
