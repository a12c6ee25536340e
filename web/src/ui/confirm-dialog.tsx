// Asks before something that takes other things with it.
import type { ReactNode } from 'react';
import { strings } from '../strings.ts';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What goes with it. */
  description: ReactNode;
  confirm: string;
  onConfirm: () => void;
  busy?: boolean;
  children?: ReactNode;
}

export function ConfirmDialog({ open, onOpenChange, title, description, confirm, onConfirm, busy, children }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={description}>
      {children}
      <DialogActions>
        <Button onClick={() => onOpenChange(false)}>{strings.cancel}</Button>
        <Button kind="danger" onClick={onConfirm} busy={busy ?? false}>
          {confirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
