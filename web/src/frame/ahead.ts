// Loads what is likely to be wanted next, once the page stands and nobody waits for it any more.

/** At the first sign of a hand on the page, or when it has been left alone for so long. */
const aloneMs = 5000;
const signs = ['pointermove', 'pointerdown', 'keydown', 'touchstart'] as const;

export function loadAhead(parts: readonly (() => Promise<unknown>)[]): () => void {
  const stop = () => {
    clearTimeout(timer);
    for (const sign of signs) window.removeEventListener(sign, begin);
  };
  const begin = () => {
    stop();
    // One after the other: what somebody asks for meanwhile goes first.
    void (async () => {
      for (const load of parts) {
        await new Promise<void>((resolve) => {
          if ('requestIdleCallback' in window) window.requestIdleCallback(() => resolve(), { timeout: 2000 });
          else setTimeout(resolve, 50);
        });
        // Without a connection nothing is lost: it is asked for again when it is needed.
        await load().catch(() => {});
      }
    })();
  };
  const timer = setTimeout(begin, aloneMs);
  for (const sign of signs) window.addEventListener(sign, begin, { passive: true });
  return stop;
}
