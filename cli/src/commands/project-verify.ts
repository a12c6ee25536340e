// `taylordash project verify`: rebuilds projects from their events and says where the tables differ.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { projectId } from '../project-id.ts';
import { Refused, Usage } from '../refused.ts';

/** Differences that are shown of each project; more are counted. */
const mostShown = 20;

export const projectVerify: Command = {
  words: ['project', 'verify'],
  takes: 'ID|NAME | --all',
  summary: 'Rebuild from events and compare with the tables',
  help: `  --all   every project there is

For administrators. Exit code 1 where something differs. A deleted project can be named by its id.`,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { all: { type: 'boolean' } }, ['ID|NAME?']);
    const [named] = positionals;
    if ((named === undefined) === (values.all !== true)) throw new Usage('Name one project, or say --all.');
    const client = await signedIn();
    let different = 0;
    let checked = 0;

    const verify = async (id: string) => {
      const { data } = await client.call('verifyProject', { params: { id } });
      checked++;
      const from = data.begins_after === null ? '' : `, from the snapshot at event ${data.begins_after} on`;
      const verdict = data.different === 0 ? 'equal' : `${data.different} differences`;
      terminal.line(`${data.name ?? id}: ${verdict} (${data.events} events${from})`);
      if (data.different > 0) different++;
      for (const { entity, id: row, name, field, table, rebuilt } of data.differences.slice(0, mostShown)) {
        const what = `${entity} ${name === null ? row : `“${name}” (${row})`}`;
        if (field !== null)
          terminal.line(`  ${what}: ${field} is ${JSON.stringify(table)}, its events say ${JSON.stringify(rebuilt)}`);
        else if (table === null) terminal.line(`  ${what} is missing: its events say that it is there`);
        else terminal.line(`  ${what} is there: no event says so`);
      }
      if (data.different > mostShown) terminal.line(`  and ${data.different - mostShown} more`);
    };

    if (named !== undefined) await verify(await projectId(client, named));
    else {
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
        const { data } = await client.call('listProjects', { query });
        for (const { id } of data.items) await verify(id);
        cursor = data.next_cursor;
      }
      terminal.note(`${checked} projects, ${different} of them differ.`);
    }
    if (different > 0) throw new Refused('The tables differ from what the events tell.');
  },
};
