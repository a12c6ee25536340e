// Whether a key belongs to what is on show, or to somewhere that takes it first.

/** Is this where text goes, so that a key belongs to it? */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}

export function isOverlayOpen(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"], [role="menu"]') !== null;
}
