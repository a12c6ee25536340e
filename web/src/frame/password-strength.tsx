// How good a password is, by its length: no rules about its characters.
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';

const least = 8;
const recommended = 15;

export function PasswordStrength({ password }: { password: string }) {
  const length = [...password].length;
  const steps = length === 0 ? 0 : length < least ? 1 : length < recommended ? 2 : 3;
  const color = ['', 'bg-blocked', 'bg-warning', 'bg-completed'][steps];
  const text =
    length === 0
      ? strings.strength.hint
      : length < least
        ? strings.strength.short(least - length)
        : length < recommended
          ? strings.strength.fair
          : strings.strength.good;
  return (
    <span className="flex flex-col gap-1 pt-1">
      <span aria-hidden className="flex gap-1">
        {[1, 2, 3].map((step) => (
          <span key={step} className={cx('h-1 flex-1 rounded-full', step <= steps ? color : 'bg-line')} />
        ))}
      </span>
      {text}
    </span>
  );
}
