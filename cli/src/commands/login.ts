// `taylordash login`: asks who you are and keeps the session for the commands that follow.
import { createClient } from '@taylordash/sdk/client';
import { type Command, readArguments } from '../command.ts';
import { usualUrl } from '../connect.ts';
import { Refused, Usage } from '../refused.ts';
import { keepSession } from '../session-file.ts';

export const login: Command = {
  words: ['login'],
  takes: '[--url URL] [--username NAME] [--password-stdin]',
  summary: 'Sign in and stay signed in',
  help: `  --url URL          where TaylorDash is; http://localhost:3000 at first, later where you signed in last
  --username NAME    asked for where it is missing
  --password-stdin   reads the password from standard input instead of asking

The session is kept in ~/.config/taylordash/session.json (in TAYLORDASH_CONFIG_DIR where that is set), readable by you
alone. Scripts may set TAYLORDASH_URL and TAYLORDASH_TOKEN instead of signing in.`,
  async run(args, terminal) {
    const { values } = readArguments(args, {
      url: { type: 'string' },
      username: { type: 'string' },
      'password-stdin': { type: 'boolean' },
    });
    const url = tidy(values.url ?? (await usualUrl()));
    const client = createClient({ base_url: url });
    // Before anything is typed: is it there?
    const { data: status } = await client.call('setupStatus', {});
    if (status.needed)
      throw new Refused(
        'TaylorDash has no administrator yet.',
        `Open ${url}/setup with the code it printed (a new one: npx taylordash setup).`,
      );
    if (isPlainBeyondLoopback(url)) terminal.note(`${url} is not encrypted: the password can be read on the way.`);
    if (values['password-stdin'] && values.username === undefined)
      throw new Usage('--password-stdin needs --username.');
    const username = values.username ?? (await terminal.ask('User name: '));
    const password = values['password-stdin'] ? await terminal.readAll() : await terminal.askHidden('Password: ');
    if (username === '' || password === '') throw new Usage('User name and password must not be empty.');
    const { data } = await client.call('login', { body: { username, password, keep_signed_in: true } });
    if (data.token === undefined) throw new Refused('The server answered without a token.');
    const file = await keepSession({ url, token: data.token });
    terminal.line(
      `Signed in to ${url} as ${data.user.username} (${data.user.role}), until ${data.expires_at.slice(0, 10)}.`,
    );
    terminal.note(`Kept in ${file}.`);
  },
};

function tidy(text: string): string {
  const withScheme = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(withScheme))
    throw new Usage(`${JSON.stringify(text)} is no address such as http://localhost:3000.`);
  const url = new URL(withScheme);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Usage('The address must begin with http:// or https://.');
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function isPlainBeyondLoopback(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol === 'http:' && !/^(localhost|127\..*|\[::1\])$/.test(hostname);
}
