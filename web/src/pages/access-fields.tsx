// Chooses what a user may do, and in which projects.
import { useInfiniteQuery } from '@tanstack/react-query';
import { projectsQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Choices } from '../ui/choices.tsx';
import { Select } from '../ui/select.tsx';
import type { AccessChoice } from './access.ts';

interface Props {
  choice: AccessChoice;
  onChoice: (choice: AccessChoice) => void;
}

const accessOptions = [
  { value: 'admin', title: strings.users.admin, text: strings.users.admin_text },
  { value: 'member', title: strings.users.member, text: strings.users.member_text },
  { value: 'viewer', title: strings.users.viewer, text: strings.users.viewer_text },
] as const;

const whereOptions = [
  { value: 'all', label: strings.users.all_projects },
  { value: 'some', label: strings.users.only_these },
] as const;

export function AccessFields({ choice, onChoice }: Props) {
  const { access, project_ids } = choice;
  return (
    <>
      <Choices
        label={strings.users.access}
        value={access}
        onValue={(next) => onChoice({ access: next, project_ids: next === 'member' ? project_ids : null })}
        options={accessOptions}
      />
      {access === 'member' && (
        <Select
          label={strings.users.where}
          value={project_ids === null ? 'all' : 'some'}
          options={whereOptions}
          onValue={(where) => onChoice({ access, project_ids: where === 'all' ? null : [] })}
        />
      )}
      {access === 'member' && project_ids !== null && (
        <ProjectChoice chosen={project_ids} onChosen={(ids) => onChoice({ access, project_ids: ids })} />
      )}
    </>
  );
}

function ProjectChoice({ chosen, onChosen }: { chosen: string[]; onChosen: (ids: string[]) => void }) {
  const { api } = useApp();
  const list = useInfiniteQuery(projectsQuery(api, { sort: 'name' }));
  const projects = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <fieldset className="max-h-52 overflow-y-auto rounded-control border border-line px-3 py-1">
      <legend className="sr-only">{strings.users.only_these}</legend>
      {projects.map((project) => (
        <Checkbox
          key={project.id}
          checked={chosen.includes(project.id)}
          label={project.name}
          onChecked={(checked) =>
            onChosen(checked ? [...chosen, project.id] : chosen.filter((other) => other !== project.id))
          }
        />
      ))}
      {list.hasNextPage && (
        <Button kind="plain" onClick={() => void list.fetchNextPage()}>
          {strings.load_more}
        </Button>
      )}
      {chosen.length === 0 && <p className="py-2 text-12 text-text-3">{strings.users.choose_project}</p>}
    </fieldset>
  );
}
