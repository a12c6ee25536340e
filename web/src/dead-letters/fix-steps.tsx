// The steps of an edit, each a row of fields.
import { Plus, Trash2 } from 'lucide-react';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { StepRow } from './steps.ts';

const ops = (['wrap', 'set', 'rename', 'remove'] as const).map((value) => ({
  value,
  label: strings.dead_letters.ops[value],
}));

interface Props {
  rows: readonly StepRow[];
  onRows: (rows: readonly StepRow[]) => void;
}

export function FixSteps({ rows, onRows }: Props) {
  const texts = strings.dead_letters;
  const change = (key: number, fields: Partial<StepRow>) =>
    onRows(rows.map((row) => (row.key === key ? { ...row, ...fields } : row)));
  return (
    <div className="flex flex-col gap-3">
      {rows.length === 0 && <p className="text-13 text-text-3">{texts.as_they_are}</p>}
      <ol aria-label={texts.steps} className="flex flex-col gap-3">
        {rows.map(({ key, op, path, value }, index) => (
          <li key={key}>
            <fieldset className="flex flex-wrap items-end gap-2">
              <legend className="sr-only">{texts.step(index + 1)}</legend>
              <div className="min-w-40 flex-1">
                <Select label={texts.op} value={op} options={ops} onValue={(next) => change(key, { op: next })} />
              </div>
              <div className="min-w-28 flex-1">
                <TextField
                  label={op === 'wrap' ? texts.into : texts.path}
                  value={path}
                  placeholder={op === 'wrap' ? 'text' : texts.path_hint}
                  onChange={(event) => change(key, { path: event.target.value })}
                />
              </div>
              {op !== 'remove' && (
                <div className="min-w-28 flex-1">
                  <TextField
                    label={op === 'wrap' ? texts.kind : op === 'set' ? texts.value : texts.to}
                    value={value}
                    onChange={(event) => change(key, { value: event.target.value })}
                  />
                </div>
              )}
              <IconButton
                label={texts.remove_step(index + 1)}
                onClick={() => onRows(rows.filter((row) => row.key !== key))}
              >
                <Trash2 size={16} aria-hidden />
              </IconButton>
            </fieldset>
          </li>
        ))}
      </ol>
      {rows.some((row) => row.op === 'set') && <p className="text-12 text-text-3">{texts.value_hint}</p>}
      <div>
        <Button
          kind="plain"
          onClick={() =>
            onRows([...rows, { key: Math.max(0, ...rows.map((row) => row.key)) + 1, op: 'set', path: '', value: '' }])
          }
        >
          <Plus size={16} aria-hidden />
          {texts.add_step}
        </Button>
      </div>
    </div>
  );
}
