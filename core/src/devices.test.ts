// MQTT user names made of what people call their devices.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deviceUsername } from './devices.ts';

it.each([
  ['Greenhouse ESP32 (north)', 'greenhouse-esp32-north'],
  ['Küche Größe', 'kuche-gro-e'],
  ['温室', 'device'],
  ['__x', 'x'],
])('%s is %s', (name, username) => {
  expect(deviceUsername(name)).toBe(username);
});

it('makes a user name of any name', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100, unit: 'grapheme' }), (name) => {
      expect(deviceUsername(name)).toMatch(/^[a-z0-9][a-z0-9_-]{0,49}$/);
    }),
  );
});
