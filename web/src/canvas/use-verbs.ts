// What can be done to what is selected, each as one change: by bar, by key and by menu alike.
import type { Dependency } from '@taylordash/core/entities';
import type { ComponentStatus } from '@taylordash/core/statuses';
import { useMemo } from 'react';
import type { Graph } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { useDone } from '../frame/use-undo.ts';
import { strings } from '../strings.ts';
import { useToast } from '../ui/toast.tsx';
import { newId } from '../work/ids.ts';
import type { Operation } from '../work/operations.ts';
import { type Alignment, type Axis, alignTo, distribute } from './align.ts';
import { middleOfClip, pasteOperations, toClip } from './clip.ts';
import { createClipboard } from './clipboard.ts';
import type { Elements } from './use-elements.ts';
import type { useView } from './use-view.ts';

/** A copy stands this far from its original. */
const beside = 40;

interface Options {
  graph: Graph;
  writes: boolean;
  elements: Elements;
  view: Pick<ReturnType<typeof useView>, 'centre' | 'isInView'>;
  /** Selects what is made once it is there. */
  selectNext: (ids: readonly string[]) => void;
  fail: (error: unknown) => void;
}

export function useVerbs({ graph, writes, elements, view, selectNext, fail }: Options) {
  const { changes } = useApp();
  const toast = useToast();
  const done = useDone();
  const clipboard = useMemo(() => createClipboard(sessionStorage), []);
  const project_id = graph.project.id;
  const { selected, chosen, edge } = elements;

  /** One gesture, one change, one press to take it back. */
  const apply = (label: string, operations: readonly Operation[], said?: string) => {
    if (operations.length === 0) return;
    changes
      .apply({ label, operations })
      .then(({ undo }) => {
        if (said !== undefined) done(said, undo);
      })
      .catch(fail);
  };

  const copyAs = (cut: boolean) => {
    if (selected.length === 0) return;
    const clip = toClip(project_id, selected, graph.edges, cut);
    clipboard.keep(clip);
    const count = clip.components.length;
    toast({ text: cut ? strings.canvas.was_cut(count) : strings.canvas.copied(count, clip.edges.length) });
  };
  const put = (clip: ReturnType<typeof toClip>, by: { x: number; y: number }) => {
    const taken = graph.nodes.map(({ name }) => name);
    const { ids, operations } = pasteOperations(clip, { project_id, by, taken, newId });
    apply(strings.canvas.did.paste(ids.length), operations, strings.canvas.pasted(ids.length, clip.edges.length));
    selectNext(ids);
  };

  return {
    align(alignment: Alignment) {
      if (writes) elements.save(alignTo(selected, alignment));
    },
    distribute(axis: Axis) {
      if (writes) elements.save(distribute(selected, axis));
    },
    setStatus(status: ComponentStatus, blocked_reason: string | null = null) {
      const word = strings.panel.statuses[status];
      const changing = chosen.filter((one) => one.status !== status || one.blocked_reason !== blocked_reason);
      const operations = changing.map(
        ({ id }): Operation => ({
          ...{ op: 'update_component', id },
          fields: { status, blocked_reason },
        }),
      );
      const { length } = operations;
      apply(strings.canvas.did.status(length, word), operations, strings.canvas.status_set(length, word));
    },
    /** Pins all, or where all are pinned, none. */
    pin() {
      if (!writes || chosen.length === 0) return;
      const pinned = !chosen.every((one) => one.pinned);
      const count = chosen.length;
      const label = pinned ? strings.canvas.did.pin(count) : strings.canvas.did.unpin(count);
      apply(
        label,
        chosen.map(({ id }): Operation => ({ op: 'update_component', id, fields: { pinned } })),
        pinned ? strings.canvas.pinned(count) : strings.canvas.unpinned(count),
      );
    },
    copy: () => copyAs(false),
    cut: () => writes && copyAs(true),
    paste() {
      const clip = clipboard.read();
      if (!writes) return;
      if (!clip || clip.components.length === 0) {
        toast({ text: strings.canvas.paste_empty });
        return;
      }
      const middle = middleOfClip(clip);
      const target = view.centre();
      const away = { x: target.x - middle.x, y: target.y - middle.y };
      if (clip.cut && clip.project_id === project_id) {
        elements.save(
          new Map(
            clip.components.map(
              ({ id, position }) => [id, { x: position.x + away.x, y: position.y + away.y }] as const,
            ),
          ),
        );
        elements.select(new Set(clip.components.map(({ id }) => id)));
      } else {
        const times = clipboard.pastes() + 1;
        // Beside the originals where these can be seen, else in the middle of what is seen.
        const near = clip.project_id === project_id && view.isInView(middle);
        put(clip, near ? { x: beside * times, y: beside * times } : away);
      }
      clipboard.pasted(clip);
    },
    duplicate() {
      if (!writes || selected.length === 0) return;
      put(toClip(project_id, selected, graph.edges, false), { x: beside, y: beside });
    },
    disconnect() {
      if (writes && edge) changes.disconnect(edge.component_id, edge.depends_on_id).catch(fail);
    },
    /** The chosen dependency runs elsewhere from now on. */
    reroute(from: Dependency, to: Dependency) {
      apply(strings.canvas.did.reroute, [
        { op: 'remove_dependency', id: from.component_id, depends_on_id: from.depends_on_id },
        { op: 'add_dependency', id: to.component_id, depends_on_id: to.depends_on_id },
      ]);
    },
  };
}

export type Verbs = ReturnType<typeof useVerbs>;
