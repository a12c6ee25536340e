// A filter put together without typing: a field, then its values.
import { type FilterField, parseFilter, quoteValue, withTerm } from '@taylordash/core/filters';
import { ChevronLeft, Plus } from 'lucide-react';
import { useState } from 'react';
import { viewStrings as words } from '../strings/views.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { fieldTitle, statusName } from './format.ts';
import { Pick } from './pick.tsx';

interface Props {
  text: string;
  fields: readonly FilterField[];
  onText: (text: string) => void;
}

const dayValues = ['overdue', 'today', 'tomorrow', 'week', 'month'];

/** What a person can choose among, with what the filter calls it. */
function valuesOf(field: FilterField): { key: string; title: string }[] {
  const named =
    field.kind === 'day'
      ? dayValues.map((key) => ({ key, title: words.day_groups[key] ?? key }))
      : (field.values ?? []).map((value) => ({ key: quoteValue(value), title: titleOf(field.name, value) }));
  return field.empty === true ? [...named, { key: 'none', title: words.none(field.name) }] : named;
}

function titleOf(field: string, value: string): string {
  if (field === 'status') return statusName(value);
  if (field === 'state') return strings.states[value as keyof typeof strings.states] ?? value;
  if (field === 'priority') return words.priorities[Number(value)] ?? value;
  return value;
}

export function FilterMenu({ text, fields, onText }: Props) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const choosable = fields.filter((field) => valuesOf(field).length > 1);
  const field = choosable.find((one) => one.name === name);
  const chosen = new Set(
    parseFilter(text, fields)
      .terms.filter((term) => term.field === name && !term.negated)
      .flatMap((term) => term.values.map((value) => (value.quoted ? quoteValue(value.text) : value.text))),
  );
  const toggle = (key: string) => {
    if (name === null) return;
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onText(withTerm(text, fields, name, [...next]));
  };
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setName(null);
      }}
      align="end"
      label={words.filter_add}
      trigger={
        <Button kind="plain" aria-label={words.filter_add} className="px-2">
          <Plus size={16} aria-hidden />
          <span className="max-lg:sr-only">{words.filter}</span>
        </Button>
      }
    >
      {field ? (
        <>
          <button
            type="button"
            onClick={() => setName(null)}
            className="target mb-1 flex w-full items-center gap-1 rounded-control px-1 text-13 text-text-2 hover:text-text"
          >
            <ChevronLeft size={16} aria-hidden />
            {words.is(field.name)}
          </button>
          <Pick
            key={field.name}
            label={words.is(field.name)}
            many
            items={valuesOf(field)}
            chosen={chosen}
            onPick={toggle}
          />
        </>
      ) : (
        <Pick
          label={words.filter_add}
          items={choosable.map((one) => ({ key: one.name, title: fieldTitle(one.name) }))}
          chosen={new Set()}
          onPick={setName}
        />
      )}
    </Popover>
  );
}
