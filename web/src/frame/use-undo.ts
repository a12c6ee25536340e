// Taking back and doing again, with a notice that says what it was; and the notice of something done, which can be taken back.
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import type { NoticeAction } from '../ui/notice.ts';
import { useToast } from '../ui/toast.tsx';
import type { Undone } from '../work/history.ts';

interface Undo {
  undo: () => void;
  redo: () => void;
  /** Takes back one change or gesture, known by its id. */
  undoChange: (id: string, label?: string) => void;
}

export function useUndo(): Undo {
  const { history } = useApp();
  const toast = useToast();
  const fail = (error: unknown) => toast({ tone: 'problem', text: strings.undone.failed(sayError(error)) });
  const tell = (undone: Undone | null, words: (label: string) => string, action?: NoticeAction) => {
    if (!undone) return;
    const kept = undone.kept.length === 0 ? '' : ` ${strings.undone.kept(undone.kept.length)}`;
    toast({ text: `${words(undone.label)}${kept}`, ...(action ? { action } : {}) });
  };
  const redo = () => {
    if (!history.canRedo()) return toast({ text: strings.undone.nothing_again });
    history.redo().then((undone) => tell(undone, strings.undone.again, { label: strings.undo, run: undo }), fail);
  };
  const undo = () => {
    if (!history.canUndo()) return toast({ text: strings.undone.nothing });
    history.undo().then((undone) => tell(undone, strings.undone.done, { label: strings.undone.redo, run: redo }), fail);
  };
  return {
    undo,
    redo,
    undoChange(id, label) {
      history.undoChange(id, label).then((undone) => tell(undone, strings.undone.done), fail);
    },
  };
}

/** Tells that something is done, and offers to undo it by its change_id or its gesture's key. Null: nothing to undo. */
export function useDone(): (text: string, id: string | null, also?: NoticeAction) => void {
  const { undoChange } = useUndo();
  const toast = useToast();
  return (text, id, also) =>
    toast({
      text,
      ...(id === null ? {} : { action: { label: strings.undo, run: () => undoChange(id) } }),
      ...(also ? { also } : {}),
    });
}
