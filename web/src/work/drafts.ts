// Text that was typed and not saved yet, kept in this browser until it is saved or given up.

export interface TextDraft<T> {
  text: string;
  /** What the text belongs to, as it was when typing began. */
  base: T;
  /** Milliseconds since 1970. */
  at: number;
}

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const prefix = 'td.draft.';
/** Drafts kept at the most; the oldest go. */
const most = 50;

const place = (user_id: string, key: string) => `${prefix}${user_id}.${key}`;

export function readTextDraft<T>(storage: Kept, user_id: string, key: string): TextDraft<T> | null {
  try {
    // Written by keepTextDraft alone.
    return JSON.parse(storage.getItem(place(user_id, key)) ?? 'null') as TextDraft<T> | null;
  } catch {
    return null;
  }
}

export function keepTextDraft<T>(storage: Kept, user_id: string, key: string, draft: TextDraft<T>): void {
  try {
    storage.setItem(place(user_id, key), JSON.stringify(draft));
    const all = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((name) =>
      name.startsWith(prefix),
    );
    if (all.length <= most) return;
    const at = (name: string) => Number(/"at":(\d+)\}$/.exec(storage.getItem(name) ?? '')?.[1] ?? 0);
    for (const name of all.sort((a, b) => at(a) - at(b)).slice(0, all.length - most)) storage.removeItem(name);
  } catch {
    // Storage is full or switched off: it lasts as long as the field.
  }
}

export function dropTextDraft(storage: Kept, user_id: string, key: string): void {
  try {
    storage.removeItem(place(user_id, key));
  } catch {
    // Then there is none.
  }
}
