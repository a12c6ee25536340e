// Walks a list of the API, page after page.

interface Page<T> {
  data: { items: readonly T[]; next_cursor: string | null };
}

export async function* everyItem<T>(read: (more: { limit: number; cursor?: string }) => Promise<Page<T>>) {
  let cursor: string | null = null;
  do {
    const { data }: Page<T> = await read({ limit: 200, ...(cursor === null ? {} : { cursor }) });
    yield* data.items;
    cursor = data.next_cursor;
  } while (cursor !== null);
}
