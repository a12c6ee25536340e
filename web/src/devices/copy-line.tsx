// A name, a value as it is typed, and a way to copy it.
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { strings } from '../strings.ts';
import { IconButton } from '../ui/icon-button.tsx';

export function CopyLine({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="flex min-h-9 items-center gap-3 border-line border-b pl-3 last:border-b-0">
      <span className="w-20 shrink-0 text-13 text-text-3">{label}</span>
      <code className="min-w-0 flex-1 select-all break-all font-mono text-13">{value}</code>
      {/* Over plain HTTP there is no clipboard: the value selects as a whole instead. */}
      {navigator.clipboard !== undefined && (
        <IconButton
          label={copied ? strings.copied : strings.devices.copy(label)}
          side="left"
          onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
        >
          {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        </IconButton>
      )}
    </div>
  );
}
