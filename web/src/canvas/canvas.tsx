// The canvas: a project's components as nodes, what waits for what as arrows. The one place, with its folder, that knows React Flow.
import { ReactFlowProvider } from '@xyflow/react';
import type { PointerEvent as ReactPointerEvent } from 'react';
import { flushSync } from 'react-dom';
import { strings } from '../strings.ts';
import './canvas.css';
import { CanvasBars } from './canvas-bars.tsx';
import { CanvasDialogs } from './canvas-dialogs.tsx';
import { CanvasEmpty } from './canvas-empty.tsx';
import { NodeContext } from './component-node.tsx';
import { DraftNode } from './draft-node.tsx';
import { EdgeEnds } from './edge-ends.tsx';
import { Stage } from './stage.tsx';
import { Tray } from './tray.tsx';
import { type CanvasProps, useCanvas } from './use-canvas.ts';

export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}

function Inner(props: CanvasProps) {
  const { graph, shown, writes, onOpen, onImport } = props;
  const canvas = useCanvas(props);
  const { elements, drawing, draft, layout, clicks, rerouting, verbs, show } = canvas;
  const { one, chosen, edge, byId } = elements;
  const pointerDown = (event: ReactPointerEvent) => {
    const touch = event.pointerType === 'touch';
    // Before React Flow sees the press: a finger pans where a mouse selects.
    if (touch !== canvas.touch) flushSync(() => canvas.setTouch(touch));
    clicks.press(event);
  };
  const empty = elements.nodes.length === 0 && draft.draft === null;
  const announced = () => {
    if (clicks.lifted !== null) return strings.canvas.lifted;
    if (edge)
      return strings.canvas.edge.text(
        byId.get(edge.component_id)?.name ?? '',
        byId.get(edge.depends_on_id)?.name ?? '',
      );
    if (one) {
      return strings.canvas.announce(one.name, strings.states[shown.get(one.id)?.state ?? 'pending'], one.progress);
    }
    return chosen.length > 1 ? strings.canvas.selection.announce(chosen.length) : '';
  };

  return (
    <section
      ref={canvas.container}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes the keys; the outline is its alternative in text
      tabIndex={0}
      aria-label={strings.canvas.label(graph.project.name)}
      aria-keyshortcuts="C L F2 Enter Delete G B P ?"
      className="canvas @container relative min-h-0 flex-1 outline-offset-[-4px]"
      data-detail={canvas.detail}
      data-tone={canvas.highlight?.tone}
      data-moving={canvas.moving ? '' : undefined}
      data-preview={canvas.layout.preview ? '' : undefined}
      onPointerDownCapture={pointerDown}
      onPointerMove={(event) => {
        canvas.flowNodes.onPointerMove(event);
        canvas.edges.hover(event);
        canvas.hold.move(event);
      }}
      onPointerLeave={canvas.hold.leave}
      onDoubleClick={clicks.double}
      {...canvas.taskDrop.handlers}
    >
      <NodeContext value={canvas.context}>
        <Stage
          nodes={canvas.flowNodes.shown}
          {...canvas.stage}
          writes={writes}
          pans={canvas.touch || canvas.panning}
          onNodeClick={clicks.node}
          onOpen={onOpen}
          onPaneClick={clicks.pane}
          onDraw={(from, port) => drawing.start(from, port, false)}
          onDrawn={() => {
            if (drawing.drawing?.tapped !== true) drawing.finish();
          }}
        >
          {draft.draft && <DraftNode draft={draft.draft} onDone={draft.finish} />}
          {edge && writes && <EdgeEnds edge={edge} node={elements.node} onPull={rerouting.begin} />}
        </Stage>
      </NodeContext>
      <div ref={canvas.band} aria-hidden hidden className="band pointer-events-none absolute top-0 left-0 z-10" />
      <Tray graph={graph} onOpen={onOpen} />
      {empty && !layout.busy && <CanvasEmpty writes={writes} onAdd={canvas.add} onImport={onImport} />}
      <CanvasBars canvas={canvas} writes={writes} onOpen={onOpen} />
      <p className="sr-only" role="status">
        {announced()}
      </p>
      <CanvasDialogs
        {...{ graph, chosen, edge, dialog: canvas.dialog }}
        onLink={canvas.connect}
        onReroute={verbs.reroute}
        onBlock={(reason) => verbs.setStatus('blocked', reason)}
        onClose={() => show(null)}
        onDeleted={() => {
          show(null);
          onOpen(null);
        }}
      />
    </section>
  );
}
