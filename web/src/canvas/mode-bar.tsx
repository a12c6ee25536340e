// What the present mode shows, in words; of what is blocked, who holds the most up, each a jump away.
import type { RootBlocker } from '@taylordash/core/states';
import { ChevronsRight, CirclePlay, Maximize, OctagonAlert, X } from 'lucide-react';
import { strings } from '../strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Bar } from './bar.tsx';
import type { Mode } from './use-mode.ts';

interface Props {
  mode: Mode;
  names: ReadonlyMap<string, { name: string }>;
  /** The selected component. */
  at: string | null;
  onJump: (id: string) => void;
  onShow: () => void;
  onLeave: () => void;
}

const words = strings.canvas.modes;

export function ModeBar({ mode, names, at, onJump, onShow, onLeave }: Props) {
  return (
    <>
      <Bar at="top" label={words.menu}>
        <span role="status" className="flex min-w-0 flex-1 items-center gap-2 px-2 py-1">
          <ModeIcon mode={mode} />
          <Said mode={mode} />
        </span>
        <IconButton label={words.show_all} onClick={onShow}>
          <Maximize size={18} aria-hidden />
        </IconButton>
        <IconButton label={words.off} shortcut="Esc" onClick={onLeave}>
          <X size={18} aria-hidden />
        </IconButton>
      </Bar>
      {mode.name === 'blocked' && <Roots roots={mode.roots} {...{ names, at, onJump }} />}
    </>
  );
}

function ModeIcon({ mode }: { mode: Mode }) {
  if (mode.name === 'ready') return <CirclePlay size={16} aria-hidden className="text-accent" />;
  if (mode.name === 'path') return <ChevronsRight size={16} aria-hidden className="text-critical" />;
  return <OctagonAlert size={16} aria-hidden className="text-blocked" />;
}

function Said({ mode }: { mode: Mode }) {
  if (mode.name === 'ready') return words.ready_count(mode.ids.length);
  if (mode.name === 'blocked') return words.blocked_count(mode.ids.length);
  const { ids, days, open, without_duration } = mode.chain;
  if (ids.length === 0) return words.path_none;
  if (without_duration === 0) return words.critical(ids.length, days);
  return (
    <span>
      {words.longest(ids.length)}
      <span className="text-text-3"> · {words.no_duration(without_duration, open)}</span>
    </span>
  );
}

/** More than a screen of them helps nobody to begin. */
const most = 20;

interface RootsProps {
  roots: readonly RootBlocker[];
  names: Props['names'];
  at: string | null;
  onJump: (id: string) => void;
}

function Roots({ roots, names, at, onJump }: RootsProps) {
  return (
    <section
      aria-label={words.roots}
      data-bar
      className="enter-fade absolute top-20 left-3 md:top-16 z-10 flex max-h-[30%] w-64 max-w-[calc(100%-24px)] flex-col rounded-node border border-line bg-surface-1 shadow-1 md:max-h-[calc(100%-150px)]"
    >
      <h2 className="px-3 pt-2 pb-1 text-12 text-text-3">{words.roots}</h2>
      {roots.length === 0 && <p className="px-3 pb-3 text-13 text-text-2">{words.roots_none}</p>}
      <ol className="min-h-0 overflow-y-auto p-1">
        {roots.slice(0, most).map(({ id, held_up, waiting, stalled }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onJump(id)}
              aria-current={id === at ? 'true' : undefined}
              className="press target flex w-full flex-col justify-center rounded-control px-2 py-1 text-left hover:bg-surface-2 aria-[current]:bg-accent-quiet"
            >
              <span className="w-full truncate font-medium">{names.get(id)?.name}</span>
              <span className="text-12 text-text-3">
                {words.root_holds(waiting, held_up)}
                {stalled && <span className="text-warning"> · {words.stalled}</span>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
