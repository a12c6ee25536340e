// When a component starts and is due: calendar days, not moments.
import type { GraphNode } from '../api.ts';
import { strings } from '../strings.ts';
import { TextField } from '../ui/text-field.tsx';
import { FieldError } from './section.tsx';
import type { Edit } from './use-edit.ts';

interface Props {
  component: GraphNode;
  writes: boolean;
  edit: Edit;
  error: string | undefined;
}

export function Dates({ component, writes, edit, error }: Props) {
  const day = (value: string) => (value === '' ? null : value);
  if (!writes && component.start_on === null && component.due_on === null) return null;
  return (
    <div className="flex flex-col gap-2">
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={strings.panel.start}
          type="date"
          readOnly={!writes}
          value={component.start_on ?? ''}
          max={component.due_on ?? undefined}
          onChange={(event) => void edit({ start_on: day(event.target.value) })}
        />
        <TextField
          label={strings.panel.due}
          type="date"
          readOnly={!writes}
          value={component.due_on ?? ''}
          min={component.start_on ?? undefined}
          onChange={(event) => void edit({ due_on: day(event.target.value) })}
        />
      </div>
      <FieldError text={error} />
    </div>
  );
}
