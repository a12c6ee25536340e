// What is completed behind # and @, and what comes of it is read back as the same name.
import { parseQuickAdd } from '@taylordash/core/quick-add';
import { describe, expect, it } from 'vitest';
import { askedAt, completed, fitting, written } from './completions.ts';

const options = { now: Date.parse('2026-05-13T08:00:00Z'), time_zone: 'Europe/Berlin', week_start: 1 };
/** The caret stands where `|` is. */
const at = (text: string) => {
  const caret = text.indexOf('|');
  const plain = text.replace('|', '');
  return { text: plain, caret, asked: askedAt(plain, caret) };
};

describe('askedAt', () => {
  it.each([
    ['wire #gre|', 'project', 'gre'],
    ['#|', 'project', ''],
    ['wire #"Green ho|', 'project', 'Green ho'],
    ['wire @s| today', 'person', 's'],
    ['wire #greenhouse/pu|', 'component', 'pu'],
    ['wire #"Green house"/|', 'component', ''],
  ])('%s asks for a %s that begins with “%s”', (text, kind, typed) => {
    expect(at(text).asked).toMatchObject({ kind, text: typed });
  });
  it.each(['wire| #gre', 'C#|', 'sam@example|', 'wire #gre |', 'plain|'])('%s asks for nothing', (text) => {
    expect(at(text).asked).toBeNull();
  });
  it('names the project before the slash', () => {
    expect(at('#"Green house"/pu|').asked?.project).toBe('Green house');
    expect(at('#shed/pu|').asked?.project).toBe('shed');
  });
});

describe('what is put in', () => {
  it.each(['Greenhouse', 'Green house', 'Öltank 2', 'sam.o', 'No. 7!', 'A/B'])(
    '%s is read back as this name',
    (name) => {
      const { text, asked } = at('fill the tank #x|');
      if (!asked) throw new Error('Nothing is asked');
      const put = completed(text, asked, `#${written(name)}`);
      expect(parseQuickAdd(put.text, options)).toMatchObject({ name: 'fill the tank', project: name });
      expect(put.caret).toBe(put.text.length);
    },
  );
  it('leaves what follows as it is', () => {
    const { text, asked } = at('ask @sa| tomorrow');
    if (!asked) throw new Error('Nothing is asked');
    expect(completed(text, asked, '@sam')).toEqual({ text: 'ask @sam tomorrow', caret: 9 });
  });
});

it('what begins with the letters stands before what has them inside', () => {
  const named = ['Sump pump', 'Pump', 'Pumpkin bed', 'Shed'].map((name) => ({ name }));
  expect(fitting(named, 'pump', 8).map(({ name }) => name)).toEqual(['Pump', 'Pumpkin bed', 'Sump pump']);
});
