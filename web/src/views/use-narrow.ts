// Is the page as narrow as a phone? And how tall is a row, as density and pointer have it?
import { useEffect, useState, useSyncExternalStore } from 'react';

function watchWidth(listener: () => void): () => void {
  const query = window.matchMedia('(max-width: 767px)');
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(watchWidth, () => window.matchMedia('(max-width: 767px)').matches);
}

const readHeight = () => Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row')) || 40;

/** The token `--row` in pixels; rows that are placed by number need it as one. */
export function useRowHeight(): number {
  const [height, setHeight] = useState(readHeight);
  useEffect(() => {
    const read = () => setHeight(readHeight());
    read();
    // Density is an attribute of the page.
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributes: true });
    return () => observer.disconnect();
  }, []);
  return height;
}
