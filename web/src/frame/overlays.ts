// What can lie over any page: the palette, quick add, the overview of keys, the phone's further places.
import { createContext, useContext } from 'react';

export type Overlay = 'palette' | 'quick_add' | 'keys' | 'more';

export const OverlayContext = createContext<(overlay: Overlay | null) => void>(() => {});

/** Opens one of them, or closes what is open. */
export function useOverlay(): (overlay: Overlay | null) => void {
  return useContext(OverlayContext);
}
