// `taylordash find`: projects, components, tasks and people by name or id.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';

export const find: Command = {
  words: ['find'],
  takes: 'WORDS [--limit N] [--json]',
  summary: 'Find projects, components, tasks and people',
  help: `  --limit N   how many at the most, 1 to 50; 20 if it is left out
  --json      a line of JSON for each

Finds names that have all the words, the best first; or what an id stands for.`,
  async run(args, terminal) {
    const some = args.map((_, index) => `WORDS${index === 0 ? '' : '?'}`);
    const { values, positionals } = readArguments(
      args,
      { limit: { type: 'string' }, json: { type: 'boolean' } },
      some.length === 0 ? ['WORDS'] : some,
    );
    const client = await signedIn();
    const query = {
      q: positionals.join(' '),
      ...(values.limit === undefined ? {} : { limit: Number(values.limit) }),
    };
    const { items } = (await client.call('search', { query })).data;
    for (const item of items) {
      if (values.json) {
        terminal.line(JSON.stringify(item));
        continue;
      }
      const { type, id, name, status, project_name, component_name } = item;
      const place = [project_name, component_name].filter((part) => part !== null).join(' › ');
      const notes = [...(place === '' ? [] : [place]), ...(status === null ? [] : [status.replace('_', ' ')])];
      terminal.line(`${id}  ${type.padEnd(9)}  ${name}${notes.length === 0 ? '' : `  (${notes.join(', ')})`}`);
    }
    if (items.length === 0) terminal.note('Nothing is called so.');
  },
};
