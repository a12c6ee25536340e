// All keys that work here now, grouped by where they work.
import { useSyncExternalStore } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { keysOf, type Scope, scopes } from './commands.ts';
import { useAllCommands } from './use-commands.ts';
import { useProfile } from './use-profile.ts';

type Row = readonly [keys: readonly string[], does: string];

export function KeysOverview({ onClose }: { onClose: () => void }) {
  const { commands } = useApp();
  const all = useAllCommands();
  const lists = useSyncExternalStore(commands.watch, commands.keyLists);
  const { single_keys } = useProfile().preferences;
  const rowsOf = (scope: Scope): Row[] => [
    ...all
      .filter(({ keys, scope: its = 'page' }) => keys !== undefined && its === scope)
      .map(({ keys, label }): Row => [keysOf(keys), label]),
    ...lists
      .filter((list) => list.scope === scope)
      .flatMap((list) => list.keys.map(([keys, does]): Row => [[keys], does])),
    ...(scope === 'everywhere' ? [[['Esc'], strings.shortcuts.leave] satisfies Row] : []),
  ];
  return (
    <Dialog open onOpenChange={onClose} width="wide" title={strings.shortcuts.title}>
      {!single_keys && <p className="tint-warning rounded-control px-3 py-2 text-13">{strings.shortcuts.off}</p>}
      <div className="gap-x-8 sm:columns-2">
        {scopes.map((scope) => {
          const rows = rowsOf(scope);
          if (rows.length === 0) return null;
          return (
            <section key={scope} aria-labelledby={`keys-${scope}`} className="pb-4">
              <h3 id={`keys-${scope}`} className="pb-1 text-13 font-medium text-text-3">
                {strings.shortcuts.scopes[scope]}
              </h3>
              <dl>
                {rows.map(([keys, does]) => (
                  <div
                    key={does}
                    className="flex min-h-8 break-inside-avoid items-center gap-3 border-line border-b py-1 last:border-b-0"
                  >
                    <dt className="flex-1">{does}</dt>
                    <dd className="flex items-center gap-1.5 text-12 text-text-3">
                      {keys.map((one, index) => (
                        <span key={one} className="flex items-center gap-1.5">
                          {index > 0 && strings.shortcuts.or}
                          <Kbd keys={one} />
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
