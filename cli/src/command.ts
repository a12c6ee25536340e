// What a command is, and how its arguments are read.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Usage } from './refused.ts';
import type { Terminal } from './terminal.ts';

export interface Command {
  /** What is typed to reach it: `['project', 'list']`. */
  words: readonly string[];
  /** Its arguments, as the help shows them. */
  takes: string;
  summary: string;
  /** The rest of its help: options, each on a line, and what is worth knowing. */
  help: string;
  /** Throws Refused or Usage, or what the sdk throws; returns when it is done. */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}

/** Reads options and the named arguments; a name that ends in `?` may be missing. Throws Usage. */
export function readArguments<const O extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: O,
  names: readonly string[] = [],
) {
  const { values, positionals } = parse(args, options);
  const needed = names.filter((name) => !name.endsWith('?'));
  if (positionals.length < needed.length) throw new Usage(`${needed[positionals.length]} is missing.`);
  if (positionals.length > names.length) throw new Usage(`${JSON.stringify(positionals[names.length])} is too much.`);
  return { values, positionals };
}

function parse<const O extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Usage(error instanceof Error ? `${error.message.split('. ')[0]}.` : String(error));
  }
}
