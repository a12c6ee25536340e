// Whether a key belongs to what is on show, or to somewhere that takes it first.

/** A box that is ticked takes Space alone. */
const textFields =
  'input:not([type="checkbox"], [type="radio"], [type="button"], [type="range"]), textarea, select, [contenteditable="true"]';

/** Is this where text goes, so that a key belongs to it? */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(textFields) !== null;
}

export function isOverlayOpen(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"], [role="menu"]') !== null;
}
