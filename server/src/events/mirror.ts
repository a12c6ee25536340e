// Batches of messages into events_mirror, each in one statement. Only the leader's connection runs them, one after the other: ids are
// commit ordered.
import type { LeaderConnection } from '../db/leader.ts';
import type { Waiting } from './ingest-queue.ts';
import { isMetric } from './message.ts';
import { sqlstateOf } from './sqlstate.ts';

/** SQL over a column `payload`: SHA-256 of kind and payload as jsonb writes them, so that spacing makes no difference. */
export const contentHash = "sha256(convert_to(jsonb_build_array(payload->'kind', payload->'payload')::text, 'UTF8'))";

/** Stands between the messages of a batch: no JSON text can have it, and nothing has to be escaped for it. */
const separator = '\x1e';

/** The batch as it is sent: bodies in one text; topic and publisher once for each pair that occurs. */
const parsed = (more: string, turn = '') => `
  select n, topics[place] as topic, client_ids[place] as client_id, identities[place] as identity, body::jsonb as payload${more}
  from (select $3::text[] as topics, $4::text[] as client_ids, $5::text[] as identities) p,${turn}
    rows from (string_to_table($1, E'\\x1e'), unnest($2::int[])) with ordinality as t (body, place, n)`;

/** Fails the statement unless the batch before it was stored. */
const inTurn = ' taylordash.in_turn($6, $7),';
const outOfTurn = 'TD001';

const measured = `, measured as (
  insert into logging.system_metrics (timestamp, service, metric_name, metric_value, metric_unit, tags)
  select (payload->>'ts')::timestamptz, split_part(topic, '/', 3), split_part(topic, '/', 4),
    (payload->'payload'->>'value')::float8, payload->'payload'->>'unit', payload->'payload'->'tags'
  from incoming where id is not null and topic like 'tracker/metrics/%'
)`;

/**
 * For a batch without any key that was there before, which is nearly every batch. Fails as a whole on the first one that was.
 * Order: position in the batch gives the order of ids. Locks what it inserts alone. No index but to insert.
 */
const freshStatement = (metrics: boolean) => `
with incoming as materialized (${parsed(", nextval('public.events_mirror_id_seq') as id", inTurn)}
), keyed as (
  insert into taylordash.event_keys (source, client_identity, key, content_hash, event_id)
  select 'mqtt', identity, payload->>'idempotency_key', ${contentHash}, id from incoming
)${metrics ? measured : ''}
insert into public.events_mirror (id, topic, payload, source, client_id, actor_id)
select id, topic, payload, 'mqtt', client_id, nullif(identity, '')::uuid from incoming`;

/** The batch, the hash of each message, and the hashes its key was used for before. */
const lookedUp = (echoes: boolean, turn = '') => `with parsed as materialized (${parsed('', turn)}
), hashed as materialized (
  select p.*, payload->>'idempotency_key' as key, ${contentHash} as hash from parsed p
), looked_up as materialized (
  select h.*, ${
    echoes
      ? `(select k.content_hash from taylordash.event_keys k
      where k.source = 'server' and k.client_identity = '' and k.key = h.key)`
      : 'null::bytea'
  } as ours,
    (select k.content_hash from taylordash.event_keys k
      where k.source = 'mqtt' and k.client_identity = h.identity and k.key = h.key) as known
  from hashed h
)`;

const whatWasFound = "case when ours = hash then 'echo' when known = hash then 'duplicate' else 'reused' end";

/**
 * For any batch. Order: position in the batch gives the order of ids. Locks what it inserts alone. Index: event_keys_pkey, once
 * or twice a message (a subquery, because a join might be planned over the whole table). What is not `known` is new: one
 * writer, and no key twice in a batch.
 */
const carefulStatement = (metrics: boolean, echoes: boolean, letters: boolean) => `
${lookedUp(echoes, inTurn)}, incoming as materialized (
  select l.*, case when known is null and ours is distinct from hash
    then nextval('public.events_mirror_id_seq') end as id
  from looked_up l
), keyed as (
  insert into taylordash.event_keys (source, client_identity, key, content_hash, event_id)
  select 'mqtt', identity, key, hash, id from incoming where id is not null
)${metrics ? measured : ''}, stored as (
  insert into public.events_mirror (id, topic, payload, source, client_id, actor_id)
  select id, topic, payload, 'mqtt', client_id, nullif(identity, '')::uuid from incoming where id is not null order by n
)${letters ? resolved : ''}
select n::int as n, ${whatWasFound} as found
from incoming where id is null`;

/** Letters are marked by the statement that stores them, so that a kill between the two cannot be. Locks their rows; index dlq_events_pkey. */
const resolved = `, resolved as (
  update public.dlq_events d set status = 'replayed', resolved_at = now(), replay_reason_code = null, replay_failure = null,
    replay_outcome = case when i.id is not null and not l.twin then 'stored' else 'duplicate' end
  from unnest($8::bigint[], $9::int[], $10::boolean[]) as l (letter_id, place, twin) join incoming i on i.n = l.place
  where d.id = l.letter_id and d.status = 'replaying' and (i.id is not null or i.hash in (i.ours, i.known))
)`;

export type Found = 'echo' | 'duplicate' | 'reused';

/**
 * Stores a batch in one statement, which is one transaction: events, their keys and their metrics. Returns what was there
 * already, by position in the batch. May be called while the batch before is still under way: the statement is sent at once,
 * and stored only if that one was. Where that one fails for good, this one fails with it.
 */
