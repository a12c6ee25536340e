// Pages of a list: together they are the list, in its order, whatever the sort; the last one says that it is.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../test/harness/app.ts';

let td: TestApp;
beforeAll(async () => {
  td = await testApp();
  for (const name of ['b', 'a', 'd', 'c', 'a', 'B']) await td.admin.call('createProject', { body: { name } });
});
afterAll(() => td.stop());

const sorts = ['-updated_at', 'updated_at', '-created_at', 'created_at', 'name', '-name'] as const;

it.each(sorts)('by %s', async (sort) => {
  const whole = await td.admin.call('listProjects', { query: { sort, limit: 6 } });
  expect(whole.data.next_cursor).toBeNull();
  expect(whole.data.items).toHaveLength(6);
  const field =
    sort.replace('-', '') === 'name' ? 'name' : sort.replace('-', '') === 'created_at' ? 'created_at' : 'updated_at';
  // Names go by the database's collation, which is not JavaScript's.
  if (field !== 'name') {
    const values = whole.data.items.map((item) => item[field]);
    expect(values).toEqual(sort.startsWith('-') ? values.toSorted().toReversed() : values.toSorted());
  }
  const pages: string[] = [];
  let cursor: string | null = null;
  do {
    const query: { sort: typeof sort; limit: number; cursor?: string } = { sort, limit: 2 };
    if (cursor !== null) query.cursor = cursor;
    const { data }: { data: typeof whole.data } = await td.admin.call('listProjects', { query });
    pages.push(...data.items.map(({ id }) => id));
    cursor = data.next_cursor;
  } while (cursor !== null);
  expect(pages).toEqual(whole.data.items.map(({ id }) => id));
});
