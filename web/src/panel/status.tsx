// A component's status; blocking asks what blocks it.

import type { Shown } from '@taylordash/core/states';
import { type ComponentStatus, componentStatuses } from '@taylordash/core/statuses';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { GraphNode } from '../api.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { StatusIcon } from '../ui/status-icon.tsx';
import { BoundBy, useBinding } from './bound-by.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { Section } from './section.tsx';
import type { Edit } from './use-edit.ts';

interface Props {
  component: GraphNode;
  shown: Shown | undefined;
  writes: boolean;
  edit: Edit;
  error: string | undefined;
}

export function Status({ component, shown, writes, edit, error }: Props) {
  const [asking, setAsking] = useState(false);
  const binding = useBinding(component.id, 'status');
  const choose = (status: ComponentStatus) => {
    if (status === 'blocked') setAsking(true);
    else if (status !== component.status) {
      void edit({ status, ...(component.blocked_reason === null ? {} : { blocked_reason: null }) });
    }
  };
  const now = shown?.state ?? component.status;
  return (
    <Section title={strings.panel.status} error={error}>
      <div className="flex flex-wrap items-center gap-2">
        {writes ? (
          <Menu
            trigger={
              <Button>
                <StatusIcon state={now} />
                <ChevronDown size={16} aria-hidden className="text-text-3" />
              </Button>
            }
          >
            {componentStatuses.map((status) => (
              <MenuItem
                key={status}
                icon={<StatusIcon state={status} bare />}
                chosen={status === component.status}
                onSelect={() => choose(status)}
              >
                {strings.panel.statuses[status]}
              </MenuItem>
            ))}
          </Menu>
        ) : (
          <StatusIcon state={now} />
        )}
        {shown?.held_up === true && <StatusIcon state="held_up" badge />}
      </div>
      {binding && <BoundBy binding={binding} />}
      {component.status === 'blocked' && component.blocked_reason !== null && (
        <div className="flex items-start gap-2 rounded-control border border-blocked p-3">
          <p className="min-w-0 flex-1 break-words">{component.blocked_reason}</p>
          {writes && (
            <button
              type="button"
              onClick={() => setAsking(true)}
              className="press rounded-control px-1 text-12 text-accent hover:bg-surface-2"
            >
              {strings.panel.change_reason}
            </button>
          )}
        </div>
      )}
      {asking && (
        <ReasonDialog
          reason={component.blocked_reason}
          onReason={(blocked_reason) => void edit({ status: 'blocked', blocked_reason })}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}
