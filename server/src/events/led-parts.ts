// The parts of the event side that work only while this server leads.
import type { LeaderConnection } from '../db/leader.ts';

export interface JoiningPart {
  lead(): void;
  rest(): void;
  stop(): Promise<void>;
}

export interface LedPart {
  lead(connection: LeaderConnection): void;
  rest(): void;
}

export interface LedParts extends LedPart {
  add(part: LedPart): void;
}

/** What works only while this server leads; a part that joins later learns how it is. */
export function ledParts(): LedParts {
  const parts: LedPart[] = [];
  let leading: LeaderConnection | null = null;
  return {
    add(part) {
      parts.push(part);
      if (leading) part.lead(leading);
    },
    lead(connection) {
      leading = connection;
      for (const part of parts) part.lead(connection);
    },
    rest() {
      leading = null;
      for (const part of parts) part.rest();
    },
  };
}
