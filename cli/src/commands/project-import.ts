// `taylordash project import`: makes a project from a file and tells how far it is.
import { readFile } from 'node:fs/promises';
import { isJsonObject, parseStrictJson, placeInWords } from '@taylordash/core/json';
import { importProject } from '@taylordash/sdk/import';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { Refused } from '../refused.ts';
import type { Terminal } from '../terminal.ts';

export const projectImport: Command = {
  words: ['project', 'import'],
  takes: 'FILE [--skip-cycles] [--name NAME]',
  summary: 'Make a project from a file',
  help: `  FILE            the graph shape ({"title", "components", "dependencies"}) or what project export wrote; - for standard input
  --skip-cycles   leaves out the dependencies that close a cycle instead of refusing
  --name NAME     names the project otherwise than the file does

Everything is written in one transaction: a project that was refused has left nothing.`,
  async run(args, terminal) {
    const { values, positionals } = readArguments(
      args,
      { 'skip-cycles': { type: 'boolean' }, name: { type: 'string' } },
      ['FILE'],
    );
    const file = parseFile(await readText(positionals[0] ?? '-', terminal));
    const client = await signedIn();
    const started = performance.now();
    const result = await importProject(client, file, {
      ...(values['skip-cycles'] ? { skip_cycles: true } : {}),
      ...(values.name === undefined ? {} : { name: values.name }),
      on_progress: progressOn(terminal),
    });
    terminal.passing(null);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const { project, components, dependencies, tasks, skipped, unknown_people } = result;
    terminal.line(
      `${project.name} has ${components} components, ${dependencies} dependencies and ${tasks} tasks (${seconds} s).`,
    );
    terminal.line(project.id);
    for (const { component, depends_on } of skipped)
      terminal.note(`Left out, since it closes a cycle: ${component} → ${depends_on}`);
    if (unknown_people.length > 0)
      terminal.note(`Nobody here is called ${unknown_people.join(', ')}: what was theirs has nobody now.`);
  },
};

async function readText(path: string, terminal: Terminal): Promise<string> {
  if (path === '-') return terminal.readAll();
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Refused(
      error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${error.message}`,
    );
  });
}

/** As strict as the server, so that what would be lost on the way (a key that comes twice) is told. */
function parseFile(text: string): Record<string, unknown> {
  const parsed = parseStrictJson(text);
  if (!parsed.ok && parsed.fault === 'syntax') throw new Refused(`The file is not JSON: ${parsed.detail}.`);
  if (!parsed.ok) throw new Refused(`${placeInWords(parsed.pointer, 'The file')} ${parsed.detail}.`);
  if (!isJsonObject(parsed.value)) throw new Refused('The file must hold a JSON object.');
  return parsed.value;
}

/** A line that moves where a person watches; else a line for each tenth. */
function progressOn(terminal: Terminal): (done: number, total: number) => void {
  let told = 0;
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    const text = `${String(percent).padStart(3)} %  ${done} of ${total}`;
    if (terminal.watched) terminal.passing(`[${'='.repeat(percent / 5).padEnd(20)}] ${text}`);
    else if (percent >= told + 10 || done === total) {
      told = percent;
      terminal.note(text);
    }
  };
}
