// The floor of list_projects: a bare HTTP server that hands out one prepared query of the same rows, and does nothing else.
import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 });
const query = {
  name: 'page',
  text: `select json_agg(p)::text as page from (
    select id, name, description, status, owner_id, metadata, created_at, updated_at, start_on, due_on, working_days, version
    from public.projects order by updated_at desc, id desc limit 50) p`,
};
const server = createServer(async (_request, response) => {
  const { rows } = await pool.query(query);
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(rows[0].page));
  response.end(rows[0].page);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
});
process.once('disconnect', () => process.exit(0));
