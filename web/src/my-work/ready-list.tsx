// Components of mine that can be worked on.
import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import type { MyWork } from '../api.ts';
import { useApp, useMay } from '../app-context.tsx';
import { useDone } from '../frame/use-undo.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { sayDay } from '../ui/dates.ts';
import { sayError } from '../ui/error-notice.tsx';
import { StatusIcon } from '../ui/status-icon.tsx';
import { useToast } from '../ui/toast.tsx';
import { TypeIcon } from '../work/type-icon.tsx';

const words = strings.my_work;
type Ready = MyWork['ready'][number];

export function ReadyList({ ready, today }: { ready: readonly Ready[]; today: string }) {
  return (
    <ul
      aria-label={words.ready}
      className="@container overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
    >
      {ready.map((component) => (
        <Row key={component.id} component={component} today={today} />
      ))}
    </ul>
  );
}

function Row({ component, today }: { component: Ready; today: string }) {
  const { changes } = useApp();
  const may = useMay();
  const toast = useToast();
  const done = useDone();
  const { id, name, project_id, project_name, due_on, type, state } = component;
  const start = () => {
    changes
      .apply({
        label: words.start_component(name),
        operations: [{ op: 'update_component', id, fields: { status: 'in_progress' } }],
      })
      .then(({ key }) => done(words.started(name), key))
      .catch((error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) }));
  };
  return (
    <li className="relative flex min-h-(--row) items-center gap-3 border-line border-b py-1 pr-2 pl-3 last:border-b-0 focus-within:bg-surface-2 hover:bg-surface-2 @min-[640px]:pl-4">
      <TypeIcon type={type} />
      <div className="flex min-w-0 flex-1 flex-col @min-[640px]:flex-row @min-[640px]:items-center @min-[640px]:gap-4">
        <Link
          to="/projects/$id"
          params={{ id: project_id }}
          search={{ component: id }}
          className="min-w-0 truncate after:absolute after:inset-0 @min-[640px]:flex-1"
        >
          {name}
        </Link>
        <span className="truncate text-13 text-text-3 @min-[640px]:max-w-64">
          {project_name}
          {due_on !== null && ` · ${words.due_on(sayDay(due_on, today))}`}
        </span>
      </div>
      {state === 'ready' && may('write:projects', project_id) ? (
        <Button onClick={start} className="relative z-10">
          <Play size={14} aria-hidden />
          <span aria-hidden>{words.start}</span>
          <span className="sr-only">{words.start_component(name)}</span>
        </Button>
      ) : (
        <StatusIcon state={state} />
      )}
    </li>
  );
}
