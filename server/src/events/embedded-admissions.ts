// Who may connect to the embedded broker: by account, client id and last will; and who a client that did is.
import type { Aedes, AuthenticateError, Client } from 'aedes';
import type { Log } from '../db/log.ts';
import { type Admission, type Door, isLoopback, nothingAllowed, type Rights } from './door.ts';
import { isServerTopic, longestClientId, mayPublish } from './embedded-rules.ts';
import { giveRoom } from './memory-bounds.ts';

export interface AdmissionsOptions {
  door: Door;
  log: Log;
  connected(client_id: string): Client | undefined;
  /** Of a kept session; null where there is none. */
  ownerOf(client_id: string): string | null;
}

export interface Admissions extends Pick<Aedes, 'preConnect' | 'authenticate'> {
  /** A device's id, empty for anonymous. */
  identityOf(client: Client): string;
  rightsOf(client: Client): Rights;
  /** Admitted and not connected yet. */
  arriving(): Iterable<Client>;
  /** Its client id; null where it gave none: what the broker makes up for it then is another one with each connection. */
  nameOf(client: Client): string | null;
}

export function embeddedAdmissions(options: AdmissionsOptions): Admissions {
  const { door, log } = options;
  const identities = new WeakMap<Client, string>();
  const identityOf = (client: Client) => identities.get(client) ?? '';
  const wills = new WeakMap<Client, { topic: string }>();
  const nameless = new WeakSet<Client>();
  const nameOf = (client: Client) => (nameless.has(client) ? null : client.id);
  /** Admitted and not connected yet. */
  const arriving = new Map<string, Client>();

  const preConnect: Admissions['preConnect'] = (client, packet, done) => {
    giveRoom(client);
    if (packet.protocolVersion === 5) {
      const who = JSON.stringify(packet.clientId ?? '').slice(0, 80);
      log.warn(`the MQTT client ${who} tried MQTT 5, which the embedded broker does not speak: choose 3.1.1 there`);
      const { address } = addressOf(client);
      door.turnedAway(packet.username ?? null, `it tried MQTT 5, from ${address}. Choose MQTT 3.1.1 in its settings`);
    }
    if (packet.will) wills.set(client, packet.will);
    if (!packet.clientId) nameless.add(client);
    done(null, client.conn.destroyed !== true);
  };

  const authenticate: Admissions['authenticate'] = (client, username, password, done) => {
    const applicant = {
      username: username ?? null,
      password: password ?? null,
      client_id: client.id,
      calls_itself: nameOf(client),
      ...addressOf(client),
    };
    const decide = (admission: Admission): void => {
      const no = admission.ok ? contradiction(client, admission.rights) : null;
      if (admission.ok && no === null) {
        identities.set(client, admission.rights.identity);
        noteArrival(client);
        client.once('connected', () => door.connected(admission.rights, applicant));
        done(null, true);
        return;
      }
      const reason = no ?? (admission.ok ? '' : admission.reason);
      log.warn(
        `the MQTT client ${JSON.stringify(client.id).slice(0, 80)} from ${applicant.address} was refused: ${reason}`,
      );
      const returnCode = no !== null ? 2 : !admission.ok && admission.bad_password ? 4 : 5;
      const error: AuthenticateError = Object.assign(new Error(reason), { returnCode });
      done(error, false);
    };
    door.admit(applicant).then(decide, (error: Error) => {
      log.warn(`an MQTT client could not be looked up: ${error.message}`);
      done(Object.assign(new Error('unavailable'), { returnCode: 3 as const }), false);
    });
  };

  /** Until it is among the clients, which can take as long as the database does. */
  function noteArrival(client: Client): void {
    if (closed(client)) return;
    arriving.set(client.id, client);
    const arrived = () => {
      if (arriving.get(client.id) === client) arriving.delete(client.id);
    };
    client.once('connected', arrived);
    client.conn.once('close', arrived);
  }

  /** Why an account that is known may not connect like this, or null. */
  function contradiction(client: Client, its: Rights): string | null {
    const { id } = client;
    if (id.includes('\0') || Buffer.byteLength(id) > longestClientId)
      return `a client id has ${longestClientId} bytes at the most and no NUL`;
    // MQTT 3.1.1, 3.1.3-8: it could never take that session up again.
    if (nameless.has(client) && !client.clean) return 'it has no client id and wants its session kept';
    const present = options.connected(id) ?? arriving.get(id);
    const owner = present ? identityOf(present) : options.ownerOf(id);
    if (owner !== null && owner !== its.identity) return 'its client id belongs to another account';
    const will = wills.get(client);
    if (will && (isServerTopic(will.topic) || !mayPublish(its, will.topic)))
      return `its last will is on ${JSON.stringify(will.topic).slice(0, 80)}, where ${its.name} may not publish`;
    return null;
  }

  return {
    preConnect,
    authenticate,
    identityOf,
    nameOf,
    arriving: () => arriving.values(),
    // Asked each time: what an account may do changes while it is connected.
    rightsOf: (client) => door.rightsOf(identityOf(client)) ?? nothingAllowed,
  };
}

export function closed(client: Client): boolean {
  return client.closed || client.conn.destroyed === true;
}

function addressOf(client: Client): { address: string; loopback: boolean } {
  const { conn } = client;
  const address = ('remoteAddress' in conn ? (conn.remoteAddress ?? '') : '').replace(/^::ffff:(?=\d+\.)/, '');
  return { address, loopback: isLoopback(address) };
}
