// Changes the own password.
import { ApiProblem } from '@taylordash/sdk/client';
import { type FormEvent, useState } from 'react';
import { useApp, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { describeError } from '../ui/error-notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { useToast } from '../ui/toast.tsx';
import { PasswordStrength } from './password-strength.tsx';

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const me = useMe();
  const toast = useToast();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [endOthers, setEndOthers] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<{ field: 'current' | 'next'; text: string } | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await api.call('changePassword', {
        body: { current_password: current, new_password: fresh, end_other_sessions: endOthers },
      });
      toast({ text: strings.own_password.done });
      onClose();
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.body.code === 'auth.invalid_credentials') {
        setError({ field: 'current', text: strings.own_password.wrong });
      } else {
        const { what, why } = describeError(problem);
        setError({ field: 'next', text: why === '' ? what : why });
      }
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={strings.own_password.title}
    >
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <input type="text" autoComplete="username" value={me?.username ?? ''} readOnly hidden />
        <PasswordField
          label={strings.own_password.current}
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={error?.field === 'current' ? error.text : undefined}
        />
        <PasswordField
          label={strings.own_password.next}
          autoComplete="new-password"
          required
          minLength={8}
          maxLength={256}
          value={fresh}
          onChange={(event) => setFresh(event.target.value)}
          hint={<PasswordStrength password={fresh} />}
          error={error?.field === 'next' ? error.text : undefined}
        />
        <Checkbox checked={endOthers} onChecked={setEndOthers} label={strings.own_password.end_others} />
        <DialogActions>
          <Button onClick={onClose}>{strings.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {strings.own_password.submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
