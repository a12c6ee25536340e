// Puts text on the clipboard, and says for a while how that went.
import { useState } from 'react';
import { strings } from '../strings.ts';

/** False where the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyAsByKey(text);
  }
}

/** As Ctrl C does it: over plain HTTP there is no `navigator.clipboard`, and where there is one it may be denied. */
function copyAsByKey(text: string): boolean {
  let copied = false;
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
    copied = event.clipboardData !== null;
  };
  document.addEventListener('copy', give, true);
  try {
    return document.execCommand('copy') && copied;
  } finally {
    document.removeEventListener('copy', give, true);
  }
}

/** For a button that copies: what it says beside its own label, and what it does. */
export function useCopy(text: string): { copied: boolean; outcome: string | null; copy: () => void } {
  const [copied, setCopied] = useState<boolean | null>(null);
  return {
    copied: copied === true,
    outcome: copied === null ? null : copied ? strings.copied : strings.not_copied,
    copy: () => void copyText(text).then(setCopied),
  };
}
