// The only reader of the environment: one table of settings, one frozen object, or one error that names every bad variable.
import { isIP } from 'node:net';

/** One setting: how its text becomes a value, and what the documentation says of it. */
interface Field<T> {
  doc: string;
  /** As shown in documentation; empty where there is none. */
  default: string;
  secret?: true;
  read(text: string | undefined): T;
}

class BadValue extends Error {}

const text = (fallback: string, doc: string, secret?: true): Field<string> => ({
  doc,
  default: fallback,
  ...(secret ? { secret } : {}),
  read: (value) => value ?? fallback,
});

const optionalText = (doc: string, secret?: true): Field<string | null> => ({
  doc,
  default: '',
  ...(secret ? { secret } : {}),
  read: (value) => value ?? null,
});

const integer = (fallback: number, min: number, max: number, doc: string): Field<number> => ({
  doc,
  default: String(fallback),
  read(value) {
    if (value === undefined) return fallback;
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max)
      throw new BadValue(`must be a whole number from ${min} to ${max}`);
    return number;
  },
});

const oneOf = <const T extends string>(values: readonly T[], fallback: T, doc: string): Field<T> => ({
  doc,
  default: fallback,
  read(value) {
    const found = values.find((candidate) => candidate === (value ?? fallback));
    if (found === undefined) throw new BadValue(`must be one of ${values.join(', ')}`);
    return found;
  },
});

const address = (protocols: readonly string[], doc: string, secret?: true): Field<string | null> => ({
  doc,
  default: '',
  ...(secret ? { secret } : {}),
  read(value) {
    if (value === undefined) return null;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      throw new BadValue(
        `must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
      );
    }
    return value;
  },
});

const networks = (doc: string): Field<readonly string[]> => ({
  doc,
  default: '',
  read(value) {
    const items = (value ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (!items.every(isNetwork)) throw new BadValue('must be addresses or networks such as 10.0.0.2 or 172.16.0.0/12');
    return items;
  },
});

function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [ip = '', bits, ...rest] = text.split('/');
  const family = isIP(ip);
  if (family === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

/** Every setting under the name of its environment variable. */
export const configFields = {
  HOST: optionalText('Address that HTTP listens on. Unset: as chosen at set-up, at first this machine alone.'),
  PORT: integer(3000, 0, 65_535, 'Port of HTTP.'),
  PUBLIC_URL: address(['http:', 'https:'], 'Where people reach TaylorDash, when a proxy stands before it.'),
  DATA_DIR: text('./data', 'Folder of the embedded database and of what TaylorDash keeps beside it.'),
  DATABASE_URL: address(
    ['postgres:', 'postgresql:'],
    'PostgreSQL 15 or later (`?sslmode=verify-full` for TLS). Unset: an embedded one.',
    true,
  ),
  DATABASE_POOL_SIZE: integer(10, 2, 200, 'Most connections that this server opens for requests.'),
  DATABASE_WAIT_SECONDS: integer(60, 0, 86_400, 'How long a start waits for a database that does not answer.'),
  MQTT_URL: address(
    ['mqtt:', 'mqtts:'],
    'An MQTT broker (3.1.1 or 5), with user and password where it wants them. Unset: an embedded one.',
    true,
  ),
  MQTT_HOST: text('127.0.0.1', 'Address that the embedded broker listens on.'),
  MQTT_PORT: integer(1883, 0, 65_535, 'Port of the embedded broker.'),
  MQTT_TLS_PORT: integer(
    8883,
    0,
    65_535,
    'Port of the embedded broker for TLS; used where TLS_CERT and TLS_KEY are set.',
  ),
  MQTT_CA: optionalText(
    'File with the certificate (PEM) of the authority of the broker at MQTT_URL, where it is your own.',
  ),
  TLS_CERT: optionalText('File with the certificate chain (PEM); with TLS_KEY, HTTPS.'),
  TLS_KEY: optionalText('File with the private key (PEM).'),
  TRUST_PROXY: networks('Addresses or networks of the proxies whose X-Forwarded headers count, separated by commas.'),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error'], 'info', 'Least severe level that is logged.'),
  TAYLORDASH_ADMIN_USERNAME: optionalText(
    'Name of the first administrator; first start only, instead of the one-time code.',
  ),
  TAYLORDASH_ADMIN_PASSWORD: optionalText('Password of the first administrator; first start only.', true),
} as const satisfies Record<string, Field<unknown>>;

export type Config = { readonly [K in keyof typeof configFields]: ReturnType<(typeof configFields)[K]['read']> };

/** Thrown with one line for each bad variable; never shows a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the settings. An empty variable counts as unset. Throws ConfigError. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const wrong: string[] = [];
  const entries = Object.entries<Field<unknown>>(configFields).map(([name, field]) => {
    try {
      return [name, field.read(environment[name] === '' ? undefined : environment[name])];
    } catch (error) {
      if (!(error instanceof BadValue)) throw error;
      wrong.push(`${name} ${error.message}.`);
      return [name, undefined];
    }
  });
  // The entries were made from the table's own names and readers.
  const config = Object.freeze(Object.fromEntries(entries) as Config);
  if ((config.TLS_CERT === null) !== (config.TLS_KEY === null))
    wrong.push('TLS_CERT and TLS_KEY must be set together.');
  if ((config.TAYLORDASH_ADMIN_USERNAME === null) !== (config.TAYLORDASH_ADMIN_PASSWORD === null)) {
    wrong.push('TAYLORDASH_ADMIN_USERNAME and TAYLORDASH_ADMIN_PASSWORD must be set together.');
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return config;
}
