// Texts of the page about how long events are kept.
import type { PartState } from '@taylordash/core/retention';
import { many } from './words.ts';

const count = (value: number) => value.toLocaleString('en');
const events = (value: number) => `${count(value)} ${value === 1 ? 'event' : 'events'}`;

const states: Record<PartState, string> = {
  in_use: 'Being written',
  kept: 'Kept',
  due: 'Goes next',
  held_back: 'Held back',
  pinned: 'Brought back',
};

export const retentionStrings = {
  text: 'How long events are kept, what they take, and how to get old ones back.',
  only_admins: 'Only administrators decide how long events are kept.',

  // The policy
  policy: 'Policy',
  for_ever: 'Events are kept for ever.',
  for_days: (days: number, archive: boolean) =>
    `Events are kept for ${many(days, 'day')}, then ${archive ? 'archived and dropped' : 'dropped for good'}.`,
  how: 'Events go in parts of a million numbers, the oldest first, once the newest of a part is older than that and everything that reads events has it behind it. It is looked at every hour.',
  change: 'Change',
  apply: 'Apply now',
  nothing_due: 'Nothing is due.',
  due: (parts: number, total: number) =>
    `${events(total)} in ${many(parts, 'part')} ${total === 1 ? 'is' : 'are'} due.`,
  held: (who: string, range: string) => `${who} has not read events ${range}. They stay until it has.`,
  last_run: 'Last looked at',
  dropped: (total: number) => `${events(total)} went.`,
  nothing_went: 'Nothing had to go.',
  stayed: (range: string, reason: string) => `Events ${range} are older than the policy and stay: ${reason}.`,

  // Changing it
  change_title: 'How long are events kept?',
  choices: 'How long',
  ever: 'For ever',
  ever_text: 'Nothing is dropped. The database grows with every event.',
  limited: 'For some time',
  limited_text: 'What is older goes, part by part.',
  days: 'Days',
  days_hint: 'Counted from the newest event of a part.',
  days_wrong: (most: number) => `A whole number of days, from 1 to ${count(most)}.`,
  archive: 'Archive what goes, on the disk of the server',
  no_archive: 'Without an archive nothing brings dropped events back.',
  would_go: (parts: number, total: number, size: string) =>
    parts === 0
      ? 'By this, nothing goes now.'
      : `By this, ${events(total)} in ${many(parts, 'part')} go within the hour. That frees ${size}.`,
  would_be_held: (who: string) => `${who} still has to read some of it first.`,
  saved: 'Saved. It counts from the next look.',

  // Applying it
  apply_title: 'Drop what is due now?',
  apply_text: (parts: number, total: number, size: string, archive: boolean) =>
    `${events(total)} in ${many(parts, 'part')} go, ${size}. ${archive ? 'They are archived first.' : 'They are not archived: nothing brings them back.'}`,
  apply_confirm: 'Drop them',

  // What there is
  figures: 'In figures',
  size: 'Events take',
  pace: 'Events a day',
  oldest: 'Oldest event',
  none: 'none',
  growth: 'What they will take',
  now: 'Now',
  in_days: (days: number) => `In ${many(days, 'day')}`,
  parts: 'What is kept',
  range: (from: string, to: string) => `${BigInt(from).toLocaleString('en')} to ${BigInt(to).toLocaleString('en')}`,
  events,
  from_to: (from: string, to: string) => (from === to ? from : `${from} to ${to}`),
  states,
  not_read: (who: string) => `${who} has not read it`,
  readers: 'What reads events, and how far behind it is',
  up_to_date: 'up to date',
  behind: (value: number) => `${count(value)} behind`,

  // Archives
  archives: 'Archives',
  archives_none: 'No archive yet. What the policy drops is archived here first, and can be brought back.',
  archive_name: (range: string) => `Events ${range}`,
  written: 'Written',
  here_too: 'In the database too',
  pinned: 'Brought back, stays',
  only_here: 'Only here',
  damaged: 'Damaged',
  actions: (name: string) => `Actions for ${name}`,
  check: 'Check it',
  checking: 'Being checked…',
  whole: 'Checked: it is whole.',
  restore: 'Bring back',
  restore_title: (range: string) => `Bring back events ${range}?`,
  restore_text: (total: number) =>
    `${events(total)} come back with their numbers, and are found as before. Nobody is told of them anew. They stay until you let them go.`,
  restored: (total: number) => `${events(total)} are back.`,
  release: 'Let them go again',
  release_title: (range: string) => `Let events ${range} go again?`,
  release_text: 'The policy drops them when it is looked at next. The archive stays.',
  released: 'The policy counts for them again.',
};
