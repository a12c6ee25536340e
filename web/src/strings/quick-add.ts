// Texts of quick add.
import { many } from './words.ts';

export const quickAddStrings = {
  title: 'Add a task',
  label: 'What is to be done?',
  placeholder: 'Wire sensor tomorrow #greenhouse @sam',
  understood: 'Understood',
  into: (place: string) => `Into ${place}`,
  inbox: 'Inbox',
  unsorted: (project: string) => `${project} › Unsorted`,
  new_project: (name: string) => `New project ${name}`,
  priorities: ['', 'Urgent', 'High', 'Medium', 'Low'],
  minutes: (minutes: number) => {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ');
  },
  repeats: (every: number, unit: 'day' | 'week' | 'month' | 'year') =>
    every === 1 ? `Every ${unit}` : `Every ${many(every, unit)}`,
  take_back: (words: string) => `Take “${words}” as plain words`,
  add: 'Add task',
  add_many: (count: number) => `Add ${many(count, 'task')}`,
  gesture: (count: number, name: string) => (count === 1 ? `Add ${name}` : `Add ${many(count, 'task')}`),
  added: (where: string, due: string | null) => `Added to ${where}${due === null ? '' : `, due ${due}`}.`,
  added_many: (count: number, where: string | null) =>
    `Added ${many(count, 'task')}${where === null ? '' : ` to ${where}`}.`,
  your_inbox: 'your inbox',
  open: 'Open',
  completions: 'What it could be',
  create_project: (name: string) => `Create project “${name}”`,
  project: 'Project',
  component: 'Component',
  person: 'Person',
  no_project: (name: string) => `There is no project called “${name}”.`,
  no_component: (name: string, project: string) => `${project} has no component called “${name}”.`,
  no_person: (name: string) => `Nobody is called “${name}”.`,
  several: (name: string) => `Several are called like “${name}”. Write a little more.`,
  in_line: (line: number, text: string) => `Line ${line}: ${text}`,
  unknown: (kind: 'project' | 'component' | 'person', text: string, suggestions: readonly string[]) =>
    `${{ project: 'There is no project', component: 'There is no component', person: 'There is nobody' }[kind]} called “${text}”.${suggestions.length > 0 ? ` ${suggestions.join(', ')}?` : ''}`,
  name_missing: 'Give it a name: what is left is only where, who and when.',
  hint: [
    ['#greenhouse/pump', 'where'],
    ['@sam', 'who'],
    ['tomorrow 6pm', 'when'],
    ['every 2 weeks', 'again'],
    ['!1', 'urgent'],
    ['~2h', 'how long'],
  ],
  hint_label: 'Words that are understood',
  keys: { add: 'add', open: 'add and open', line: 'next line' },
} as const;
