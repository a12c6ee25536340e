// The parts of the event side that work only while this server leads.
import type { LeaderConnection } from '../db/leader.ts';
import { messageOf } from './leader.ts';

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

export interface LedWorkOptions {
  /** In milliseconds; also at once when this server begins to lead. */
  every: number;
  work(leads: () => boolean): Promise<void>;
  /** Told of the first failure in a row; it is tried again. */
  complain(message: string): void;
}

/** Works from time to time while this server leads, never twice at once: what takes longer than the time between is not made up for. */
export function ledWork({ every, work, complain }: LedWorkOptions): JoiningPart {
  let leading = false;
  let failing = false;
  let waiting = false;
  let busy: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    waiting = false;
    if (!leading) return;
    try {
      await work(() => leading);
      failing = false;
    } catch (error) {
      if (leading && !failing) complain(messageOf(error));
      failing = true;
    }
  }
  const ring = () => {
    if (!leading || waiting) return;
    waiting = true;
    busy = busy.then(look);
  };
  const timer = setInterval(ring, every);
  return {
    lead() {
      leading = true;
      ring();
    },
    rest() {
      leading = false;
    },
    async stop() {
      leading = false;
      clearInterval(timer);
      await busy;
    },
  };
}
