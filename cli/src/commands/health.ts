// `taylordash health`: is it ready, and how is each of its parts.
import { ApiProblem, createClient } from '@taylordash/sdk/client';
import { type Command, readArguments } from '../command.ts';
import { usualUrl } from '../connect.ts';
import { Refused } from '../refused.ts';
import { readSession } from '../session-file.ts';

export const health: Command = {
  words: ['health'],
  takes: '[--url URL]',
  summary: 'Say how TaylorDash is, part by part where you are signed in',
  help: '  --url URL   another TaylorDash than the one of the last sign-in\n\nEnds with 1 where something is unavailable.',
  async run(args, terminal) {
    const { values } = readArguments(args, { url: { type: 'string' } });
    const url = values.url ?? (await usualUrl());
    await createClient({ base_url: url }).call('ready', {});
    terminal.line(`TaylorDash at ${url} is ready.`);
    const session = values.url === undefined ? await readSession() : null;
    if (!session) return;
    try {
      const { data } = await createClient({ base_url: url, token: session.token }).call('stack', {});
      for (const { name, state, latency_ms, detail } of data.parts) {
        const latency = latency_ms === null ? '' : `${latency_ms} ms`;
        terminal.line(`  ${name.padEnd(9)} ${state.padEnd(11)} ${latency.padStart(9)}  ${detail}`);
      }
      if (data.state === 'unavailable') throw new Refused('A part is unavailable.', 'Look at the log of the server.');
    } catch (error) {
      if (error instanceof ApiProblem && error.body.code === 'auth.required')
        return terminal.note('Sign in to see each part: npx taylordash login');
      throw error;
    }
  },
};
