// Keys and what they stand for: on every keyboard, not while somebody types, and not where single letters are switched off.
import { describe, expect, it } from 'vitest';
import { createCommands, isSingle, matches } from './commands.ts';

interface Press {
  key: string;
  code?: string;
  ctrl?: boolean;
  meta?: boolean;
  shift?: boolean;
  alt?: boolean;
}

function pressed({ key, code = '', ctrl = false, meta = false, shift = false, alt = false }: Press) {
  let prevented = false;
  const event = {
    ...{ key, code, ctrlKey: ctrl, metaKey: meta, shiftKey: shift, altKey: alt, isComposing: false, target: null },
    get defaultPrevented() {
      return prevented;
    },
    preventDefault: () => {
      prevented = true;
    },
  };
  // As much of a keyboard event as keys are told apart by.
  return event as unknown as KeyboardEvent;
}

describe('matches', () => {
  it.each<[Press, string, boolean]>([
    [{ key: 'n' }, 'N', true],
    [{ key: 'N', shift: true }, 'N', false],
    [{ key: 'n', ctrl: true }, 'N', false],
    [{ key: 'k', ctrl: true }, 'Mod+K', true],
    [{ key: 'k', meta: true }, 'Mod+K', true],
    [{ key: 'k' }, 'Mod+K', false],
    [{ key: 'z', ctrl: true }, 'Mod+Z', true],
    [{ key: 'Z', ctrl: true, shift: true }, 'Mod+Z', false],
    [{ key: 'Z', ctrl: true, shift: true }, 'Mod+Shift+Z', true],
    [{ key: 'z', ctrl: true, alt: true }, 'Mod+Z', false],
    // With Shift on one keyboard and without on another.
    [{ key: '?', shift: true }, '?', true],
    [{ key: '?' }, '?', true],
    // A French keyboard: digits are signs, and with Shift digits.
    [{ key: '!', code: 'Digit1', shift: true }, 'Shift+1', true],
    [{ key: '1', code: 'Digit1', shift: true }, 'Shift+1', true],
    [{ key: 'ArrowDown' }, 'ArrowDown', true],
    [{ key: 'Delete' }, 'Delete', true],
  ])('%o as %s: %s', (press, keys, expected) => {
    expect(matches(pressed(press), keys)).toBe(expected);
  });
});

it('single are the keys that one slip or one word can press', () => {
  expect(['N', '?', 'Shift+S'].map(isSingle)).toEqual([true, true, true]);
  expect(['Mod+K', 'ArrowDown', 'Delete', 'Escape', 'Alt+N'].map(isSingle)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

const usual = { single_keys: true, busy: false };

describe('press', () => {
  const setUp = () => {
    const commands = createCommands();
    const ran: string[] = [];
    const add = (id: string, keys: string | string[], as = id) =>
      commands.add({ id, label: as, keys, run: () => ran.push(as) });
    return { commands, ran, add };
  };

  it('runs the nearest of two commands with the same key, and the other one once it has gone', () => {
    const { commands, ran, add } = setUp();
    add('frame', 'N');
    const leave = add('page', 'N');
    expect(commands.press(pressed({ key: 'n' }), usual)).toBe(true);
    leave();
    commands.press(pressed({ key: 'n' }), usual);
    expect(ran).toEqual(['page', 'frame']);
  });
  it('has each id once: the later one', () => {
    const { commands, ran, add } = setUp();
    add('undo', 'Mod+Z', 'first');
    add('undo', 'Mod+Z', 'second');
    expect(commands.all().map(({ label }) => label)).toEqual(['second']);
    commands.press(pressed({ key: 'z', ctrl: true }), usual);
    expect(ran).toEqual(['second']);
  });
  it('leaves single letters alone where they are switched off, and what somebody else took', () => {
    const { commands, ran, add } = setUp();
    add('new', ['N', 'Mod+Y']);
    expect(commands.press(pressed({ key: 'n' }), { ...usual, single_keys: false })).toBe(false);
    expect(commands.press(pressed({ key: 'y', ctrl: true }), { ...usual, single_keys: false })).toBe(true);
    const taken = pressed({ key: 'n' });
    taken.preventDefault();
    expect(commands.press(taken, usual)).toBe(false);
    expect(ran).toEqual(['new']);
  });
  it('waits while somebody types, but for what always works', () => {
    const { commands, ran, add } = setUp();
    add('new', 'N');
    commands.add({ id: 'palette', label: 'palette', keys: 'Mod+K', always: true, run: () => ran.push('palette') });
    commands.press(pressed({ key: 'n' }), { ...usual, busy: true });
    commands.press(pressed({ key: 'k', ctrl: true }), { ...usual, busy: true });
    expect(ran).toEqual(['palette']);
  });
});
