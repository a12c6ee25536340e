// A name, a value as it is typed, and a way to copy it.
import { Check, Copy } from 'lucide-react';
import { strings } from '../strings.ts';
import { useCopy } from '../ui/copy-text.ts';
import { IconButton } from '../ui/icon-button.tsx';

export function CopyLine({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex min-h-9 items-center gap-3 border-line border-b pl-3 last:border-b-0">
      <span className="w-20 shrink-0 text-13 text-text-3">{label}</span>
      <code className="min-w-0 flex-1 select-all break-all font-mono text-13">{value}</code>
      <CopyButton label={strings.devices.copy(label)} value={value} />
    </div>
  );
}

export function CopyButton({ label, value, className }: { label: string; value: string; className?: string }) {
  const { copied, outcome, copy } = useCopy(value);
  return (
    <IconButton label={outcome ?? label} side="left" className={className} onClick={copy}>
      {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
    </IconButton>
  );
}
