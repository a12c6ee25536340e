// A dependency on the canvas: from what comes first to what waits for it.
import { BaseEdge, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { svgPath, tip } from './edge-path.ts';
import type { DependencyEdge as FlowEdge } from './nodes.ts';

export const DependencyEdge = memo(function DependencyEdge(props: EdgeProps<FlowEdge>) {
  const { sourceX, sourceY, targetX, targetY } = props;
  const path = svgPath({ x1: sourceX, y1: sourceY, x2: targetX, y2: targetY });
  return (
    <>
      <BaseEdge path={path} interactionWidth={18} />
      {/* A shape of its own: a marker would grow with the line and blur with the zoom. */}
      <path className="edge-tip" d={`M${targetX},${targetY}l${-tip.length},${-tip.half}v${2 * tip.half}z`} />
    </>
  );
});
