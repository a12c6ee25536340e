// The tests of reliability against broken builds: a net that lets a fault through is none.
import { stripTypeScriptTypes } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import { mosquittoBinary } from '../harness/mosquitto.ts';
import { type BrokenBuild, brokenBuild, faulty } from './broken-build.ts';
import { cases } from './faults.ts';
import { long } from './size.ts';

describe('finds a build that', () => {
  let build: BrokenBuild | null = null;
  afterEach(async () => {
    await build?.remove();
  });
  const chosen = cases.filter(
    (one) => (long || one.long !== true) && (mosquittoBinary() !== null || one.mosquitto !== true),
  );

  it.each(chosen.map((one) => [one.fault.name, one] as const))(
    'R39 %s',
    async (_name, { fault, scenario }) => {
      build = await brokenBuild(fault);
      const found = await scenario(build.root);
      console.log(`${fault.name}: ${JSON.stringify(found).slice(0, 200)}`);
      expect(Object.keys(found)).not.toEqual([]);
    },
    long ? 600_000 : 180_000,
  );

  it.each(cases.map((one) => [one.fault.name, one.fault] as const))(
    'R39 %s: the fault still fits',
    async (_name, fault) => {
      const source = await faulty(fault);
      expect(source).toContain(fault.to);
      // A build that cannot start finds nothing.
      expect(() => stripTypeScriptTypes(source)).not.toThrow();
    },
  );
});
