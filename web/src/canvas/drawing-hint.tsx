// Says while a dependency is drawn what it would mean, or which loop it would close.
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import type { Drawing } from './use-drawing.ts';

interface Props {
  drawing: Pick<Drawing, 'from' | 'port' | 'tapped' | 'judgement'>;
  names: ReadonlyMap<string, { name: string }>;
  onCancel: () => void;
}

export function DrawingHint({ drawing, names, onCancel }: Props) {
  const name = (id: string) => names.get(id)?.name ?? '';
  const { judgement } = drawing;
  const text = () => {
    if (!judgement)
      return drawing.port === 'unlocks'
        ? strings.canvas.draw_to(name(drawing.from))
        : strings.canvas.draw_from(name(drawing.from));
    if (judgement.verdict === 'loop') return strings.canvas.loop(judgement.loop.map(name));
    const { component_id, depends_on_id } = judgement;
    if (judgement.verdict === 'exists') return strings.canvas.exists(name(component_id), name(depends_on_id));
    return strings.canvas.will_wait(name(component_id), name(depends_on_id));
  };
  return (
    <div className="pointer-events-none absolute inset-x-4 top-4 z-20 flex justify-center">
      <p
        role="status"
        className={cx(
          'enter-fade flex max-w-full items-center gap-3 rounded-node border bg-surface-3 px-4 py-2 shadow-2',
          judgement?.verdict === 'loop' ? 'border-blocked text-blocked' : 'border-line',
        )}
      >
        <span className="min-w-0 break-words">{text()}</span>
        {drawing.tapped && (
          <Button kind="plain" onClick={onCancel} className="pointer-events-auto -mr-2">
            {strings.cancel}
          </Button>
        )}
      </p>
    </div>
  );
}
