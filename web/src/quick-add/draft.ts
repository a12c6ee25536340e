// What was typed and not added yet: kept in this browser until it is.
import type { Part } from './plain-parts.ts';

export interface Draft {
  text: string;
  plain: readonly Part[];
}

const place = (user_id: string) => `td.quick_add.${user_id}`;
export const noDraft: Draft = { text: '', plain: [] };

export function readDraft(user_id: string): Draft {
  try {
    // Written by `keepDraft` alone.
    return (JSON.parse(localStorage.getItem(place(user_id)) ?? 'null') as Draft | null) ?? noDraft;
  } catch {
    return noDraft;
  }
}

export function keepDraft(user_id: string, draft: Draft): void {
  try {
    if (draft.text.trim() === '') localStorage.removeItem(place(user_id));
    else localStorage.setItem(place(user_id), JSON.stringify(draft));
  } catch {
    // Storage is switched off: it lasts as long as the field.
  }
}
