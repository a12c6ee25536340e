// A field's value in words, as questions and activity say it.
import { strings } from '../strings.ts';

const statuses: Record<string, string> = {
  ...strings.projects.statuses,
  ...strings.panel.statuses,
  todo: 'To do',
  done: 'Done',
};

/** `nameOf` gives the name of a person or component by its id. */
export function sayValue(field: string, value: unknown, nameOf: (id: string) => string | null): string {
  if (value === null || value === undefined || value === '') return strings.values.nothing;
  if (field === 'position') return strings.values.place;
  if (field === 'progress' && typeof value === 'number') return strings.values.percent(value);
  if (typeof value === 'boolean') return value ? strings.values.yes : strings.values.no;
  if (typeof value === 'number') return value.toLocaleString('en');
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return value.length === 0 ? strings.values.nothing : value.join(', ');
  }
  if (typeof value !== 'string') return JSON.stringify(value);
  if (field === 'status') return statuses[value] ?? value;
  return field.endsWith('_id') ? (nameOf(value) ?? value) : value;
}
