// `taylordash logout`: ends the session on the server and forgets it here.
import { ApiProblem, createClient, Unreachable } from '@taylordash/sdk/client';
import { type Command, readArguments } from '../command.ts';
import { forgetSession, readSession } from '../session-file.ts';

export const logout: Command = {
  words: ['logout'],
  takes: '',
  summary: 'End the session',
  help: '',
  async run(args, terminal) {
    readArguments(args, {});
    const session = await readSession();
    if (!session) return terminal.line('You are not signed in.');
    try {
      await createClient({ base_url: session.url, token: session.token }).call('logout', {});
    } catch (error) {
      if (error instanceof Unreachable) {
        terminal.note(
          `${session.url} does not answer: the session is forgotten here, and ends there by itself in time.`,
        );
      } else if (!(error instanceof ApiProblem && error.body.code === 'auth.required')) throw error;
    }
    await forgetSession();
    terminal.line('Signed out.');
  },
};
