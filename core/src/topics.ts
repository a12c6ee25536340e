// MQTT topics: which names are valid and which filters match them.

/** Longest topic that events_mirror holds. */
export const topicLength = 255;

/** What TaylorDash takes in from the bus. */
export const ingestedTopicFilters = ['tracker/events/#', 'tracker/commands/#', 'tracker/metrics/#'] as const;

/** A topic that something can be published on: not empty, no wildcard, no NUL. */
export function isTopicName(topic: string): boolean {
  return topic.length > 0 && !/[+#\0]/.test(topic);
}

/** One level of a topic name. */
export function isTopicLevel(text: string): boolean {
  return isTopicName(text) && !text.includes('/');
}

/** A filter as MQTT has it: `+` fills a whole level, `#` stands last and alone in its level. */
export function isTopicFilter(filter: string): boolean {
  if (filter.length === 0 || filter.includes('\0')) return false;
  const levels = filter.split('/');
  return levels.every(
    (level, index) =>
      level === '+' || (level === '#' && index === levels.length - 1) || (!level.includes('+') && !level.includes('#')),
  );
}

/** Does the filter match the topic? As MQTT 3.1.1 §4.7 has it: `a/#` matches `a`, and wildcards first never match `$…`. */
export function topicMatches(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  const want = filter.split('/');
  const have = topic.split('/');
  for (const [index, level] of want.entries()) {
    if (level === '#') return true;
    if (index >= have.length) return false;
    if (level !== '+' && level !== have[index]) return false;
  }
  return want.length === have.length;
}

/** Is there a topic that both filters match? */
export function filtersMeet(one: string, other: string): boolean {
  // A wildcard that stands first matches no topic of the broker's own.
  if ((one.startsWith('$') && /^[+#]/.test(other)) || (other.startsWith('$') && /^[+#]/.test(one))) return false;
  const left = one.split('/');
  const right = other.split('/');
  for (let index = 0; ; index++) {
    const a = left[index];
    const b = right[index];
    if (a === '#' || b === '#') return true;
    if (a === undefined || b === undefined) return a === b;
    if (a !== '+' && b !== '+' && a !== b) return false;
  }
}

/** The same as `topicMatches` for any of the filters, prepared once for many topics. */
export function topicMatcher(filters: readonly string[]): (topic: string) => boolean {
  const tests = filters.map((filter) => {
    if (filter === '#') return (topic: string) => !topic.startsWith('$');
    const open = filter.endsWith('/#');
    const fixed = open ? filter.slice(0, -2) : filter;
    if (/[+#]/.test(fixed)) return (topic: string) => topicMatches(filter, topic);
    return open
      ? (topic: string) => topic.startsWith(fixed) && (topic.length === fixed.length || topic[fixed.length] === '/')
      : (topic: string) => topic === fixed;
  });
  return (topic) => tests.some((test) => test(topic));
}
