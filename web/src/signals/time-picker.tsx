// Chooses the time that the Signals pages show: a span up to now, or from one moment to another.
import { CalendarRange } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { signalStrings as words } from '../strings/signals.ts';
import { Button } from '../ui/button.tsx';
import { useDates } from '../ui/dates.ts';
import { Popover } from '../ui/popover.tsx';
import { Segments } from '../ui/segments.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type Span, spans, type TimeSearch } from './signals-search.ts';

interface Props {
  time: TimeSearch;
  onTime: (time: TimeSearch) => void;
}

const options = spans.map((value) => ({ value, label: words.spans[value] }));
/** As the browser's field for a moment has it, in the browser's own zone. */
const local = (moment: string | undefined) => {
  if (moment === undefined) return '';
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

export function TimePicker({ time, onTime }: Props) {
  const [open, setOpen] = useState(false);
  const { exact } = useDates();
  const custom = time.from !== undefined || time.to !== undefined;
  const said = [time.from, time.to].map((moment) => (moment === undefined ? '…' : exact(moment))).join(' – ');
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <Segments<Span | 'custom'>
        label={words.time}
        value={custom ? 'custom' : (time.time ?? 'day')}
        options={options}
        onValue={(span) => {
          if (span !== 'custom') onTime(span === 'day' ? {} : { time: span });
        }}
      />
      <Popover
        open={open}
        onOpenChange={setOpen}
        label={words.custom}
        align="end"
        width="w-72"
        trigger={
          <Button kind={custom ? 'quiet' : 'plain'} aria-label={custom ? said : words.custom}>
            <CalendarRange size={16} aria-hidden className="shrink-0" />
            {custom && <span className="truncate">{said}</span>}
          </Button>
        }
      >
        <CustomTime
          time={time}
          onTime={(next) => {
            setOpen(false);
            onTime(next);
          }}
        />
      </Popover>
    </div>
  );
}

function CustomTime({ time, onTime }: Props) {
  const [from, setFrom] = useState(local(time.from));
  const [to, setTo] = useState(local(time.to));
  const wrong = from !== '' && to !== '' && to <= from;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong) return;
    onTime({
      ...(from === '' ? {} : { from: new Date(from).toISOString() }),
      ...(to === '' ? {} : { to: new Date(to).toISOString() }),
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 p-1">
      <TextField
        label={words.from}
        type="datetime-local"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <TextField
        label={words.to}
        type="datetime-local"
        value={to}
        onChange={(event) => setTo(event.target.value)}
        error={wrong ? words.to_early : undefined}
      />
      <Button type="submit" kind="primary">
        {words.apply}
      </Button>
    </form>
  );
}
