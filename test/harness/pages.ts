// Walks a list from its first page to its last.
import { expect } from 'vitest';

interface Page<T> {
  data: { items: readonly T[]; next_cursor: string | null };
}

export async function everyPage<T>(read: (cursor: { cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const out: T[] = [];
  let cursor: { cursor?: string } = {};
  for (;;) {
    const { data } = await read(cursor);
    out.push(...data.items);
    if (data.next_cursor === null) return out;
    cursor = { cursor: data.next_cursor };
  }
}

/** Exactly these ids, each once, in the order of the sort column where it is one that shows. */
export function expectAllOnce(found: readonly { id: string }[], ids: readonly string[], sort: string): void {
  expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const field = sort.replace('-', '');
  if (field === 'name') return;
  const values = found.map((row) => String(new Map<string, unknown>(Object.entries(row)).get(field) ?? '9999'));
  const ordered = [...values].sort();
  expect(values).toEqual(sort.startsWith('-') ? ordered.reverse() : ordered);
}
