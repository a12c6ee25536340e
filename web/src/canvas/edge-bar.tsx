// The chosen dependency in words, and what can be done to it without dragging.
import type { Dependency } from '@taylordash/core/entities';
import { ArrowLeftFromLine, ArrowRightFromLine, Trash2 } from 'lucide-react';
import { strings } from '../strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Bar, BarEnd, BarLine, BarText } from './bar.tsx';
import type { End } from './use-reroute.ts';

interface Props {
  edge: Dependency;
  names: ReadonlyMap<string, { name: string }>;
  writes: boolean;
  onChange: (end: End) => void;
  onDelete: () => void;
  onClear: () => void;
}

const words = strings.canvas.edge;

export function EdgeBar({ edge, names, writes, onChange, onDelete, onClear }: Props) {
  const name = (id: string) => names.get(id)?.name ?? '';
  return (
    <Bar at="bottom" label={words.bar}>
      <BarText>{words.text(name(edge.component_id), name(edge.depends_on_id))}</BarText>
      <BarLine />
      {writes && (
        <>
          <IconButton label={words.change_first} shortcut="L" side="top" onClick={() => onChange('first')}>
            <ArrowLeftFromLine size={18} aria-hidden />
          </IconButton>
          <IconButton label={words.change_waiting} side="top" onClick={() => onChange('waiting')}>
            <ArrowRightFromLine size={18} aria-hidden />
          </IconButton>
          <IconButton label={words.delete} shortcut="Del" side="top" onClick={onDelete}>
            <Trash2 size={18} aria-hidden />
          </IconButton>
        </>
      )}
      <BarEnd label={strings.canvas.selection.clear} side="top" onClick={onClear} />
    </Bar>
  );
}
