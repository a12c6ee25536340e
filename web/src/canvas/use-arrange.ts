// Taking a proposed layout: everything moves at once, and one press brings it back.
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { useToast } from '../ui/toast.tsx';
import type { useLayout } from './use-layout.ts';

export function useArrange(
  project_id: string,
  layout: ReturnType<typeof useLayout>,
  /** Before anything moves. */
  onApply: () => void,
  fail: (error: unknown) => void,
) {
  const { changes } = useApp();
  const toast = useToast();
  const [moving, setMoving] = useState(false);
  /** False where no layout is proposed. */
  const apply = (): boolean => {
    const { preview, place } = layout;
    if (!preview) return false;
    layout.discard();
    const before = preview.moved.map((component) => ({ component, position: place(component) }));
    const after = preview.moved.map((component) => ({
      component,
      position: preview.places.get(component.id) ?? place(component),
    }));
    onApply();
    setMoving(true);
    setTimeout(() => setMoving(false), 320);
    changes
      .move(project_id, after)
      .then(() =>
        toast({
          text: strings.canvas.moved(after.length),
          action: { label: strings.undo, run: () => void changes.move(project_id, before).catch(fail) },
        }),
      )
      .catch(fail);
    return true;
  };
  return { apply, moving };
}
