// One round of retention: which partitions are due, who holds them back, and for each in turn snapshots, archive, drop.
import { type PartState, partState } from '@taylordash/core/retention';
import type { Handle } from '../../db/transaction.ts';
import type { ArchiveStore } from '../../events/archive.ts';
import {
  type Dropped,
  dropPartition,
  listPartitions,
  type Partition,
  type PartitionContent,
  partitionContent,
  partitionLines,
  type ReaderPosition,
  readerPositions,
} from '../../events/partitions.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EventPolicy } from './queries.ts';

export interface Judged extends Partition, PartitionContent {
  state: PartState;
  held_by: string[];
}

/** What partitions hold that no id is given out from any more: counted once, for it does not change. */
export type Sealed = Map<string, PartitionContent>;

/** Each partition that has events or had some, as the policy sees it now. */
export async function judgePartitions(
  handle: Handle,
  policy: EventPolicy,
  now: number,
  sealed: Sealed,
): Promise<Judged[]> {
  const readers = await readerPositions(handle);
  const judged: Judged[] = [];
  const partitions = await listPartitions(handle);
  for (const name of sealed.keys()) if (!partitions.some((one) => one.name === name)) sealed.delete(name);
  for (const partition of partitions) {
    const content = sealed.get(partition.name) ?? (await partitionContent(handle, partition));
    if (!partition.in_use) sealed.set(partition.name, content);
    if (content.events === 0 && partition.in_use && judged.some(({ in_use }) => in_use)) continue;
    const held_by = behind(readers, content.newest_id);
    const part = { ...partition, ...content, held_by };
    judged.push({ ...part, state: partState(part, policy.keep_days, now) });
  }
  return judged;
}

function behind(readers: readonly ReaderPosition[], newest: string | null): string[] {
  if (newest === null) return [];
  return readers.filter(({ position }) => BigInt(position) < BigInt(newest)).map(({ name }) => name);
}

export interface Round {
  at: string;
  dropped: Dropped[];
  kept: { name: string; reason: string }[];
}

export interface RoundDependencies {
  db: Handle;
  clock: Clock;
  archives: ArchiveStore;
  sealed: Sealed;
  /** Writes snapshots of the projects that events up to this one touched. */
  keepThrough(event_id: string): Promise<unknown>;
  /** Writes of a partition that goes, in the transaction in which it does. */
  tell(tx: Handle, dropped: Dropped): Promise<void>;
}

/** Oldest first, and stops at the first that must stay: history has no holes. */
export async function runRound(deps: RoundDependencies, policy: EventPolicy): Promise<Round> {
  const round: Round = { at: new Date(deps.clock.now()).toISOString(), dropped: [], kept: [] };
  for (const partition of await judgePartitions(deps.db, policy, deps.clock.now(), deps.sealed)) {
    if (partition.state === 'in_use' || partition.state === 'kept') break;
    if (partition.state === 'pinned') continue;
    const dropped = { name: partition.name, events: partition.events, archived: policy.archive };
    const reason =
      partition.state === 'held_back'
        ? `${partition.held_by.join(', ')} has not read it`
        : await dropOne(deps, partition, dropped).catch((error: unknown) =>
            error instanceof Error ? error.message : String(error),
          );
    if (reason !== null) {
      round.kept.push({ name: partition.name, reason });
      break;
    }
    round.dropped.push(dropped);
  }
  return round;
}

/** Returns why not, or null. What fails before the drop leaves the partition as it was. */
async function dropOne(
  { db, archives, keepThrough, tell }: RoundDependencies,
  partition: Judged,
  dropped: Dropped,
): Promise<string | null> {
  if (partition.newest_id !== null) await keepThrough(partition.newest_id);
  if (dropped.archived) await archiveOne(db, archives, partition);
  return dropPartition(db, dropped, (tx) => tell(tx, dropped));
}

/** An archive of the same events that reads back well is kept: it was written before, and the drop came to nothing. */
async function archiveOne(db: Handle, archives: ArchiveStore, partition: Judged): Promise<void> {
  const { name, from_id, to_id, oldest_at, newest_at } = partition;
  const known = await archives.manifest(name).catch(() => null);
  if (known?.events === partition.events && (await archives.fault(name)) === null) return;
  const made = await archives.write({ name, from_id, to_id, oldest_at, newest_at }, partitionLines(db, partition));
  if (made.events !== partition.events) throw new Error(`${made.events} of ${partition.events} events were archived`);
}
