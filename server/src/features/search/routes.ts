// HTTP of the search.
import type { Handlers } from '../../http/route.ts';
import type { SearchService } from './service.ts';

export function searchRoutes(search: SearchService): Pick<Handlers, 'search'> {
  return { search: async ({ context, query }) => ({ body: await search.find(context, query) }) };
}
