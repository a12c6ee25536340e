// A component's progress: by hand with a slider and a number, counted from its tasks, or measured by a device.
import { progressModes } from '@taylordash/core/statuses';
import { Slider } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { GraphNode } from '../api.ts';
import { strings } from '../strings.ts';
import { inputClass } from '../ui/field.tsx';
import { ProgressRing } from '../ui/progress-ring.tsx';
import { Select } from '../ui/select.tsx';
import { BoundBy, useBinding } from './bound-by.tsx';
import { Section } from './section.tsx';
import type { Edit } from './use-edit.ts';

interface Props {
  component: GraphNode;
  writes: boolean;
  edit: Edit;
  error: string | undefined;
}

const modeOptions = progressModes.map((value) => ({ value, label: strings.panel.modes[value] }));

export function Progress({ component, writes, edit, error }: Props) {
  const [value, setValue] = useState(component.progress);
  useEffect(() => setValue(component.progress), [component.progress]);
  // Without tasks there is nothing to count: setting it then is taking it into the own hands.
  const binding = useBinding(component.id, 'progress');
  const byTasks = component.progress_mode === 'tasks' && component.tasks.total > 0;
  // What is set by hand while a device measures it is gone with its next message.
  const byHand = !byTasks && binding === undefined;
  const save = (next: number) => {
    const bounded = Math.max(0, Math.min(100, Math.round(next)));
    setValue(bounded);
    if (bounded !== component.progress) void edit({ progress: bounded });
  };
  return (
    <Section title={strings.panel.progress} error={error}>
      <div className="flex min-h-9 items-center gap-3">
        <ProgressRing value={value} size={28} />
        {writes && byHand ? (
          <>
            <Slider.Root
              value={[value]}
              max={100}
              step={5}
              onValueChange={([next]) => setValue(next ?? 0)}
              onValueCommit={([next]) => save(next ?? 0)}
              className="relative flex h-9 flex-1 touch-none items-center"
            >
              <Slider.Track className="h-1.5 flex-1 overflow-hidden rounded-full bg-line">
                <Slider.Range className="absolute h-1.5 rounded-full bg-accent" />
              </Slider.Track>
              <Slider.Thumb
                aria-label={strings.panel.progress}
                className="block size-5 rounded-full border-2 border-accent bg-surface-2"
              />
            </Slider.Root>
            <input
              type="number"
              min={0}
              max={100}
              inputMode="numeric"
              aria-label={strings.panel.progress}
              value={value}
              onChange={(event) => setValue(Number(event.target.value))}
              onBlur={() => save(value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') save(value);
              }}
              className={`${inputClass} max-w-18 text-right`}
            />
          </>
        ) : (
          <span className="text-text-2">
            {strings.percent(component.progress)}
            {!byHand && ` · ${binding ? strings.panel.from_device : strings.panel.from_tasks}`}
          </span>
        )}
      </div>
      {binding && <BoundBy binding={binding} />}
      {writes && !binding && (
        <Select
          label={strings.panel.mode}
          label_hidden
          value={component.progress_mode}
          options={modeOptions}
          onValue={(progress_mode) => void edit({ progress_mode })}
        />
      )}
    </Section>
  );
}