export type StoreBatch = (batch: readonly Waiting[]) => Promise<Map<number, Found>>;

/** Batches that are looked up in full after one that had a repeat in it: repeats come in company. */
const carefulBatches = 50;

/** Stores by the leader's connection. With `echoes`, what the server itself published is recognised where it comes back. */
export function batchStore(connection: LeaderConnection, echoes: boolean): StoreBatch {
  let careful = 0;
  let sent = 0;
  let stored = 0;
  let underWay: { number: number; done: Promise<unknown> } | null = null;
  const fresh = [freshStatement(false), freshStatement(true)] as const;
  const full = [carefulStatement(false, echoes, false), carefulStatement(true, echoes, false)] as const;
  const replayed = [carefulStatement(false, echoes, true), carefulStatement(true, echoes, true)] as const;

  type Ask = (text: string, name: string, more?: readonly unknown[]) => Promise<Map<number, Found>>;

  async function store(batch: readonly Waiting[], ask: Ask): Promise<Map<number, Found>> {
    const metrics = batch.some((message) => isMetric(message.topic));
    const letters = lettersOf(batch);
    if (letters !== null) {
      return ask(metrics ? replayed[1] : replayed[0], `td_replayed_${metrics}_${echoes}`, letters);
    }
    if (careful === 0 && !echoes) {
      try {
        return await ask(metrics ? fresh[1] : fresh[0], `td_fresh_${metrics}`);
      } catch (error) {
        if (sqlstateOf(error) !== '23505') throw error;
        careful = carefulBatches;
      }
    }
    if (careful > 0) careful--;
    return ask(metrics ? full[1] : full[0], `td_careful_${metrics}_${echoes}`);
  }

  return (batch) => {
    const own = ++sent;
    const before = underWay;
    let previous = before?.number ?? stored;
    let waited = false;
    const values = valuesOf(batch);
    const ask: Ask = async (text, name, more = []) => {
      const all = () => [...values, previous, own, ...more];
      const rows = await connection
        .query<{ n: number; found: Found }>(text, all(), name)
        .catch(async (error: unknown) => {
          if (sqlstateOf(error) !== outOfTurn || before === null || waited) throw error;
          waited = true;
          // What is wrong with that one is not wrong with this one.
          await before.done.catch(() => {
            throw error;
          });
          previous = stored;
          return connection.query<{ n: number; found: Found }>(text, all(), name);
        });
      stored = own;
      return new Map(rows.map((row) => [row.n - 1, row.found]));
    };
    const done = store(batch, ask);
    const mine = { number: own, done };
    underWay = mine;
    const over = () => {
      if (underWay === mine) underWay = null;
    };
    done.then(over, over);
    return done;
  };
}

/** The letters that a batch replays, where in it each is, and whether it is the twin of the message there; null where it replays none. */
function lettersOf(batch: readonly Waiting[]): [string[], number[], boolean[]] | null {
  const seen = new Map<string, [place: number, twin: boolean]>();
  for (const [index, message] of batch.entries()) {
    for (const one of [message, ...(message.twins ?? [])]) {
      if (one.letter_id !== undefined && !seen.has(one.letter_id))
        seen.set(one.letter_id, [index + 1, one !== message]);
    }
  }
  if (seen.size === 0) return null;
  const places = [...seen.values()];
  return [[...seen.keys()], places.map(([place]) => place), places.map(([, twin]) => twin)];
}

/** What became of a message that nobody stored: whether its key is free, and the hash that it would be known by. */
export interface LookedUp {
  found: Found | null;
  hash: string;
}

type Lookable = Pick<Waiting, 'topic' | 'client_id' | 'identity' | 'text'>;

/** Every value that storing computes is computed, so that what the database cannot hold fails here too. No lock; index event_keys_pkey. */
const lookStatement = (echoes: boolean) => `
${lookedUp(echoes)}
select n::int as n, encode(hash, 'hex') as hash, case when ours = hash or known is not null then ${whatWasFound} end as found,
  (payload->>'trace_id')::uuid as trace_id,
  case when topic like 'tracker/metrics/%' then (payload->>'ts')::timestamptz end as ts,
  case when topic like 'tracker/metrics/%' then (payload->'payload'->>'value')::float8 end as value
from looked_up order by n`;

/** What storing would find, in the order of the batch; stores nothing. */
export async function lookUp(
  query: (text: string, values: readonly unknown[]) => Promise<readonly LookedUp[]>,
  batch: readonly Lookable[],
  echoes: boolean,
): Promise<readonly LookedUp[]> {
  return query(lookStatement(echoes), valuesOf(batch));
}

function sameOrigin(a: Lookable, b: Lookable): boolean {
  return a.topic === b.topic && a.client_id === b.client_id && a.identity === b.identity;
}

function valuesOf(batch: readonly Lookable[]): unknown[] {
  const places = new Map<string, number>();
  const distinct: Lookable[] = [];
  let before: Lookable | undefined;
  let at: number | undefined;
  const place = batch.map((message) => {
    // A publisher's messages come in runs.
    if (before === undefined || !sameOrigin(before, message)) {
      const name = `${message.topic}\0${message.identity}\0${message.client_id}`;
      at = places.get(name);
      at ??= distinct.push(message);
      places.set(name, at);
      before = message;
    }
    return at;
  });
  return [
    batch.map((message) => message.text).join(separator),
    `{${place.join(',')}}`,
    distinct.map((message) => message.topic),
    distinct.map((message) => message.client_id),
    distinct.map((message) => message.identity),
  ];
}
