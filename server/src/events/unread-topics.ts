// Topics that nobody is subscribed to, remembered until somebody is: what is published there need not go through Aedes.
import type { Aedes, Client, PublishPacket } from 'aedes';

type Done = (error?: Error) => void;

/** Beyond them all is forgotten, and found out anew. */
const mostTopics = 10_000;
/** Longer ones go through Aedes each time. */
const longestTopic = 256;

export interface UnreadTopics {
  isUnread(packet: Pick<PublishPacket, 'topic' | 'retain'>): boolean;
  /** A session may wait for more than before. */
  forget(): void;
}

/**
 * Makes Aedes pass on nothing that nobody would get or find retained, and tells of what that is so. False may mean that it is
 * not known yet. `isWaitedFor`: is a session that sleeps subscribed to the topic?
 */
export function unreadTopics(aedes: Aedes, isWaitedFor: (topic: string) => Promise<boolean>): UnreadTopics {
  // Aedes' own; its types leave it out.
  const { mq } = aedes as unknown as { mq: { _matcher: { match(topic: string): readonly unknown[] } } };
  let read = new Map<string, boolean>();

  /** What is found out by a look that was begun before is put down where nobody looks any more. */
  const forget = () => {
    read = new Map();
  };

  function look(topic: string): void {
    if (read.size >= mostTopics) forget();
    const here = read.set(topic, true);
    if (mq._matcher.match(topic).length > 0) return;
    void isWaitedFor(topic).then((waitedFor) => here.set(topic, waitedFor));
  }

  function isUnread({ topic, retain }: Pick<PublishPacket, 'topic' | 'retain'>): boolean {
    if (retain) return false;
    const known = read.get(topic);
    if (known === undefined && topic.length <= longestTopic) look(topic);
    return known === false;
  }

  // It takes the client that publishes too, which its types leave out.
  type Publish = (packet: PublishPacket, client: Client | null | Done, done?: Done) => void;
  const publish = aedes.publish.bind(aedes) as Publish;
  const subscribe = aedes.subscribe.bind(aedes);
  const unsubscribe = aedes.unsubscribe.bind(aedes);
  Object.assign(aedes, {
    publish(...args: Parameters<Publish>) {
      const [packet, client, done = client] = args;
      if (!isUnread(packet)) publish(...args);
      // Not at once: Aedes would read on in the middle of what it reads.
      else if (typeof done === 'function') queueMicrotask(done);
    },
    subscribe(...args: Parameters<typeof subscribe>) {
      forget();
      subscribe(...args);
    },
    unsubscribe(...args: Parameters<typeof unsubscribe>) {
      forget();
      unsubscribe(...args);
    },
  });
  return { isUnread, forget };
}
