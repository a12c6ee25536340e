// Where a command writes to and asks from; nothing that a server sent can act on the terminal.
import { createInterface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';
import { Refused, Usage } from './refused.ts';

export interface Terminal {
  /** A line of the answer, to standard output. */
  line(text: string): void;
  /** A line beside the answer (progress, warnings), to standard error. */
  note(text: string): void;
  /** Shows a passing line in the place of the last one where a person watches; null takes it away. */
  passing(text: string | null): void;
  /** Does a person watch? */
  readonly watched: boolean;
  ask(question: string): Promise<string>;
  askHidden(question: string): Promise<string>;
  /** Everything that standard input gives, without its last line end. */
  readAll(): Promise<string>;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Control characters as escapes. Line ends stay. */
export function harmless(text: string): string {
  return text.replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export interface Streams {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable;
  stderr: Writable & { isTTY?: boolean; columns?: number };
}

export function openTerminal({ stdin, stdout, stderr }: Streams): Terminal {
  const watched = stderr.isTTY === true;
  let shown = false;
  const clear = () => {
    if (shown) stderr.write('\r\u001b[K');
    shown = false;
  };

  async function question(text: string, hidden: boolean): Promise<string> {
    if (stdin.isTTY !== true) throw new Usage(`There is no terminal to ask on: ${text.trim()}`);
    stderr.write(text);
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const reader = createInterface({ input: stdin, output: hidden ? nowhere : stderr, terminal: true });
    const stop = new AbortController();
    reader.on('SIGINT', () => stop.abort());
    reader.on('close', () => stop.abort());
    try {
      return await reader.question('', { signal: stop.signal });
    } catch {
      throw new Refused('Given up.');
    } finally {
      reader.close();
      if (hidden) stderr.write('\n');
    }
  }

  return {
    watched,
    line(text) {
      clear();
      stdout.write(`${harmless(text)}\n`);
    },
    note(text) {
      clear();
      stderr.write(`${harmless(text)}\n`);
    },
    passing(text) {
      if (!watched) return;
      clear();
      if (text === null) return;
      stderr.write(harmless(text).slice(0, (stderr.columns ?? 80) - 1));
      shown = true;
    },
    ask: (text) => question(text, false),
    askHidden: (text) => question(text, true),
    async readAll() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks)
        .toString('utf8')
        .replace(/\r?\n$/, '');
    },
  };
}
