// Who may connect to the embedded broker, and what they may do there: asked by the broker, answered by the accounts of devices.
import { ingestedTopicFilters } from '@taylordash/core/topics';

/** What a client may do. */
export interface Rights {
  /** Whose idempotency keys and sessions it shares: a device's id, empty for anonymous. */
  identity: string;
  /** For logs and refusals. */
  name: string;
  /** Topic filters of what it may publish, beside what is the server's alone. */
  publish: readonly string[];
  /** Topic filters of what it may be sent, of what a viewer may see. */
  subscribe: readonly string[];
}

export interface Applicant {
  username: string | null;
  password: Buffer | null;
  client_id: string;
  /** Null where it gave no client id and the broker made one up. */
  calls_itself: string | null;
  address: string;
  /** From this machine? */
  loopback: boolean;
}

export type Admission = { ok: true; rights: Rights } | { ok: false; bad_password: boolean; reason: string };

/** A message as a client published it, for who keeps count. */
export interface Heard {
  topic: string;
  payload: Buffer;
  qos: number;
  retain: boolean;
}

export interface Door {
  admit(applicant: Applicant): Promise<Admission>;
  /** Of a session that is kept; null where there is no such account any more. */
  rightsOf(identity: string): Rights | null;
  connected(rights: Rights, applicant: Applicant): void;
  left(identity: string, client_id: string): void;
  /** Every message that was not refused. Called often: it must be quick. */
  heard(rights: Rights, message: Heard): void;
  /** What was refused to it, in words for its owner. */
  refused(rights: Rights, what: string): void;
  /** Why a client that calls itself so was sent away before it could give a password, in words for the account's owner. */
  turnedAway(username: string | null, why: string): void;
}

/** May publish events and metrics, and read what a viewer may. */
export const anonymous: Rights = {
  identity: '',
  name: 'an anonymous client',
  publish: ingestedTopicFilters.filter((filter) => !filter.startsWith('tracker/commands')),
  subscribe: ['#'],
};

/** Of an account that is gone while its connection is about to be. */
export const nothingAllowed: Rights = { identity: '', name: 'a device that was deleted', publish: [], subscribe: [] };

/** Is it an address of this machine for itself? */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** Admits clients without a name from this machine, where `allowed` says so. */
export function anonymousDoor(allowed: () => boolean): Door {
  return {
    async admit({ username, loopback }) {
      if (username !== null) return refuse('there is no such account', true);
      if (!loopback) return refuse('it has no account, which other machines need');
      if (!allowed()) return refuse('it has no account, which the home network needs');
      return { ok: true, rights: anonymous };
    },
    rightsOf: (identity) => (identity === '' ? anonymous : null),
    connected: () => undefined,
    left: () => undefined,
    heard: () => undefined,
    refused: () => undefined,
    turnedAway: () => undefined,
  };
}

export function refuse(reason: string, bad_password = false): Admission {
  return { ok: false, bad_password, reason };
}
