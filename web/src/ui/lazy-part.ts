// Parts of the page that load when they are wanted. Without a connection they wait for it instead of taking the page down.
import { type ComponentType, lazy } from 'react';

const slowestRetryMs = 15_000;
/** After so many tries it is no matter of the connection. */
const mostTries = 40;

/** Like React's `lazy`, for what `load` resolves to. */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>) {
  return lazy(async () => ({ default: await patiently(load) }));
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
