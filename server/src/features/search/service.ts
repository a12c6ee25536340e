// Decides what a search looks for: an id, or words of names.
import { isUuid } from '@taylordash/core/envelope';
import type { Database } from '../../db/database.ts';
import { type Context, readHandle } from '../../kernel/context.ts';
import { type Found, searchId, searchNames } from './queries.ts';

export type SearchService = ReturnType<typeof searchService>;

export function searchService({ database }: { database: Database }) {
  return {
    async find(context: Context, { q, limit = 20 }: { q: string; limit?: number }): Promise<{ items: Found[] }> {
      const handle = readHandle(database, context);
      const text = q.trim();
      const items = isUuid(text)
        ? await searchId(handle, text.toLowerCase(), context.actor.id)
        : await searchNames(handle, text, context.actor.id, limit);
      return { items };
    },
  };
}
