// Names a view: a new one with who may use it and where, or one that is there already.
import { type FormEvent, useState } from 'react';
import { viewStrings as words } from '../strings/views.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { describeError } from '../ui/error-notice.tsx';
import { TextField } from '../ui/text-field.tsx';

interface Props {
  title: string;
  name: string;
  /** Left out where only the name is asked for. */
  scope?: { may_share: boolean; may_share_everywhere: boolean };
  onSave: (answer: { name: string; shared: boolean; everywhere: boolean }) => Promise<unknown>;
  onClose: () => void;
}

export function ViewDialog({ title, name: before, scope, onSave, onClose }: Props) {
  const [name, setName] = useState(before);
  const [shared, setShared] = useState(false);
  const [everywhere, setEverywhere] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    setBusy(true);
    try {
      await onSave({ name: name.trim(), shared, everywhere });
      onClose();
    } catch (problem) {
      const { what, why } = describeError(problem);
      setError(why === '' ? what : why);
      setBusy(false);
    }
  };
  const canShare = scope !== undefined && (everywhere ? scope.may_share_everywhere : scope.may_share);
  return (
    <Dialog open onOpenChange={onClose} title={title}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <TextField
          label={words.view_name}
          required
          autoFocus
          maxLength={255}
          value={name}
          error={error}
          onChange={(event) => {
            setName(event.target.value);
            setError(undefined);
          }}
        />
        {scope && (
          <div>
            <Checkbox label={words.view_scope} checked={everywhere} onChecked={setEverywhere} />
            <Checkbox
              label={words.view_shared}
              checked={shared && canShare}
              disabled={!canShare}
              onChecked={setShared}
            />
          </div>
        )}
        <DialogActions>
          <Button onClick={onClose}>{strings.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {strings.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
