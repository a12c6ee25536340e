// One choice among two or three, side by side.
import { cx } from './cx.ts';

interface Props<V extends string> {
  label: string;
  value: V;
  options: readonly { value: V; label: string }[];
  onValue: (value: V) => void;
}

export function Segments<V extends string>({ label, value, options, onValue }: Props<V>) {
  return (
    <fieldset className="flex rounded-control border border-control p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onValue(option.value)}
          className={cx(
            'press min-h-[calc(var(--target)-6px)] flex-1 pointer-coarse:min-h-(--target) pointer-coarse:px-[15px] whitespace-nowrap rounded-chip px-3 text-13',
            option.value === value ? 'bg-accent-quiet font-medium text-text' : 'text-text-2 hover:text-text',
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
