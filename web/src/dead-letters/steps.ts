// Steps of an edit as the page has them: rows of text, and the edit that they say.
import type { Edit, EditStep } from '@taylordash/core/dead-letter-entities';
import type { DeadLetter } from '@taylordash/core/entities';

export interface StepRow {
  /** For React: rows come and go. */
  key: number;
  op: EditStep['op'];
  /** Field; of wrap, the field of the payload. */
  path: string;
  /** Value, new name, or kind. */
  value: string;
}

/** The edit; null while something is not filled in. */
export function editOf(rows: readonly StepRow[]): Edit | null {
  const edit: Edit = [];
  for (const { op, path, value } of rows) {
    const field = path.trim();
    if (field === '') return null;
    if (op === 'remove') edit.push({ op, path: field });
    else if (op === 'set') edit.push({ op, path: field, value: jsonOrText(value) });
    else if (value.trim() === '') return null;
    else if (op === 'rename') edit.push({ op, path: field, to: value.trim() });
    else edit.push({ op, kind: value.trim(), into: field });
  }
  return edit;
}

/** JSON where it is, text where it is not. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What most likely helps letters like this one. */
export function firstSteps({ reason_code, original_topic, failure_reason }: DeadLetter): Omit<StepRow, 'key'>[] {
  if (['not_json', 'not_utf8', 'not_an_object'].includes(reason_code)) {
    const kind = (original_topic.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9_.]/g, '_') || 'measured';
    return [
      { op: 'wrap', path: 'text', value: kind },
      { op: 'set', path: 'payload.value', value: '{{number}}' },
    ];
  }
  const field = /^The field (\w+) is missing|^(\w+) must be/.exec(failure_reason);
  const path = field?.[1] ?? field?.[2];
  if (path === undefined) return [];
  const values: Record<string, string> = {
    trace_id: '{{uuid}}',
    idempotency_key: '{{uuid}}',
    ts: '{{received_at}}',
    kind: (original_topic.split('/').at(-1) ?? '').toLowerCase(),
    payload: '{}',
  };
  return [{ op: 'set', path, value: values[path] ?? '' }];
}
