// Stands in for the package of this name, on which Radix builds: the page is locked by a rule of app.css instead of a <style> element.
import type { ComponentType, ReactNode } from 'react';

interface Props {
  as: ComponentType<{ children?: ReactNode }>;
  allowPinchZoom?: boolean;
  shards?: unknown;
  enabled?: boolean;
  removeScrollBar?: boolean;
  children?: ReactNode;
}

export function RemoveScroll({
  as: As,
  allowPinchZoom: _a,
  shards: _s,
  enabled: _e,
  removeScrollBar: _r,
  ...rest
}: Props) {
  return <As {...rest} />;
}
