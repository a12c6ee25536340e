// A dependency on the canvas: from what comes first to what waits for it.
import { BaseEdge, type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo } from 'react';
import type { DependencyEdge as FlowEdge } from './nodes.ts';

export const DependencyEdge = memo(function DependencyEdge(props: EdgeProps<FlowEdge>) {
  const { sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition } = props;
  const [path] = getBezierPath({ sourceX, sourceY, sourcePosition, targetX: targetX - 1, targetY, targetPosition });
  return (
    <BaseEdge
      path={path}
      interactionWidth={18}
      {...(props.markerEnd === undefined ? {} : { markerEnd: props.markerEnd })}
    />
  );
});
