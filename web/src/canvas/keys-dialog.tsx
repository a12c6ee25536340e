// All keys of the canvas.
import { strings } from '../strings.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} width="wide" title={strings.canvas.all_keys}>
      <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
        {strings.canvas.keys.map(([keys, text]) => (
          <div key={keys} className="flex items-center justify-between gap-4">
            <dt className="text-text-2">{text}</dt>
            <dd>
              <Kbd keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
