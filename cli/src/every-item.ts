// Walks a list of the API, page after page, and shows it.
import type { Terminal } from './terminal.ts';

interface Page<T> {
  data: { items: readonly T[]; next_cursor: string | null };
}

type Read<T> = (more: { limit: number; cursor?: string }) => Promise<Page<T>>;

const pageItems = 200;

async function* everyItem<T>(read: Read<T>, most: number) {
  let cursor: string | null = null;
  let left = most;
  do {
    const limit = Math.min(pageItems, left);
    const { data }: Page<T> = await read({ limit, ...(cursor === null ? {} : { cursor }) });
    yield* data.items;
    left -= data.items.length;
    cursor = data.next_cursor;
  } while (cursor !== null && left > 0);
}

export interface Shown<T> {
  json: boolean | undefined;
  line(item: T): string;
  /** What to say where there is none. */
  none: string;
  /** How many are shown at the most; all by default. */
  most?: number;
}

/** Shows every item on a line of its own, as JSON where that is asked for. */
export async function showEvery<T>(terminal: Terminal, read: Read<T>, options: Shown<T>): Promise<void> {
  const { json, line, none, most = Number.POSITIVE_INFINITY } = options;
  let shown = 0;
  for await (const item of everyItem(read, most)) {
    shown++;
    terminal.line(json ? JSON.stringify(item) : line(item));
  }
  if (shown === 0) terminal.note(none);
}
