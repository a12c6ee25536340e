// What a reading of the server includes: what was appended by then, and what was committed though no event had told of it yet.

/** Where an event stands. */
export interface Place {
  id: bigint;
  change_id: string | null;
}

/** Does the reading include what this event tells? */
export type Includes = (event: Place) => boolean;

export const placeOf = ({ id, change_id }: { id: string; change_id: string | null }): Place => ({
  id: BigInt(id),
  change_id,
});

export function includedIn({ as_of, untold }: { as_of: string; untold: readonly string[] }): Includes {
  const newest = BigInt(as_of);
  const ahead = new Set(untold);
  return ({ id, change_id }) => id <= newest || (change_id !== null && ahead.has(change_id));
}
