// The canvas's own tools: adding, arranging, finding, highlighting, zooming, and the rest in a menu.
import { useReactFlow, useStore } from '@xyflow/react';
import {
  ChevronsRight,
  CirclePlay,
  ClipboardPaste,
  FileImage,
  ImageDown,
  Keyboard,
  Lightbulb,
  Map as MapIcon,
  Maximize,
  Minus,
  OctagonAlert,
  Plus,
  Search,
  SquareDashedMousePointer,
  SquarePlus,
  Workflow,
} from 'lucide-react';
import { strings } from '../strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLine, MoreMenu } from '../ui/menu.tsx';
import type { PictureFormat } from './use-export.ts';
import type { ModeName } from './use-mode.ts';

interface Props {
  writes: boolean;
  busy: boolean;
  touch: boolean;
  selecting: boolean;
  minimap: boolean;
  mode: ModeName | null;
  onAdd: () => void;
  onFit: () => void;
  onLayout: () => void;
  onSelecting: (on: boolean) => void;
  onFind: () => void;
  onMode: (mode: ModeName | null) => void;
  onPaste: () => void;
  onExport: (format: PictureFormat) => void;
  onMinimap: () => void;
  onKeys: () => void;
}

const words = strings.canvas;

export function CanvasTools(props: Props) {
  const { writes, busy, touch, selecting, mode } = props;
  return (
    <>
      {busy && (
        <p
          role="status"
          className="enter-late absolute top-4 right-4 z-10 rounded-node border border-line bg-surface-3 px-3 py-2 text-13 text-text-2"
        >
          {words.laying_out}
        </p>
      )}
      <div
        role="toolbar"
        aria-label={words.tools}
        data-bar
        className="absolute right-4 bottom-4 z-10 flex items-center gap-1 rounded-node border border-line bg-surface-1 p-1 shadow-1"
      >
        {writes && (
          <>
            <IconButton label={words.add} shortcut="C" side="top" onClick={props.onAdd}>
              <SquarePlus size={18} aria-hidden />
            </IconButton>
            <IconButton label={words.layout} shortcut="Shift+L" side="top" onClick={props.onLayout} disabled={busy}>
              <Workflow size={18} aria-hidden />
            </IconButton>
          </>
        )}
        {touch && (
          <IconButton
            label={selecting ? words.selection.select_done : words.selection.select}
            side="top"
            pressed={selecting}
            onClick={() => props.onSelecting(!selecting)}
          >
            <SquareDashedMousePointer size={18} aria-hidden />
          </IconButton>
        )}
        <IconButton label={words.find.open} shortcut="Mod+F" side="top" onClick={props.onFind}>
          <Search size={18} aria-hidden />
        </IconButton>
        <Highlights mode={mode} onMode={props.onMode} />
        <span aria-hidden className="mx-1 h-5 w-px bg-line max-sm:hidden" />
        <Zoom />
        <IconButton label={words.fit} shortcut="Shift+1" side="top" onClick={props.onFit}>
          <Maximize size={18} aria-hidden />
        </IconButton>
        <More {...props} />
      </div>
    </>
  );
}

function Highlights({ mode, onMode }: Pick<Props, 'mode' | 'onMode'>) {
  const items = [
    ['ready', words.modes.ready, 'G', CirclePlay, 'text-accent'],
    ['blocked', words.modes.blocked, 'B', OctagonAlert, 'text-blocked'],
    ['path', words.modes.path, 'P', ChevronsRight, 'text-critical'],
  ] as const;
  return (
    <Menu
      side="top"
      align="end"
      trigger={
        <IconButton label={words.modes.menu} side="top" pressed={mode !== null}>
          <Lightbulb size={18} aria-hidden />
        </IconButton>
      }
    >
      {items.map(([name, text, shortcut, Icon, color]) => (
        <MenuItem
          key={name}
          icon={<Icon size={16} aria-hidden className={color} />}
          shortcut={shortcut}
          chosen={mode === name}
          onSelect={() => onMode(mode === name ? null : name)}
        >
          {text}
        </MenuItem>
      ))}
    </Menu>
  );
}

/** By touch two fingers do the same: on a narrow screen the room is for what has no gesture. */
function Zoom() {
  const flow = useReactFlow();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <span className="contents max-sm:hidden">
      <IconButton label={words.zoom_out} side="top" onClick={() => void flow.zoomOut({ duration: 120 })}>
        <Minus size={18} aria-hidden />
      </IconButton>
      <button
        type="button"
        onClick={() => void flow.zoomTo(1, { duration: 180 })}
        aria-label={words.zoom_reset(percent)}
        className="press target w-12 rounded-control text-12 text-text-2 hover:bg-surface-2 hover:text-text"
      >
        {strings.percent(percent)}
      </button>
      <IconButton label={words.zoom_in} side="top" onClick={() => void flow.zoomIn({ duration: 120 })}>
        <Plus size={18} aria-hidden />
      </IconButton>
    </span>
  );
}

function More({ writes, minimap, onPaste, onExport, onMinimap, onKeys }: Props) {
  return (
    <MoreMenu label={words.more}>
      {writes && (
        <>
          <MenuItem icon={<ClipboardPaste size={16} aria-hidden />} shortcut="Mod+V" onSelect={onPaste}>
            {words.selection.paste}
          </MenuItem>
          <MenuLine />
        </>
      )}
      <MenuItem icon={<FileImage size={16} aria-hidden />} onSelect={() => onExport('svg')}>
        {words.export_svg}
      </MenuItem>
      <MenuItem icon={<ImageDown size={16} aria-hidden />} onSelect={() => onExport('png')}>
        {words.export_png}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<MapIcon size={16} aria-hidden />} onSelect={onMinimap}>
        {minimap ? words.minimap_hide : words.minimap_show}
      </MenuItem>
      <MenuItem icon={<Keyboard size={16} aria-hidden />} shortcut="?" onSelect={onKeys}>
        {words.all_keys}
      </MenuItem>
    </MoreMenu>
  );
}
