// The command line: finds the command, gives help, turns errors into words and exit codes (0 done, 1 refused, 2 called wrongly).
import type { Command } from './command.ts';
import { activity } from './commands/activity.ts';
import { add } from './commands/add.ts';
import { componentList } from './commands/component-list.ts';
import { dbMigrate } from './commands/db-migrate.ts';
import { deviceAdd, deviceDisable, deviceEnable, deviceList, deviceRemove, deviceRotate } from './commands/device.ts';
import { deviceBind, deviceBindings, deviceSignals, deviceUnbind } from './commands/device-values.ts';
import { dlqDiscard } from './commands/dlq-discard.ts';
import { dlqDryRun } from './commands/dlq-dry-run.ts';
import { dlqGroups } from './commands/dlq-groups.ts';
import { dlqList } from './commands/dlq-list.ts';
import { dlqReplay } from './commands/dlq-replay.ts';
import { dlqRestore } from './commands/dlq-restore.ts';
import { dlqShow } from './commands/dlq-show.ts';
import {
  eventsArchives,
  eventsArchivesRelease,
  eventsArchivesRestore,
  eventsArchivesVerify,
} from './commands/events-archives.ts';
import { eventsGaps } from './commands/events-gaps.ts';
import { eventsList } from './commands/events-list.ts';
import { eventsPublish } from './commands/events-publish.ts';
import { eventsReplay, eventsReplays, eventsReplaysCancel } from './commands/events-replay.ts';
import { eventsTail } from './commands/events-tail.ts';
import { find } from './commands/find.ts';
import { health } from './commands/health.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { mine } from './commands/mine.ts';
import { projectExport } from './commands/project-export.ts';
import { projectImport } from './commands/project-import.ts';
import { projectList } from './commands/project-list.ts';
import { projectReady } from './commands/project-ready.ts';
import { projectVerify } from './commands/project-verify.ts';
import { setup } from './commands/setup.ts';
import { trace } from './commands/trace.ts';
import { undo } from './commands/undo.ts';
import { whoami } from './commands/whoami.ts';
import { describeFailure } from './failure.ts';
import { Usage } from './refused.ts';
import { openTerminal, type Streams, type Terminal } from './terminal.ts';

const commands: readonly Command[] = [
  ...[login, logout, whoami],
  ...[add, mine, find],
  ...[projectList, projectReady, projectImport, projectExport, projectVerify],
  ...[componentList],
  ...[activity, undo],
  // The longer ones first: the first that the words begin with is taken.
  ...[eventsArchivesVerify, eventsArchivesRestore, eventsArchivesRelease, eventsArchives],
  ...[eventsReplaysCancel, eventsReplays, eventsReplay],
  ...[eventsList, eventsTail, eventsPublish, eventsGaps, trace],
  ...[dlqList, dlqGroups, dlqShow, dlqDryRun, dlqReplay, dlqDiscard, dlqRestore],
  ...[deviceList, deviceAdd, deviceRotate, deviceEnable, deviceDisable, deviceRemove],
  ...[deviceSignals, deviceBindings, deviceBind, deviceUnbind],
  ...[health, setup, dbMigrate],
];

const synopsis = ({ words, takes }: Command) => `${words.join(' ')} ${takes}`.trimEnd();

function overview(some: readonly Command[]): string {
  const width = Math.max(...some.map((command) => synopsis(command).length));
  const rows = some.map((command) => `  ${synopsis(command).padEnd(width)}  ${command.summary}`);
  return `npx taylordash <command>\n\n${rows.join('\n')}\n\nMore of one: npx taylordash <command> --help`;
}

function helpOf(command: Command): string {
  return `npx taylordash ${synopsis(command)}\n\n${command.summary}.${command.help === '' ? '' : `\n\n${command.help}`}`;
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const command = commands.find(({ words }) => words.every((word, index) => args[index] === word));
  if (command) {
    const rest = args.slice(command.words.length);
    if (asksForHelp(rest)) return terminal.line(helpOf(command));
    return command.run(rest, terminal);
  }
  const first = args[0] === 'help' ? args[1] : args[0];
  const group = commands.filter(({ words }) => words[0] === first);
  const shown = group.length > 0 ? group : commands;
  if (args[0] === 'help' || asksForHelp(args)) return terminal.line(overview(shown));
  if (args.length === 0) throw new Usage(overview(commands));
  const known =
    group.length > 0 && args.length === 1 ? `${first} needs a word more.` : `There is no command ${args.join(' ')}.`;
  throw new Usage(`${known}\n\n${overview(shown)}`);
}

/** Does what the arguments of a command line say; answers with its exit code. */
export async function runCommandLine(args: readonly string[], streams: Streams): Promise<number> {
  const terminal = openTerminal(streams);
  try {
    await run(args, terminal);
    return 0;
  } catch (error) {
    const failure = describeFailure(error);
    for (const line of failure?.lines ?? [
      'This is a bug of the command line:',
      error instanceof Error ? String(error.stack) : String(error),
    ])
      terminal.note(line);
    return failure?.exit_code ?? 1;
  }
}
