// What was copied on the canvas, kept for this tab. The browser's own clipboard is missing where the page came over plain HTTP.
import type { Clip } from './clip.ts';

const key = 'td.canvas-clip';

export interface Clipboard {
  read: () => Clip | null;
  /** How often it was pasted since: each time a little further on. */
  pastes: () => number;
  keep: (clip: Clip) => void;
  pasted: (clip: Clip) => void;
}

export function createClipboard(storage: Pick<Storage, 'getItem' | 'setItem'>): Clipboard {
  let kept: { text: string; clip: Clip } | null = null;
  let times = 0;
  const write = (clip: Clip) => {
    try {
      storage.setItem(key, JSON.stringify(clip));
    } catch {
      // Full or forbidden: it lasts as long as the page then.
    }
    kept = { text: JSON.stringify(clip), clip };
  };
  return {
    read() {
      const text = storage.getItem(key);
      if (text === null) return kept?.clip ?? null;
      // Written by this module only, within this tab.
      if (kept?.text !== text) kept = { text, clip: JSON.parse(text) as Clip };
      return kept.clip;
    },
    pastes: () => times,
    keep(clip) {
      times = 0;
      write(clip);
    },
    pasted(clip) {
      times += 1;
      // What was cut is where it belongs; pasting again makes copies.
      if (clip.cut) write({ ...clip, cut: false });
    },
  };
}
