// What can be done to the selected components: one bar for mouse, finger and keyboard.
import { componentStatuses } from '@taylordash/core/statuses';
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  CircleDot,
  Copy,
  CopyPlus,
  LayoutGrid,
  Link2,
  type LucideIcon,
  PanelRight,
  PencilLine,
  Pin,
  PinOff,
  Scissors,
  Trash2,
} from 'lucide-react';
import type { GraphNode } from '../api.ts';
import { strings } from '../strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLine, MoreMenu } from '../ui/menu.tsx';
import { StatusIcon } from '../ui/status-icon.tsx';
import { type Alignment, alignments } from './align.ts';
import { Bar, BarEnd, BarLine, BarText } from './bar.tsx';
import type { Verbs } from './use-verbs.ts';

interface Props {
  chosen: readonly GraphNode[];
  writes: boolean;
  verbs: Verbs;
  onOpen: (id: string) => void;
  onRename: (id: string) => void;
  onConnect: (id: string) => void;
  onStatus: (status: (typeof componentStatuses)[number]) => void;
  onDelete: () => void;
  onClear: () => void;
}

const icons: Record<Alignment, LucideIcon> = {
  left: AlignStartVertical,
  centre: AlignCenterVertical,
  right: AlignEndVertical,
  top: AlignStartHorizontal,
  middle: AlignCenterHorizontal,
  bottom: AlignEndHorizontal,
};
const words = strings.canvas.selection;

export function SelectionBar({ chosen, writes, verbs, ...on }: Props) {
  const [first] = chosen;
  if (!first) return null;
  const one = chosen.length === 1 ? first : null;
  const pinned = chosen.every((component) => component.pinned);
  return (
    <Bar at="bottom" label={words.bar}>
      <BarText>
        {one ? <span className="line-clamp-1 max-w-40 break-all">{one.name}</span> : words.count(chosen.length)}
      </BarText>
      <BarLine />
      {one && (
        <IconButton label={words.open} shortcut="Enter" side="top" onClick={() => on.onOpen(one.id)}>
          <PanelRight size={18} aria-hidden />
        </IconButton>
      )}
      {writes && one && (
        <IconButton label={words.connect} side="top" onClick={() => on.onConnect(one.id)}>
          <Link2 size={18} aria-hidden />
        </IconButton>
      )}
      {writes && !one && <ArrangeMenu verbs={verbs} several={chosen.length > 2} />}
      {writes && (
        <Menu
          side="top"
          trigger={
            <IconButton label={words.status} side="top">
              <CircleDot size={18} aria-hidden />
            </IconButton>
          }
        >
          {componentStatuses.map((status) => (
            <MenuItem key={status} icon={<StatusIcon state={status} bare />} onSelect={() => on.onStatus(status)}>
              {strings.panel.statuses[status]}
            </MenuItem>
          ))}
        </Menu>
      )}
      {writes && (
        <IconButton
          label={pinned ? words.unpin : words.pin}
          shortcut="Shift+P"
          side="top"
          pressed={pinned}
          onClick={verbs.pin}
        >
          {pinned ? <PinOff size={18} aria-hidden /> : <Pin size={18} aria-hidden />}
        </IconButton>
      )}
      <MoreMenu label={words.more}>
        {writes && one && (
          <MenuItem icon={<PencilLine size={16} aria-hidden />} shortcut="F2" onSelect={() => on.onRename(one.id)}>
            {words.rename}
          </MenuItem>
        )}
        <MenuItem icon={<Copy size={16} aria-hidden />} shortcut="Mod+C" onSelect={verbs.copy}>
          {words.copy}
        </MenuItem>
        {writes && (
          <>
            <MenuItem icon={<Scissors size={16} aria-hidden />} shortcut="Mod+X" onSelect={verbs.cut}>
              {words.cut}
            </MenuItem>
            <MenuItem icon={<CopyPlus size={16} aria-hidden />} shortcut="Mod+D" onSelect={verbs.duplicate}>
              {words.duplicate}
            </MenuItem>
          </>
        )}
      </MoreMenu>
      {writes && (
        <IconButton label={words.delete} shortcut="Del" side="top" onClick={on.onDelete}>
          <Trash2 size={18} aria-hidden />
        </IconButton>
      )}
      <BarEnd label={words.clear} side="top" onClick={on.onClear} />
    </Bar>
  );
}

function ArrangeMenu({ verbs, several }: { verbs: Verbs; several: boolean }) {
  return (
    <Menu
      side="top"
      trigger={
        <IconButton label={words.arrange} side="top">
          <LayoutGrid size={18} aria-hidden />
        </IconButton>
      }
    >
      {alignments.map((alignment) => {
        const Icon = icons[alignment];
        return (
          <MenuItem key={alignment} icon={<Icon size={16} aria-hidden />} onSelect={() => verbs.align(alignment)}>
            {words.alignments[alignment]}
          </MenuItem>
        );
      })}
      <MenuLine />
      <MenuItem
        icon={<AlignHorizontalDistributeCenter size={16} aria-hidden />}
        disabled={!several}
        onSelect={() => verbs.distribute('x')}
      >
        {words.distribute_x}
      </MenuItem>
      <MenuItem
        icon={<AlignVerticalDistributeCenter size={16} aria-hidden />}
        disabled={!several}
        onSelect={() => verbs.distribute('y')}
      >
        {words.distribute_y}
      </MenuItem>
    </Menu>
  );
}
