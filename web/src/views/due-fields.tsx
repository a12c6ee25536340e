// Chooses a day, and a time where there is one: near days by one press, others by typing.

import { addDays } from '@taylordash/core/days';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { viewStrings } from '../strings/views.ts';
import { Button } from '../ui/button.tsx';
import { sayDay } from '../ui/dates.ts';
import { TextField } from '../ui/text-field.tsx';
import type { Due } from './due.ts';

interface Props {
  label: string;
  due: Due;
  today: string;
  withTime?: boolean;
  onDue: (due: Due) => void;
  onTab?: (back: boolean) => void;
}

const near = [0, 1, 7];

export function DueFields({ label, due, today, withTime = false, onDue, onTab }: Props) {
  const [day, setDay] = useState(due.day);
  const [time, setTime] = useState(due.time);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onDue({ day, time: day === '' ? '' : time });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Tab' || !onTab) return;
    // Only out of it: the parts of a date are gone through by Tab as well.
    const fields = [...event.currentTarget.querySelectorAll<HTMLElement>('input, button')];
    if (event.target === fields.at(event.shiftKey ? 0 : -1)) {
      event.preventDefault();
      onTab(event.shiftKey);
    }
  };
  return (
    <form onSubmit={submit} onKeyDown={keys} aria-label={label} className="flex flex-col gap-3">
      <div className="flex gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label={viewStrings.day}
            type="date"
            autoFocus
            value={day}
            onChange={(event) => setDay(event.target.value)}
          />
        </div>
        {withTime && (
          <div className="w-28">
            <TextField
              label={viewStrings.time}
              type="time"
              disabled={day === ''}
              value={time}
              onChange={(event) => setTime(event.target.value)}
            />
          </div>
        )}
      </div>
      <div className="flex flex-wrap gap-1">
        {near.map((days) => (
          <Button key={days} kind="plain" onClick={() => onDue({ day: addDays(today, days), time })}>
            {days === 7 ? viewStrings.in_a_week : sayDay(addDays(today, days), today)}
          </Button>
        ))}
        {due.day !== '' && (
          <Button kind="plain" onClick={() => onDue({ day: '', time: '' })}>
            {viewStrings.day_clear}
          </Button>
        )}
      </div>
      <Button kind="primary" type="submit">
        {viewStrings.save}
      </Button>
    </form>
  );
}
