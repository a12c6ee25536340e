// Messages are handed to who is subscribed in the order in which they were published.
import type { Aedes } from 'aedes';

/** Aedes' own, which takes the client that publishes too; its types leave it out. */
type Publish = (packet: object, client: unknown, done?: (error?: Error) => void) => void;

/**
 * Aedes numbers a message when it is published and hands it out some steps later: more steps where it is retained, fewer where
 * it is of QoS 0. To a client that was handed a later number an earlier one is the same message by another of its filters, and
 * lost. So each is handed out before the next is numbered.
 */
export function publishInOrder(aedes: Aedes): void {
  // Aedes' own; its types leave it out.
  const { mq } = aedes as unknown as { mq: { emit(packet: object, done: unknown): unknown } };
  const publish = aedes.publish.bind(aedes) as Publish;
  const emit = mq.emit.bind(mq);
  let waiting: Parameters<Publish>[] = [];
  let head = 0;
  /** Stands for the message that is numbered and not handed out yet. */
  let underWay: object | null = null;
  let beginning = false;

  /** Not called from within itself: thousands that wait would be as many calls inside each other. */
  function beginNext(): void {
    if (beginning) return;
    beginning = true;
    while (underWay === null) {
      const next = waiting[head++];
      if (next === undefined) {
        waiting = [];
        head = 0;
        break;
      }
      begin(next);
    }
    beginning = false;
  }

  function begin([packet, client, done]: Parameters<Publish>): void {
    const turn = {};
    underWay = turn;
    publish(packet, client, (error) => {
      // Where it failed, it was not handed out.
      if (underWay === turn) handedOut();
      done?.(error);
    });
  }

  function handedOut(): void {
    underWay = null;
    beginNext();
  }

  Object.assign(mq, {
    emit(packet: object, done: unknown) {
      emit(packet, done);
      handedOut();
    },
  });
  const inOrder: Publish = (...args) => {
    waiting.push(args);
    beginNext();
  };
  Object.assign(aedes, {
    publish: (packet: object, client: unknown, done?: Parameters<Publish>[2]) =>
      typeof client === 'function' ? inOrder(packet, null, client as typeof done) : inOrder(packet, client, done),
  });
}
