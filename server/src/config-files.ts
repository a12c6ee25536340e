// Reads the files that the configuration names: certificates and a private key.
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Config } from './config.ts';
import type { TlsFiles } from './events/mqtt-listener.ts';
import type { EventsOptions } from './events/start-events.ts';

/** A file of TLS_CERT, TLS_KEY or MQTT_CA cannot be read or used. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

/** Null where the server speaks without TLS. Throws TlsFileError. */
export async function readTls(config: Config): Promise<TlsFiles | null> {
  if (config.TLS_CERT === null || config.TLS_KEY === null) return null;
  const read = (name: string, path: string) =>
    readFile(path, 'utf8').catch((error: Error) => {
      throw new TlsFileError(`${name} cannot be read: ${error.message}`);
    });
  const tls = { cert: await read('TLS_CERT', config.TLS_CERT), key: await read('TLS_KEY', config.TLS_KEY) };
  try {
    createSecureContext(tls);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TlsFileError(
      `TLS_CERT and TLS_KEY are no certificate chain and the private key to it, both in PEM without a pass phrase: ${reason}`,
    );
  }
  return tls;
}

/** Which broker is used, and how. Throws TlsFileError. */
export async function mqttOf(config: Config, tls: TlsFiles | null): Promise<EventsOptions['mqtt']> {
  const { MQTT_URL: url, MQTT_HOST: host, MQTT_PORT: port, MQTT_TLS_PORT: tls_port } = config;
  if (url === null) return { host, port, ...(tls === null ? {} : { tls: { ...tls, port: tls_port } }) };
  if (config.MQTT_CA === null) return { url };
  const ca = await readFile(config.MQTT_CA, 'utf8').catch((error: Error) => {
    throw new TlsFileError(`MQTT_CA cannot be read: ${error.message}`);
  });
  return { url, ca };
}
