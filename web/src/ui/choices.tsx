// One choice among a few, each with a sentence that says what follows from it.
import { RadioGroup } from 'radix-ui';

interface Props<V extends string> {
  label: string;
  value: V;
  onValue: (value: V) => void;
  options: readonly { value: V; title: string; text: string }[];
  /** Why nothing can be chosen here. */
  disabled?: string | undefined;
}

export function Choices<V extends string>({ label, value, onValue, options, disabled }: Props<V>) {
  return (
    <>
      <RadioGroup.Root
        aria-label={label}
        value={value}
        disabled={disabled !== undefined}
        onValueChange={(next) => {
          const chosen = options.find((option) => option.value === next);
          if (chosen) onValue(chosen.value);
        }}
        className="flex flex-col gap-2"
      >
        {options.map((option) => (
          <RadioGroup.Item
            key={option.value}
            value={option.value}
            className="press group flex items-start gap-3 rounded-node border border-control p-3 text-left hover:border-text-3 disabled:opacity-60 data-[state=checked]:border-accent data-[state=checked]:bg-accent-quiet"
          >
            <span className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-control group-data-[state=checked]:border-accent">
              <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
            </span>
            <span className="flex flex-col gap-0.5">
              <span className="font-medium">{option.title}</span>
              <span className="text-13 text-text-2">{option.text}</span>
            </span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {disabled !== undefined && <p className="text-13 text-text-2">{disabled}</p>}
    </>
  );
}
