// What a client of the embedded broker may publish, subscribe to and be sent.
import { serverTopicFilters, viewerTopicFilters } from '@taylordash/core/events';
import { filtersMeet, ingestedTopicFilters, isTopicFilter, isTopicName, topicMatcher } from '@taylordash/core/topics';
import type { Rights } from './door.ts';

/** The matcher behind Aedes throws beyond this. */
export const mostLevels = 100;
/** Bytes of a client id and of a filter that a session is kept under: what PostgreSQL's index takes, and more than anybody needs. */
export const longestClientId = 256;
const longestFilter = 1024;

export function levelsOf(topic: string): number {
  let levels = 1;
  for (let at = topic.indexOf('/'); at >= 0; at = topic.indexOf('/', at + 1)) levels++;
  return levels;
}

/** Only the server speaks on these. */
export function isServerTopic(topic: string): boolean {
  return topic.startsWith('$') || isServers(topic);
}

/** What goes into the mirror. */
export const isIngested = topicMatcher(ingestedTopicFilters);
const isServers = topicMatcher(serverTopicFilters);
const isViewers = topicMatcher(viewerTopicFilters);

/** What becomes of a message, and why it is refused where it is. */
export interface Verdict {
  /**
   * store: into the mirror, and on to who is subscribed · store_alone: nobody can be subscribed to it · bury: a dead letter, as
   * it may not be published · pass: on to who is subscribed · drop: acknowledged, and that is all.
   */
  becomes: 'store' | 'store_alone' | 'bury' | 'pass' | 'drop';
  why: string | null;
}

export function verdictOn(rights: Rights, topic: string): Verdict {
  if (isServerTopic(topic)) return { becomes: 'drop', why: 'only TaylorDash publishes there' };
  const mirrored = isIngested(topic);
  if (!mayPublish(rights, topic)) return { becomes: mirrored ? 'bury' : 'drop', why: 'it may not publish there' };
  // Aedes looks at the topics of messages, not at those of wills.
  const deliverable = levelsOf(topic) <= mostLevels && isTopicName(topic);
  if (mirrored) return { becomes: deliverable ? 'store' : 'store_alone', why: null };
  return { becomes: deliverable ? 'pass' : 'drop', why: null };
}

/** A topic is refused to nobody for who they are where it is the server's: that is another question. */
export function mayPublish(rights: Rights, topic: string): boolean {
  return matchesAny(rights.publish, topic);
}

/** May the client be sent this message? */
export function mayRead(rights: Rights, topic: string, clientId: string): boolean {
  if (topic.startsWith('$') || !matchesAny(rights.subscribe, topic)) return isOwnReply(topic, clientId);
  if (!topic.startsWith('tracker/')) return true;
  if (topic.startsWith('tracker/events')) return isViewers(topic);
  if (topic.startsWith('tracker/replies')) return isOwnReply(topic, clientId);
  return !topic.startsWith('tracker/commands') && !topic.startsWith('tracker/dlq');
}

function isOwnReply(topic: string, clientId: string): boolean {
  return topic === `tracker/replies/${clientId}` || topic.startsWith(`tracker/replies/${clientId}/`);
}

/**
 * May the client subscribe to this filter? Refused only where nothing under it could ever be sent; wider filters are taken, and
 * `mayRead` decides message by message.
 */
export function maySubscribe(rights: Rights, filter: string, clientId: string): boolean {
  if (!isTopicFilter(filter) || levelsOf(filter) > mostLevels || filter.startsWith('$')) return false;
  if (Buffer.byteLength(filter) > longestFilter) return false;
  const levels = filter.split('/');
  const fixed = levels.findIndex((level) => level === '+' || level === '#');
  const prefix = fixed < 0 ? levels : levels.slice(0, fixed);
  const allowed = rights.subscribe.some((one) => filtersMeet(one, filter));
  if (prefix[0] !== 'tracker' || prefix.length < 2) return allowed;
  switch (prefix[1]) {
    case 'events':
      return allowed && (prefix.length < 3 || ['projects', 'components', 'tasks'].includes(prefix[2] ?? ''));
    case 'replies':
      return prefix.length < 3 || prefix[2] === clientId;
    case 'commands':
    case 'dlq':
      return false;
    default:
      return allowed;
  }
}

const prepared = new WeakMap<readonly string[], (topic: string) => boolean>();

function matchesAny(filters: readonly string[], topic: string): boolean {
  let matches = prepared.get(filters);
  if (matches === undefined) {
    matches = topicMatcher(filters);
    prepared.set(filters, matches);
  }
  return matches(topic);
}
