// Calls back when an element at a list's end comes near the screen.
import { useCallback, useRef } from 'react';

export function useReachEnd(run: () => void): (element: Element | null) => void {
  const latest = useRef(run);
  latest.current = run;
  const observer = useRef<IntersectionObserver | null>(null);
  return useCallback((element) => {
    observer.current?.disconnect();
    if (!element) return;
    observer.current = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { rootMargin: '600px' },
    );
    observer.current.observe(element);
  }, []);
}
