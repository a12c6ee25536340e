// Parts of the page that load when they are wanted. Without a connection they wait for it instead of taking the page down.
import { type ComponentType, createElement, lazy, type ReactNode, useState } from 'react';

const slowestRetryMs = 15_000;
/** After so many tries it is no matter of the connection. */
const mostTries = 40;

interface LazyPart<P> {
  (props: P): ReactNode;
  /** Loads it before it is wanted. */
  load: () => Promise<unknown>;
}

/**
 * Like React's `lazy`, for what `load` resolves to. What is loaded already shows at once, where React would show the fallback
 * first, and hold it for up to 300 ms where it showed another a moment ago.
 */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>): LazyPart<P> {
  let loaded: ComponentType<P> | null = null;
  const keep = async () => {
    loaded = await load();
    return loaded;
  };
  const Later = lazy(async () => ({ default: await patiently(keep) }));
  function Part(props: P) {
    // The same as long as it is on show: another one would begin anew.
    const [shown] = useState<ComponentType<P> | typeof Later>(() => loaded ?? Later);
    return createElement(shown as ComponentType<P>, props);
  }
  return Object.assign(Part, { load: keep });
}

/** Loads, and tries again where that fails. */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await load();
    } catch (error) {
      if (tries >= mostTries) throw error;
    }
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer);
        window.removeEventListener('online', go);
        resolve();
      };
      const timer = setTimeout(go, Math.min(slowestRetryMs, 500 * 2 ** tries));
      window.addEventListener('online', go);
    });
  }
}
