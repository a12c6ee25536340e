// Chooses among named views, says when what is shown differs from the one that was chosen, and keeps it.
import type { Layout } from '@taylordash/core/entities';
import type { ViewConfig } from '@taylordash/core/views';
import {
  Bookmark,
  ChevronDown,
  CircleUserRound,
  Link2,
  Pencil,
  RotateCcw,
  Save,
  Share2,
  Trash2,
  Users,
} from 'lucide-react';
import { useState } from 'react';
import { viewStrings as words } from '../strings/views.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy-text.ts';
import { sayError } from '../ui/error-notice.tsx';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx';
import { useToast } from '../ui/toast.tsx';
import { builtinViews, isBuiltin, type RowsOf } from './settings.ts';
import type { useViews } from './use-views.ts';
import { ViewDialog } from './view-dialogs.tsx';

interface Props {
  /** The name of a built-in view or the id of a saved one; undefined: none. */
  saved: string | undefined;
  of: RowsOf;
  config: ViewConfig;
  modified: boolean;
  store: ReturnType<typeof useViews>;
  onChoose: (saved: string | undefined) => void;
  onDiscard: () => void;
}

export function ViewPicker({ saved, of, config, modified, store, onChoose, onDiscard }: Props) {
  const toast = useToast();
  const [dialog, setDialog] = useState<'save' | 'rename' | null>(null);
  const view = store.views.find(({ layout }) => layout.id === saved);
  const fail = (error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
  const name = view?.layout.name ?? (isBuiltin(saved) ? words.builtin[saved] : words.all[of]);
  const remove = (layout: Layout) => {
    onChoose(undefined);
    store
      .remove(layout)
      .then(() =>
        toast({
          text: words.deleted_view(layout.name),
          action: { label: strings.undo, run: () => void store.restore(layout).catch(fail) },
        }),
      )
      .catch(fail);
  };
  const copy = () =>
    void copyText(window.location.href).then((copied) =>
      toast(copied ? { text: words.link_copied } : { tone: 'problem', text: words.link_not_copied }),
    );
  const list = (own: boolean) => {
    const some = store.views.filter((one) => one.own === own || (own && one.layout.shared && one.own));
    if (some.length === 0) return null;
    return (
      <>
        <MenuLabel>{own ? words.own_views : words.shared_views}</MenuLabel>
        {some.map(({ layout }) => (
          <MenuItem
            key={layout.id}
            icon={
              layout.shared ? (
                <Users size={16} aria-hidden className="text-text-3" />
              ) : (
                <CircleUserRound size={16} aria-hidden className="text-text-3" />
              )
            }
            chosen={layout.id === saved}
            onSelect={() => onChoose(layout.id)}
          >
            {layout.name}
          </MenuItem>
        ))}
      </>
    );
  };
  return (
    <>
      <Menu
        trigger={
          <Button kind="plain" className="min-w-0 px-2" title={modified ? words.modified_long : undefined}>
            <Bookmark size={16} aria-hidden className="shrink-0" />
            <span className="sr-only">{words.view('')}</span>
            <span className="truncate">{name}</span>
            {modified && <span className="shrink-0 text-12 text-text-3">{words.modified}</span>}
            <ChevronDown size={14} aria-hidden className="shrink-0 text-text-3" />
          </Button>
        }
      >
        <MenuLabel>{words.built_in}</MenuLabel>
        <MenuItem chosen={saved === undefined} onSelect={() => onChoose(undefined)}>
          {words.all[of]}
        </MenuItem>
        {builtinViews.map((one) => (
          <MenuItem key={one} chosen={one === saved} onSelect={() => onChoose(one)}>
            {words.builtin[one]}
          </MenuItem>
        ))}
        {list(true)}
        {list(false)}
        <MenuLine />
        {modified && (
          <MenuItem icon={<RotateCcw size={16} aria-hidden />} onSelect={onDiscard}>
            {words.discard}
          </MenuItem>
        )}
        {modified && view?.own === true && (
          <MenuItem
            icon={<Save size={16} aria-hidden />}
            onSelect={() => void store.change(view.layout, { config }).then(onDiscard).catch(fail)}
          >
            {words.update}
          </MenuItem>
        )}
        <MenuItem icon={<Save size={16} aria-hidden />} onSelect={() => setDialog('save')}>
          {words.save_as}
        </MenuItem>
        {view?.own === true && (
          <>
            <MenuItem icon={<Pencil size={16} aria-hidden />} onSelect={() => setDialog('rename')}>
              {words.rename}
            </MenuItem>
            {(view.layout.project_id === null ? store.may_share_everywhere : store.may_share) && (
              <MenuItem
                icon={<Share2 size={16} aria-hidden />}
                onSelect={() => void store.change(view.layout, { shared: !view.layout.shared }).catch(fail)}
              >
                {view.layout.shared ? words.unshare : words.share}
              </MenuItem>
            )}
          </>
        )}
        <MenuItem icon={<Link2 size={16} aria-hidden />} onSelect={copy}>
          {words.copy_link}
        </MenuItem>
        {view?.own === true && (
          <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onSelect={() => remove(view.layout)}>
            {words.delete_view}
          </MenuItem>
        )}
      </Menu>
      {dialog === 'save' && (
        <ViewDialog
          title={words.save_title}
          name=""
          scope={store}
          onClose={() => setDialog(null)}
          onSave={async (answer) => {
            const layout = await store.save({ ...answer, config });
            onChoose(layout.id);
            toast({ text: words.saved(layout.name) });
          }}
        />
      )}
      {dialog === 'rename' && view && (
        <ViewDialog
          title={words.rename_title}
          name={view.layout.name}
          onClose={() => setDialog(null)}
          onSave={({ name: next }) => store.change(view.layout, { name: next })}
        />
      )}
    </>
  );
}
