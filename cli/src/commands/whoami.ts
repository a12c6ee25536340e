// `taylordash whoami`: who is signed in, and where.
import { type Command, readArguments } from '../command.ts';
import { signedIn, usualUrl } from '../connect.ts';

export const whoami: Command = {
  words: ['whoami'],
  takes: '',
  summary: 'Say who is signed in, and where',
  help: '',
  async run(args, terminal) {
    readArguments(args, {});
    const client = await signedIn();
    const { data: me } = await client.call('me', {});
    terminal.line(`${me.username} (${me.role}) at ${await usualUrl()}`);
    for (const { permission, project_id } of me.grants) {
      terminal.line(`  ${permission} in ${project_id === null ? 'every project' : `project ${project_id}`}`);
    }
  },
};
