// Asks what blocks a component, before it is marked as blocked.
import { type FormEvent, useState } from 'react';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { TextArea } from '../ui/text-field.tsx';

interface Props {
  reason: string | null;
  onReason: (reason: string) => void;
  onClose: () => void;
}

export function ReasonDialog({ reason: before, onReason, onClose }: Props) {
  const [reason, setReason] = useState(before ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === '') return;
    onReason(reason.trim());
    onClose();
  };
  return (
    <Dialog open onOpenChange={onClose} title={strings.panel.blocked_title}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextArea
          label={strings.panel.blocked_reason}
          hint={strings.panel.blocked_hint}
          rows={3}
          maxLength={1000}
          required
          autoFocus
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>{strings.cancel}</Button>
          <Button kind="primary" type="submit">
            {strings.panel.block}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
