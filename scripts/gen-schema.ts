// Generates what follows from a freshly migrated database: db/schema.md and server/src/db/types.gen.ts.
import pg from 'pg';
import { startTestPostgres, withDatabase } from '../test/harness/cluster.ts';
import { schemaPage } from './schema-page.ts';
import { schemaTypes } from './schema-types.ts';

export async function generateSchema(): Promise<Map<string, string>> {
  // Always the embedded PostgreSQL: versions describe the same catalogue in different words.
  const postgres = await startTestPostgres({});
  const { admin_url, template } = postgres.provided;
  const client = new pg.Client({ connectionString: withDatabase(admin_url, template) });
  try {
    await client.connect();
    return new Map([
      ['db/schema.md', await schemaPage(client)],
      ['server/src/db/types.gen.ts', await schemaTypes(client)],
    ]);
  } finally {
    await client.end();
    await postgres.stop();
  }
}
