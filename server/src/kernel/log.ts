// The server's own log: JSON lines for machines, plain lines where a person watches.
import { type Logger, pino } from 'pino';

export type Log = Logger;

const redacted = ['password', 'new_password', 'current_password', 'token', 'authorization', 'cookie', 'code'];

export interface LogOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Plain lines instead of JSON. */
  plain: boolean;
  /** Takes one line with its end; standard output by default. */
  write?: (line: string) => void;
}

export function createLog(options: LogOptions): Log {
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  return pino(
    {
      level: options.level,
      base: null,
      redact: {
        paths: redacted.flatMap((key) => [key, `*.${key}`]),
        censor: (value, path) => (path[0] === 'err' && path.at(-1) === 'code' ? value : '[redacted]'),
      },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    { write: (line: string) => write(options.plain ? plainLine(line) : line) },
  );
}

/** `10:30:00 warn  message  key=value`. Control characters stay escaped, so that nothing logged can act on a terminal. */
function plainLine(line: string): string {
  const { time, level, msg, err, ...rest }: Record<string, unknown> = JSON.parse(line);
  const fields = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? safe(value) : JSON.stringify(value)}`,
  );
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${safe(String(err.stack))}` : '';
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${safe(String(msg ?? ''))}${fields.length > 0 ? `  ${fields.join(' ')}` : ''}${stack}\n`;
}

function safe(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, (character) =>
    JSON.stringify(character).slice(1, -1),
  );
}
