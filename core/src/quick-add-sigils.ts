// Words of quick add that begin with a sign: #project/component, @person, !2, ~1h30.

/** What a word says: `[start, end)` in UTF-16 units of the text. */
export interface Said {
  kind: 'project' | 'component' | 'person' | 'priority' | 'estimate';
  value: string | number;
  start: number;
  end: number;
}

/** Longest part that quotes hold together. */
export const mostQuoted = 500;
/** Quotes of keyboards and of phones. */
export const opening = '"“”„';
export const closing = '"“”';
/** What may stand behind a word without being of it. */
export const punctuation = /[,.;:!?]+$/;

/** A name behind # or /: quoted, or up to white space, a slash or a quote; and where it ends. */
function nameAt(text: string, start: number, stops: string): { name: string; end: number } | null {
  if (opening.includes(text.charAt(start)) && start < text.length) {
    for (let at = start + 1; at < Math.min(text.length, start + mostQuoted); at++) {
      if (!closing.includes(text.charAt(at))) continue;
      const name = text.slice(start + 1, at).trim();
      return name === '' ? null : { name, end: at + 1 };
    }
    return null;
  }
  const bare = new RegExp(`^[^\\s"“”„${stops}]+`).exec(text.slice(start, start + 300))?.[0] ?? '';
  const name = bare.replace(punctuation, '');
  return name === '' ? null : { name, end: start + name.length };
}

const minutesLimit = 600_000;

/** What a word with a sigil says: a project and its component, or one other thing. Punctuation behind it goes with it. */
export function sigilAt(
  text: string,
  start: number,
  word: string,
  isPlain: (start: number, end: number) => boolean,
): Said[] {
  const behind = (end: number) => end + (/^[,.;:!?]+(?=\s|$)/.exec(text.slice(end, end + 20))?.[0].length ?? 0);
  const stands = (end: number) => end >= text.length || /\s/.test(text.charAt(end));
  const one = (kind: Said['kind'], value: string | number, from: number, to: number): Said[] => {
    const end = behind(to);
    return !stands(end) || isPlain(from, end) ? [] : [{ kind, value, start: from, end }];
  };
  if (word.startsWith('#')) return placeAt(text, start, one, isPlain);
  if (word.startsWith('@')) {
    const name = /^@([\p{L}\p{N}][\p{L}\p{N}._@+'-]*)/u.exec(word)?.[1]?.replace(punctuation, '');
    return name === undefined ? [] : one('person', name, start, start + 1 + name.length);
  }
  const priority = /^!([1-4])(?=[,.;:!?]*$)/.exec(word)?.[1];
  if (priority !== undefined) return one('priority', Number(priority), start, start + 2);
  const estimate = /^~(?:(\d{1,4}(?:[.,]\d{1,2})?)h(?:(\d{1,2})(?:m|min)?)?|(\d{1,6})(?:m|min))(?=[,.;:!?]*$)/i.exec(
    word,
  );
  if (!estimate) return [];
  const [all, hours = '0', rest = '0', minutes = '0'] = estimate;
  const total = Math.round(Number(hours.replace(',', '.')) * 60) + Number(rest) + Number(minutes);
  return total < 1 || total > minutesLimit ? [] : one('estimate', total, start, start + all.length);
}

/** `#project`, `#project/component`, each of the two in quotes or without. A number alone names nothing: bug #12. */
function placeAt(
  text: string,
  start: number,
  one: (kind: Said['kind'], value: string, from: number, to: number) => Said[],
  isPlain: (start: number, end: number) => boolean,
): Said[] {
  const project = nameAt(text, start + 1, '/');
  if (!project || (/^\d+$/.test(project.name) && text.charAt(start + 1) === project.name.charAt(0))) return [];
  if (text.charAt(project.end) !== '/') return one('project', project.name, start, project.end);
  const component = nameAt(text, project.end + 1, '');
  if (!component) return one('project', project.name, start, project.end + 1);
  const [second] = one('component', component.name, project.end, component.end);
  if (isPlain(start, project.end)) return [];
  const first: Said = { kind: 'project', value: project.name, start, end: project.end };
  if (second) return [first, second];
  // The component was taken back, so that the project stands alone and the rest is words.
  return isPlain(project.end, component.end) ? [first] : [];
}
