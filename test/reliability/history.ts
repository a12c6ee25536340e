// Judges a run by what was sent, what was acknowledged and what is stored: lost, doubled, never sent, out of order.

/** Everything that one publisher sent, in its order, by key; and of it what was acknowledged. */
export interface Sent {
  publisher: string;
  /** Keys in the order of sending. */
  keys: readonly string[];
  acknowledged: ReadonlySet<string>;
  /** Keys that are to be dead letters; the others are to be events. */
  poison?: ReadonlySet<string>;
}

export interface Stored {
  /** Keys of the mirror in the order of its ids. */
  mirror: readonly string[];
  /** Keys, or whatever names a message, of the dead letters. */
  dead: readonly string[];
}

export interface Findings {
  /** Acknowledged and nowhere. */
  lost: string[];
  /** In the mirror more than once. */
  doubled: string[];
  /** In the mirror and never sent. */
  phantom: string[];
  /** Of one publisher, stored after something that it sent later. */
  disordered: string[];
  /** Good ones among the dead letters, and poison among the events. */
  misjudged: string[];
  /** Sent and not acknowledged by the end, when nothing was in the way any more. */
  unanswered: string[];
}

export const nothingFound: Findings = {
  lost: [],
  doubled: [],
  phantom: [],
  disordered: [],
  misjudged: [],
  unanswered: [],
};

export function judge(sent: readonly Sent[], stored: Stored, ended = true): Findings {
  const findings: Findings = structuredClone(nothingFound);
  const places = new Map<string, number>();
  const publishers = new Map<string, { of: Sent; index: number }>();
  for (const of of sent) for (const [index, key] of of.keys.entries()) publishers.set(key, { of, index });
  for (const [place, key] of stored.mirror.entries()) {
    if (places.has(key)) findings.doubled.push(key);
    else places.set(key, place);
    if (!publishers.has(key)) findings.phantom.push(key);
  }
  const dead = new Set(stored.dead);
  for (const { keys, acknowledged, poison = new Set() } of sent) {
    let before = -1;
    for (const key of keys) {
      const place = places.get(key);
      if (acknowledged.has(key) && place === undefined && !dead.has(key)) findings.lost.push(key);
      if (ended && !acknowledged.has(key)) findings.unanswered.push(key);
      if (dead.has(key) !== (poison.has(key) && (acknowledged.has(key) || dead.has(key)))) findings.misjudged.push(key);
      if (place === undefined) continue;
      if (poison.has(key)) findings.misjudged.push(key);
      if (place < before) findings.disordered.push(key);
      else before = place;
    }
  }
  return findings;
}

/** Only what was found, each cut to a few examples: for a message that can be read. */
export function told(findings: Findings): Record<string, { count: number; such_as: string[] }> {
  return Object.fromEntries(
    Object.entries(findings).flatMap(([name, keys]: [string, string[]]) =>
      keys.length === 0 ? [] : [[name, { count: keys.length, such_as: keys.slice(0, 3) }]],
    ),
  );
}
