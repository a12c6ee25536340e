// The grid of dots behind the graph. A layer a little larger than the screen that only slides: nothing is painted while panning.
import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';

const gap = 24;
/** Dots nearer to each other than this are noise. */
const least = 14;

export function DotGrid() {
  const layer = useRef<HTMLDivElement>(null);
  const store = useStoreApi();
  useEffect(() => {
    const element = layer.current;
    if (!element) return;
    let size = 0;
    const place = () => {
      const [x, y, zoom] = store.getState().transform;
      let step = gap * zoom;
      while (step < least) step *= 2;
      if (step !== size) {
        size = step;
        element.style.inset = `${-step}px`;
        element.style.backgroundSize = `${step}px ${step}px`;
      }
      const within = (value: number) => ((value % step) + step) % step;
      element.style.transform = `translate(${within(x)}px, ${within(y)}px)`;
    };
    place();
    return store.subscribe((now, before) => {
      if (now.transform !== before.transform) place();
    });
  }, [store]);
  return <div ref={layer} aria-hidden className="dot-grid" />;
}
