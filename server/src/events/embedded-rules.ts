// Who may publish and read what on the embedded broker while it knows no accounts: every client is as a viewer.
import { serverTopicFilters, viewerTopicFilters } from '@taylordash/core/events';
import { isTopicFilter, topicMatches } from '@taylordash/core/topics';

/** The matcher behind Aedes throws beyond this. */
export const mostLevels = 100;

export function levelsOf(topic: string): number {
  let levels = 1;
  for (let at = topic.indexOf('/'); at >= 0; at = topic.indexOf('/', at + 1)) levels++;
  return levels;
}

/** Only the server speaks on these. */
export function isServerTopic(topic: string): boolean {
  return topic.startsWith('$') || serverTopicFilters.some((filter) => topicMatches(filter, topic));
}

export function isIngested(topic: string): boolean {
  return (
    topic.startsWith('tracker/events/') ||
    topic.startsWith('tracker/commands/') ||
    topic.startsWith('tracker/metrics/') ||
    topic === 'tracker/events' ||
    topic === 'tracker/commands' ||
    topic === 'tracker/metrics'
  );
}

/** May a client without an account be sent this message? */
export function mayRead(topic: string, clientId: string): boolean {
  if (topic.startsWith('$')) return false;
  if (!topic.startsWith('tracker/')) return true;
  if (topic.startsWith('tracker/events')) return viewerTopicFilters.some((filter) => topicMatches(filter, topic));
  if (topic.startsWith('tracker/replies'))
    return topic.startsWith(`tracker/replies/${clientId}/`) || topic === `tracker/replies/${clientId}`;
  return !topic.startsWith('tracker/commands') && !topic.startsWith('tracker/dlq');
}

/**
 * May a client subscribe to this filter? Refused only where nothing under it could ever be sent; wider filters are taken, and
 * `mayRead` decides message by message.
 */
export function maySubscribe(filter: string, clientId: string): boolean {
  if (!isTopicFilter(filter) || levelsOf(filter) > mostLevels || filter.startsWith('$')) return false;
  const levels = filter.split('/');
  const fixed = levels.findIndex((level) => level === '+' || level === '#');
  const prefix = fixed < 0 ? levels : levels.slice(0, fixed);
  if (prefix[0] !== 'tracker' || prefix.length < 2) return true;
  switch (prefix[1]) {
    case 'events':
      return prefix.length < 3 || ['projects', 'components', 'tasks'].includes(prefix[2] ?? '');
    case 'replies':
      return prefix.length < 3 || prefix[2] === clientId;
    case 'commands':
    case 'dlq':
      return false;
    default:
      return true;
  }
}
