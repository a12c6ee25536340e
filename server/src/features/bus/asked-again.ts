// Who sent a command again under another client id before it was answered: they are told too.

export interface AskedAgain {
  /** Notes that this client asked; what it returns takes the note back, and says whether it was still there. */
  note(identity: string, key: string, client_id: string): () => boolean;
  /** All who are noted for a command, each once; none of them is noted any more. */
  take(identity: string, key: string): string[];
}

/** Keeps `most` commands; beyond, the oldest is forgotten, and who asks once more is told. */
export function askedAgain(most: number): AskedAgain {
  const noted = new Map<string, Set<string>>();
  const nameOf = (identity: string, key: string) => `${identity}\0${key}`;
  return {
    note(identity, key, client_id) {
      const name = nameOf(identity, key);
      const clients = noted.get(name) ?? new Set();
      noted.set(name, clients.add(client_id));
      const [oldest] = noted.keys();
      if (noted.size > most && oldest !== undefined) noted.delete(oldest);
      return () => {
        const there = noted.get(name)?.delete(client_id) ?? false;
        if (noted.get(name)?.size === 0) noted.delete(name);
        return there;
      };
    },
    take(identity, key) {
      const name = nameOf(identity, key);
      const clients = [...(noted.get(name) ?? [])];
      noted.delete(name);
      return clients;
    },
  };
}
