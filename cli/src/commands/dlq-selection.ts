// Which dead letters a command means, from its options.
import { readFileSync } from 'node:fs';
import type { Edit, LetterSelection } from '@taylordash/core/dead-letter-entities';
import { Usage } from '../refused.ts';

export const selectionOptions = {
  group: { type: 'string' },
  reason: { type: 'string' },
  topic: { type: 'string' },
  client: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const;

export const selectionHelp = `  IDS             letters by hand; beside them, or without:
  --group ID      of a group (npx taylordash dlq groups)
  --reason CODE   such as not_json
  --topic FILTER  with + and # as MQTT has them
  --client NAME   the name that the sender gave itself
  --from, --to    when they came, such as 2026-01-15T10:30:00Z`;

type Given = { [K in keyof typeof selectionOptions]?: string | undefined };

/** Throws Usage where nothing says which. */
export function selectionOf(given: Given, ids: readonly string[]): LetterSelection {
  const { group, reason: reason_code, topic, client, from, to } = given;
  const named = Object.entries({ group, reason_code, topic, client, from, to }).filter(
    ([, value]) => value !== undefined,
  );
  const selection: LetterSelection = { ...Object.fromEntries(named), ...(ids.length === 0 ? {} : { ids: [...ids] }) };
  if (Object.keys(selection).length === 0)
    throw new Usage('Say which: ids, or --group, --reason, --topic, --client, --from.');
  return selection;
}

/** The steps in a JSON file; none where no file is named. */
export function editOf(file: string | undefined): Edit {
  if (file === undefined) return [];
  try {
    const steps: unknown = JSON.parse(readFileSync(file, 'utf8'));
    // The server checks each step and names what is wrong.
    if (Array.isArray(steps)) return steps as Edit;
  } catch (error) {
    throw new Usage(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new Usage(`${file} must hold a list of steps, such as [{"op": "set", "path": "kind", "value": "watered"}].`);
}

export const anyIds = (args: readonly string[]) => args.map(() => 'IDS?');
