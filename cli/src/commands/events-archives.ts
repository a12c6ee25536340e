// `taylordash events archives`: lists the archives of old events, checks one, brings one back, lets one go again.
import { sayBytes } from '@taylordash/core/bytes';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { Refused } from '../refused.ts';

export const eventsArchives: Command = {
  words: ['events', 'archives'],
  takes: '[--json]',
  summary: 'Archives of old events',
  help: '  --json   as JSON\n\nFor administrators. They are in DATA_DIR/archive/events of the server that wrote them.',
  async run(args, terminal) {
    const { values } = readArguments(args, { json: { type: 'boolean' } });
    const { items } = (await (await signedIn()).call('listArchives', {})).data;
    if (values.json) return terminal.line(JSON.stringify(items, null, 2));
    if (items.length === 0) return terminal.note('No events were archived here.');
    for (const { name, events, bytes, oldest_at, newest_at, present, pinned, fault } of items) {
      const days = [oldest_at, newest_at].map((at) => at?.slice(0, 10) ?? '?').join(' to ');
      const where = present ? (pinned ? ', brought back and pinned' : ', in the database too') : '';
      terminal.line(`${name}  ${fault ?? `${events} events, ${sayBytes(bytes)}, ${days}${where}`}`);
    }
  },
};

export const eventsArchivesVerify: Command = {
  words: ['events', 'archives', 'verify'],
  takes: '[NAME]',
  summary: 'Check archives against their checksums; all without a name',
  help: 'Exit code 1 where one is damaged.',
  async run(args, terminal) {
    const { positionals } = readArguments(args, {}, ['NAME?']);
    const client = await signedIn();
    const [named] = positionals;
    const names =
      named === undefined ? (await client.call('listArchives', {})).data.items.map(({ name }) => name) : [named];
    let damaged = 0;
    for (const name of names) {
      const { fault } = (await client.call('verifyArchive', { params: { name } })).data;
      terminal.line(`${name}: ${fault ?? 'whole'}`);
      if (fault !== null) damaged++;
    }
    if (damaged > 0) throw new Refused(`${damaged} of ${names.length} archives are damaged.`);
  },
};

export const eventsArchivesRestore: Command = {
  words: ['events', 'archives', 'restore'],
  takes: 'NAME',
  summary: 'Bring the events of an archive back',
  help: 'They stay until npx taylordash events archives release. Nothing is sent to anybody.',
  async run(args, terminal) {
    const { positionals } = readArguments(args, {}, ['NAME']);
    const client = await signedIn();
    const { data } = await client.call('restoreArchive', { params: { name: positionals[0] ?? '' } });
    terminal.line(`${data.events} events of ${data.name} are back.`);
  },
};

export const eventsArchivesRelease: Command = {
  words: ['events', 'archives', 'release'],
  takes: 'NAME',
  summary: 'Let the policy drop again what was brought back',
  help: '',
  async run(args, terminal) {
    const { positionals } = readArguments(args, {}, ['NAME']);
    const name = positionals[0] ?? '';
    await (await signedIn()).call('releaseArchive', { params: { name } });
    terminal.line(`${name} goes with the next round of retention.`);
  },
};
