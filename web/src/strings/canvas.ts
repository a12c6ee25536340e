// Texts of the canvas: its tools, gestures and keys, linking and deleting.

const many = (count: number, one: string, more = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : more}`;
/** "a, b and c" */
const list = (parts: readonly string[]) => new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(parts);

export const canvasStrings = {
  label: (name: string) => `Canvas of ${name}. Arrow keys follow the dependencies; the outline shows the same as text.`,
  view: 'View',
  canvas: 'Canvas',
  outline: 'Outline',
  name: 'Name of the component',
  name_placeholder: 'Name it',
  add: 'Add component',
  empty: 'Double-click to place the first component. Then drag from its right edge to what comes next.',
  empty_viewer: 'Nothing here yet.',
  will_wait: (component: string, depends_on: string) => `${component} will wait for ${depends_on}`,
  exists: (component: string, depends_on: string) => `${component} waits for ${depends_on} already`,
  loop: (names: readonly string[]) => `Closes a loop: ${names.join(' → ')}`,
  draw_to: (name: string) => `${name} comes first. Choose what waits for it.`,
  draw_from: (name: string) => `${name} waits. Choose what it waits for.`,
  tools: 'Canvas tools',
  layout: 'Arrange automatically',
  laying_out: 'Arranging…',
  layout_moves: (moved: number, total: number, pinned: number) =>
    `Moves ${moved.toLocaleString('en')} of ${total.toLocaleString('en')}${pinned > 0 ? `, ${pinned} pinned ${pinned === 1 ? 'stays' : 'stay'}` : ''}.`,
  layout_nothing: 'Everything is in its place already.',
  layout_apply: 'Apply',
  moved: (count: number) => `Moved ${many(count, 'component')}.`,
  zoom_in: 'Zoom in',
  zoom_out: 'Zoom out',
  zoom_reset: (percent: number) => `${percent} %. Zoom to 100 %`,
  fit: 'Show everything',
  all_keys: 'All keys',
  unsorted: 'Unsorted',
  open_tasks: 'open tasks',
  lifted: 'Lifted. Move your finger, then let go.',
  announce: (name: string, state: string, progress: number) => `${name}, ${state}, ${progress} %`,
  keys: [
    ['C', 'New component'],
    ['Mod+→', 'New one that waits for this'],
    ['Mod+↓', 'New one beside this'],
    ['L', 'Link by typing'],
    ['Enter', 'Open the panel'],
    ['F2', 'Rename'],
    ['Del', 'Delete'],
    ['←', 'What it waits for'],
    ['→', 'What it unlocks'],
    ['↑', 'The one above'],
    ['↓', 'The one below'],
    ['Shift+←', 'Move by 8 px (any arrow)'],
    ['Shift+1', 'Show everything'],
    ['Shift+2', 'Show the selection'],
    ['Mod+A', 'Select everything'],
    ['Space', 'Hold and drag to pan'],
    ['Esc', 'Leave gesture, panel, selection'],
    ['?', 'This list'],
  ],
} as const;

export const linkStrings = {
  title: (name: string) => `Link ${name}`,
  direction: 'Direction',
  needs: 'It waits for…',
  unlocks: 'It unlocks…',
  search: 'Type a name',
  targets: 'Components',
  none: 'No component fits.',
} as const;

export const deletionStrings = {
  title: (name: string) => `Delete “${name}”?`,
  title_many: (count: number) => `Delete ${many(count, 'component')}?`,
  text: (tasks: number, links: number) =>
    tasks === 0 && links === 0
      ? 'Nothing else goes with it.'
      : `${list([...(tasks > 0 ? [many(tasks, 'task')] : []), ...(links > 0 ? [many(links, 'link')] : [])])} ${tasks + links === 1 ? 'goes' : 'go'} with it, for everyone.`,
  waiting: (count: number) => `${count} ${count === 1 ? 'waits' : 'wait'} for this:`,
  link: 'Link them to its prerequisites',
  link_text: 'What waited for it waits for what it waited for.',
  drop: 'Drop the links',
  drop_text: 'What waited for it no longer waits for anything in its place.',
  cancel_instead: 'Cancel it instead',
  confirm: 'Delete',
} as const;
