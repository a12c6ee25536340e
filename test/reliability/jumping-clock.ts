// Loaded before the server in tests: its clock is off by as many milliseconds as the file that CLOCK_OFFSET names says.
import { readFileSync } from 'node:fs';

const file = process.env.CLOCK_OFFSET ?? '';
const real = Date;
let offset = 0;

setInterval(() => {
  try {
    offset = Number(readFileSync(file, 'utf8'));
  } catch {
    offset = 0;
  }
}, 20).unref();

const now = () => real.now() + offset;
globalThis.Date = new Proxy(real, {
  apply: () => new real(now()).toString(),
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
