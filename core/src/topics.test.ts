// MQTT topics: the matcher against a second, slower way of saying the same, and the cases that the standard names.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filtersMeet, isTopicFilter, isTopicName, topicMatcher, topicMatches } from './topics.ts';

const level = fc.constantFrom('', 'a', 'b', 'tracker', '$x', 'a b');
const topics = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));
const filters = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 0, maxLength: 4 }), fc.boolean())
  .filter(([levels, open]) => levels.length > 0 || open)
  .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'));

/** The standard's text as a regular expression. */
function matchesByPattern(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  if (filter === '#') return true;
  const open = filter.endsWith('/#');
  const fixed = (open ? filter.slice(0, -2) : filter)
    .split('/')
    .map((part) => (part === '+' ? '[^/]*' : part.replace(/[$ ]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${fixed}${open ? '(/.*)?' : ''}$`).test(topic);
}

describe('topicMatches', () => {
  it('agrees with the pattern that the standard describes', () => {
    fc.assert(
      fc.property(filters, topics, (filter, topic) => {
        expect(topicMatches(filter, topic)).toBe(matchesByPattern(filter, topic));
      }),
      { numRuns: 3000 },
    );
  });

  it('matches a topic by itself, by its parent with #, and level by level with +', () => {
    fc.assert(
      fc.property(topics, (topic) => {
        expect(topicMatches(topic, topic)).toBe(true);
        expect(topicMatches(`${topic}/#`, topic)).toBe(true);
        const plus = topic.replace(/[^/]+$/, '+');
        expect(topicMatches(plus, topic)).toBe(!(topic.startsWith('$') && plus.startsWith('+')));
      }),
    );
  });

  it.each([
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/broker', false],
    ['+/monitor', '$SYS/monitor', false],
    ['$SYS/#', '$SYS/monitor', true],
    ['Accounts', 'ACCOUNTS', false],
  ])('%s and %s: %s', (filter, topic, matches) => {
    expect(topicMatches(filter, topic)).toBe(matches);
  });
});

describe('topicMatcher', () => {
  it('agrees with topicMatches', () => {
    fc.assert(
      fc.property(fc.array(filters, { maxLength: 4 }), topics, (list, topic) => {
        expect(topicMatcher(list)(topic)).toBe(list.some((filter) => topicMatches(filter, topic)));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('filtersMeet', () => {
  it('finds out whether a topic is matched by both, as looking for one does', () => {
    const names = ['', 'a', 'b', '$x'];
    const all = names.flatMap((one) => [
      one,
      ...names.flatMap((two) => [`${one}/${two}`, ...names.map((three) => `${one}/${two}/${three}`)]),
    ]);
    const short = fc
      .tuple(fc.array(fc.constantFrom('', 'a', 'b', '$x', '+'), { minLength: 0, maxLength: 2 }), fc.boolean())
      .filter(([levels, open]) => levels.length > 0 || open)
      .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'));
    fc.assert(
      fc.property(short, short, (one, other) => {
        const found = all.some((topic) => topicMatches(one, topic) && topicMatches(other, topic));
        expect(filtersMeet(one, other)).toBe(found);
        expect(filtersMeet(other, one)).toBe(found);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('names and filters', () => {
  it('take every name as a filter, and no wildcard in a name', () => {
    fc.assert(
      fc.property(topics, filters, (topic, filter) => {
        fc.pre(topic !== '');
        expect(isTopicName(topic)).toBe(true);
        expect(isTopicFilter(topic)).toBe(true);
        if (/[+#]/.test(filter)) expect(isTopicName(filter)).toBe(false);
        expect(isTopicFilter(filter)).toBe(filter !== '');
      }),
    );
  });

  it.each(['', 'a/#/b', 'a#', 'a/b#', 'a+/b', '+a', 'a/\0'])('refuse the filter %j', (filter) => {
    expect(isTopicFilter(filter)).toBe(false);
  });
});
