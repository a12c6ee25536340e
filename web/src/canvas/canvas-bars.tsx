// The bars around the graph: what is being done, what is selected, which mode is on, and the tools.
import { useState } from 'react';
import { useOverlay } from '../frame/overlays.ts';
import { CanvasTools } from './canvas-tools.tsx';
import { DrawingHint } from './drawing-hint.tsx';
import { EdgeBar } from './edge-bar.tsx';
import { FindBar } from './find-bar.tsx';
import { LayoutBar } from './layout-preview.tsx';
import { Minimap } from './minimap.tsx';
import { ModeBar } from './mode-bar.tsx';
import { SelectionBar } from './selection-bar.tsx';
import type { CanvasState } from './use-canvas.ts';
import type { Mode } from './use-mode.ts';

interface Props {
  canvas: CanvasState;
  writes: boolean;
  onOpen: (id: string | null) => void;
}

const minimapKey = 'td.minimap';
const manyNodes = 40;

export function CanvasBars({ canvas, writes, onOpen }: Props) {
  const { elements, drawing, rerouting, layout, mode, verbs, view, show } = canvas;
  const open = useOverlay();
  const { edge, chosen, one, byId, nodes } = elements;
  const [wantsMinimap, setMinimap] = useState(() => localStorage.getItem(minimapKey));
  // Until somebody says otherwise: where the whole is more than one sees at once.
  const minimap = wantsMinimap === null ? nodes.length > manyNodes : wantsMinimap === 'on';
  const showLit = (now: Mode) => view.fit(nodes.filter(({ id }) => now.highlight.nodes.has(id)));
  const top = () => {
    if (rerouting.pull) {
      const { end, edge: pulled, judgement } = rerouting.pull;
      const port = end === 'first' ? 'needs' : 'unlocks';
      const from = end === 'first' ? pulled.component_id : pulled.depends_on_id;
      return (
        <DrawingHint drawing={{ from, port, tapped: false, judgement }} names={byId} onCancel={rerouting.cancel} />
      );
    }
    if (drawing.drawing) return <DrawingHint drawing={drawing.drawing} names={byId} onCancel={drawing.cancel} />;
    if (canvas.finding) {
      return (
        <FindBar
          nodes={nodes.map(({ data }) => data.component)}
          onJump={canvas.jump}
          onClose={() => {
            canvas.setFinding(false);
            canvas.container.current?.focus();
          }}
        />
      );
    }
    if (!mode.mode) return null;
    return (
      <ModeBar
        mode={mode.mode}
        names={byId}
        at={one?.id ?? null}
        onJump={canvas.jump}
        onShow={() => mode.mode && showLit(mode.mode)}
        onLeave={() => mode.set(null)}
      />
    );
  };
  const bottom = () => {
    if (layout.preview) {
      return <LayoutBar preview={layout.preview} onApply={canvas.apply} onCancel={layout.discard} />;
    }
    if (edge) {
      return (
        <EdgeBar
          {...{ edge, writes, names: byId }}
          onChange={show}
          onDelete={canvas.remove}
          onClear={() => elements.selectEdge(null)}
        />
      );
    }
    if (chosen.length === 0) return null;
    return (
      <SelectionBar
        {...{ chosen, writes, verbs, onOpen }}
        onRename={canvas.rename}
        onConnect={(id) => {
          // A sheet from below would lie over what is to be chosen.
          if (window.matchMedia('(width < 768px)').matches) onOpen(null);
          drawing.start(id, 'unlocks', true);
        }}
        onStatus={(status) => (status === 'blocked' ? show('block') : verbs.setStatus(status))}
        onDelete={canvas.remove}
        onClear={() => elements.select(new Set())}
      />
    );
  };
  return (
    <>
      {top()}
      {bottom()}
      {minimap && nodes.length > 0 && <Minimap scene={canvas.stage.scene} />}
      <CanvasTools
        {...{ writes, minimap }}
        busy={layout.busy}
        touch={canvas.touch}
        selecting={canvas.selecting}
        mode={mode.mode?.name ?? null}
        onAdd={canvas.add}
        onFit={() => view.fit()}
        onLayout={() => void layout.propose()}
        onSelecting={canvas.setSelecting}
        onFind={() => canvas.setFinding(true)}
        onMode={mode.set}
        onPaste={verbs.paste}
        onExport={(format) => void canvas.save(format)}
        onMinimap={() => {
          const wanted = minimap ? 'off' : 'on';
          localStorage.setItem(minimapKey, wanted);
          setMinimap(wanted);
        }}
        onKeys={() => open('keys')}
      />
    </>
  );
}
