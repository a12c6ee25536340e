// Where questions to the person wait, one after the other, until each is answered; its dialog looks here.

export interface OpenQuestion<Q, A> {
  question: Q;
  answer: (answer: A) => void;
}

export interface Desk<Q, A> {
  ask: (question: Q) => Promise<A>;
  current: () => OpenQuestion<Q, A> | null;
  watch: (listener: () => void) => () => void;
}

export function createDesk<Q, A>(): Desk<Q, A> {
  const waiting: OpenQuestion<Q, A>[] = [];
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  return {
    ask: (question) =>
      new Promise((resolve) => {
        const open: OpenQuestion<Q, A> = {
          question,
          answer(answer) {
            const index = waiting.indexOf(open);
            if (index < 0) return;
            waiting.splice(index, 1);
            resolve(answer);
            tell();
          },
        };
        waiting.push(open);
        tell();
      }),
    current: () => waiting[0] ?? null,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  };
}
