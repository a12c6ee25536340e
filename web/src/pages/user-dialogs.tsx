// Making a user and changing one: access, password, activity, deletion with hand-over.

import { useQuery } from '@tanstack/react-query';
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { BodyOf } from '@taylordash/core/endpoints/endpoint';
import { useState } from 'react';
import { keys, peopleQuery, type UserWithGrants } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { PasswordStrength } from '../frame/password-strength.tsx';
import { strings } from '../strings.ts';
import { codeOf, FormDialog, reasonOf, useSend } from '../ui/form-dialog.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type AccessChoice, accessOf, rightsOf } from './access.ts';
import { AccessFields } from './access-fields.tsx';

interface UserProps {
  user: UserWithGrants;
  onClose: () => void;
}

/** Who may come in, and whom others can choose. */
const stale = [keys.users, ['people']] as const;

const sameRights = (a: UserWithGrants, b: UserWithGrants) =>
  a.role === b.role && a.is_active === b.is_active && JSON.stringify(a.grants) === JSON.stringify(b.grants);
const nowhere = ({ access, project_ids }: AccessChoice) => access === 'member' && project_ids?.length === 0;

export function CreateUserDialog({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const { busy, error, send } = useSend(onClose, ...stale);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [choice, setChoice] = useState<AccessChoice>({ access: 'member', project_ids: null });
  const taken = codeOf(error) === 'user.username_taken';
  const weak = codeOf(error) === 'auth.weak_password';
  return (
    <FormDialog
      title={strings.users.create_title}
      submit={strings.users.create}
      busy={busy}
      disabled={nowhere(choice)}
      error={taken || weak ? null : error}
      onClose={onClose}
      onSubmit={() =>
        void send(
          () => api.call('createUser', { body: { username: username.trim(), password, ...rightsOf(choice) } }),
          strings.users.created(username.trim()),
        )
      }
    >
      <TextField
        label={strings.login.username}
        value={username}
        required
        autoFocus
        maxLength={100}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={(event) => setUsername(event.target.value)}
        error={taken ? reasonOf(error) : undefined}
      />
      <PasswordField
        label={strings.login.password}
        autoComplete="new-password"
        value={password}
        required
        minLength={8}
        maxLength={256}
        onChange={(event) => setPassword(event.target.value)}
        hint={
          <>
            <PasswordStrength password={password} />
            {strings.users.password_hint}
          </>
        }
        error={weak ? reasonOf(error) : undefined}
      />
      <AccessFields choice={choice} onChoice={setChoice} />
    </FormDialog>
  );
}

function useUpdate({ user, onClose }: UserProps) {
  const { api } = useApp();
  const { busy, error, send } = useSend(onClose, ...stale);
  const update = (body: BodyOf<(typeof endpoints)['updateUser']>, done?: string) =>
    void send(async () => {
      const params = { id: user.id };
      try {
        await api.call('updateUser', { params, body, if_match: user.version });
      } catch (problem) {
        if (codeOf(problem) !== 'request.precondition_failed') throw problem;
        // Signing in makes a new version too; only another's change of what is shown here is worth stopping for.
        const { data } = await api.call('getUser', { params });
        if (!sameRights(data, user)) throw problem;
        await api.call('updateUser', { params, body, if_match: data.version });
      }
    }, done);
  return { busy, error, update };
}

export function AccessDialog(props: UserProps) {
  const { busy, error, update } = useUpdate(props);
  const [choice, setChoice] = useState(() => accessOf(props.user));
  return (
    <FormDialog
      title={strings.users.edit_title(props.user.username)}
      submit={strings.save}
      busy={busy}
      disabled={nowhere(choice)}
      error={error}
      onClose={props.onClose}
      onSubmit={() => update(rightsOf(choice))}
    >
      <AccessFields choice={choice} onChoice={setChoice} />
    </FormDialog>
  );
}

export function ResetPasswordDialog(props: UserProps) {
  const { busy, error, update } = useUpdate(props);
  const [password, setPassword] = useState('');
  const weak = codeOf(error) === 'auth.weak_password';
  return (
    <FormDialog
      title={strings.users.reset_title(props.user.username)}
      description={strings.users.reset_text}
      submit={strings.users.reset}
      busy={busy}
      error={weak ? null : error}
      onClose={props.onClose}
      onSubmit={() => update({ password }, strings.users.reset_done(props.user.username))}
    >
      <PasswordField
        label={strings.own_password.next}
        autoComplete="new-password"
        value={password}
        required
        autoFocus
        minLength={8}
        maxLength={256}
        onChange={(event) => setPassword(event.target.value)}
        hint={<PasswordStrength password={password} />}
        error={weak ? reasonOf(error) : undefined}
      />
    </FormDialog>
  );
}

export function DeactivateUserDialog(props: UserProps) {
  const { busy, error, update } = useUpdate(props);
  return (
    <FormDialog
      title={strings.users.deactivate_title(props.user.username)}
      description={strings.users.deactivate_text}
      submit={strings.users.deactivate}
      danger
      busy={busy}
      error={error}
      onClose={props.onClose}
      onSubmit={() => update({ is_active: false })}
    />
  );
}

export function DeleteUserDialog({ user, onClose }: UserProps) {
  const { api } = useApp();
  const { busy, error, send } = useSend(onClose, ...stale);
  const [heir, setHeir] = useState('');
  const people = useQuery(peopleQuery(api)).data ?? [];
  const owns = codeOf(error) === 'user.owns_things';
  const options = [
    { value: '', label: strings.users.hand_over_none },
    ...people
      .filter((person) => person.is_active && person.id !== user.id)
      .map((person) => ({ value: person.id, label: person.username })),
  ];
  return (
    <FormDialog
      title={strings.users.delete_title(user.username)}
      description={strings.users.delete_text}
      submit={strings.users.delete}
      danger
      busy={busy}
      error={owns ? null : error}
      onClose={onClose}
      onSubmit={() =>
        void send(
          () => api.call('deleteUser', { params: { id: user.id }, query: heir === '' ? {} : { hand_over_to: heir } }),
          strings.users.deleted(user.username),
        )
      }
    >
      <Select
        label={strings.users.hand_over}
        value={heir}
        options={options}
        onValue={setHeir}
        error={owns ? reasonOf(error) : undefined}
      />
    </FormDialog>
  );
}
