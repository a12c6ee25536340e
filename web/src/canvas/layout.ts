// Automatic layout: layered, left to right, by elkjs in a worker of its own, loaded when first asked for.
import type { Dependency, Position } from '@taylordash/core/entities';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import { gapAcross, gapAlong, nodeHeight, nodeWidth } from './geometry.ts';

/** Above this, looks give way to time: thousands of nodes in seconds instead of minutes. */
const large = 300;

export async function layOut(ids: readonly string[], edges: readonly Dependency[]): Promise<Map<string, Position>> {
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  const elk = new Elk({ workerFactory: () => new Worker(workerUrl) });
  const known = new Set(ids);
  const quick = ids.length > large;
  try {
    const graph = await elk.layout({
      id: 'root',
      layoutOptions: {
        'elk.algorithm': 'layered',
        'elk.direction': 'RIGHT',
        'elk.layered.spacing.nodeNodeBetweenLayers': String(gapAlong),
        'elk.spacing.nodeNode': String(gapAcross),
        'elk.spacing.componentComponent': String(gapAcross * 2),
        'elk.layered.considerModelOrder.strategy': quick ? 'NONE' : 'NODES_AND_EDGES',
        'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
        ...(quick
          ? {
              'elk.layered.thoroughness': '1',
              'elk.layered.crossingMinimization.greedySwitch.type': 'OFF',
              'elk.edgeRouting': 'POLYLINE',
            }
          : {}),
      },
      children: ids.map((id) => ({ id, width: nodeWidth, height: nodeHeight })),
      edges: edges
        .filter(({ component_id, depends_on_id }) => known.has(component_id) && known.has(depends_on_id))
        .map(({ component_id, depends_on_id }) => ({
          id: `${depends_on_id} ${component_id}`,
          sources: [depends_on_id],
          targets: [component_id],
        })),
    });
    return new Map(
      (graph.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x: Math.round(x), y: Math.round(y) }] as const),
    );
  } finally {
    elk.terminateWorker();
  }
}
