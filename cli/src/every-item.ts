// Walks a list of the API, page after page, and shows it.
import type { Terminal } from './terminal.ts';

interface Page<T> {
  data: { items: readonly T[]; next_cursor: string | null };
}

type Read<T> = (more: { limit: number; cursor?: string }) => Promise<Page<T>>;

async function* everyItem<T>(read: Read<T>) {
  let cursor: string | null = null;
  do {
    const { data }: Page<T> = await read({ limit: 200, ...(cursor === null ? {} : { cursor }) });
    yield* data.items;
    cursor = data.next_cursor;
  } while (cursor !== null);
}

export interface Shown<T> {
  json: boolean | undefined;
  line(item: T): string;
  /** What to say where there is none. */
  none: string;
}

/** Shows every item on a line of its own, as JSON where that is asked for. */
export async function showEvery<T>(terminal: Terminal, read: Read<T>, { json, line, none }: Shown<T>): Promise<void> {
  let shown = 0;
  for await (const item of everyItem(read)) {
    shown++;
    terminal.line(json ? JSON.stringify(item) : line(item));
  }
  if (shown === 0) terminal.note(none);
}
