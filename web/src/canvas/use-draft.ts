// A new component that is being named in its place. Should the server refuse it, it is back with what was typed.
import type { Position } from '@taylordash/core/entities';
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';
import { newId } from '../work/ids.ts';

export interface Draft {
  position: Position;
  depends_on: string[];
  name?: string;
}

export function useDraft(project_id: string, onCreated: (id: string) => void) {
  const { changes } = useApp();
  const toast = useToast();
  const [draft, setDraft] = useState<Draft | null>(null);
  return {
    draft,
    begin: setDraft,
    finish: async (name: string | null) => {
      setDraft(null);
      if (!draft || name === null) return;
      const { x, y } = draft.position;
      const body = {
        id: newId(),
        name,
        position: { x: Math.round(x), y: Math.round(y) },
        depends_on: draft.depends_on,
      };
      const made = changes.createComponent(project_id, body);
      onCreated(body.id);
      try {
        await made;
      } catch (error) {
        toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
        setDraft({ ...draft, name });
      }
    },
  };
}
