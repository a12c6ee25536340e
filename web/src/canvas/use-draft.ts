// A new component that is being named in its place; it stays, with what was typed, until the server has it.
import type { Position } from '@taylordash/core/entities';
import { useState } from 'react';
import type { Component } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';

export interface Draft {
  position: Position;
  depends_on: string[];
  name?: string;
  saving: boolean;
}

export function useDraft(project_id: string, onCreated: (component: Component) => void) {
  const { changes } = useApp();
  const toast = useToast();
  const [draft, setDraft] = useState<Draft | null>(null);
  return {
    draft,
    begin: (next: Omit<Draft, 'saving'>) => setDraft({ ...next, saving: false }),
    finish: async (name: string | null) => {
      if (!draft || name === null) {
        setDraft(null);
        return;
      }
      setDraft({ ...draft, name, saving: true });
      try {
        const { x, y } = draft.position;
        const position = { x: Math.round(x), y: Math.round(y) };
        const component = await changes.createComponent(project_id, { name, position, depends_on: draft.depends_on });
        setDraft(null);
        onCreated(component);
      } catch (error) {
        toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
        setDraft({ ...draft, name, saving: false });
      }
    },
  };
}
