// Disks that are full or fail under the embedded database: nothing is acknowledged that is not safe, and nobody has to repair anything.
import { expect, it } from 'vitest';
import { type DiskRun, diskFails, faultyLayer, smallVolume } from './disk.ts';
import { nothingFound, told } from './history.ts';
import { powerFails } from './power.ts';
import { bound, sized } from './size.ts';

const minute = 60_000;
const hold = sized(2000, 5 * minute);

function report(name: string, { findings, ...run }: DiskRun): void {
  console.log(
    `${name}: ${run.acknowledged} acknowledged, ${run.acknowledged_meanwhile} of them meanwhile; pages ${run.pages}, lists ${run.lists}`,
  );
  expect(told(findings)).toEqual({});
  expect(findings).toEqual(nothingFound);
  expect(run).toMatchObject({ held: true, acknowledged_meanwhile: 0, dead_letters: 0, pages: [200], recovered: true });
  expect(run.acknowledged).toBeGreaterThan(250);
}

it(
  'R09 a disk that is full, and freed',
  async (test) => {
    const disk = smallVolume() ?? (await faultyLayer('full'));
    if (disk === null) return test.skip('nothing can be mounted or compiled here');
    const run = await diskFails(disk, hold);
    report(`R09 on ${disk.name}`, run);
    // What is there can still be read.
    expect(run.lists).toContain(200);
  },
  sized(3, 15) * minute,
);

it(
  'R10 a disk that cannot make the WAL safe',
  async (test) => {
    const disk = await faultyLayer('broken');
    if (disk === null) return test.skip('there is no C compiler here, or no LD_PRELOAD');
    report('R10', await diskFails(disk, hold));
  },
  sized(3, 15) * minute,
);

it(
  'R11 a power loss that takes what was not synced',
  async (test) => {
    const disk = await faultyLayer('undo');
    if (disk === null) return test.skip('there is no C compiler here, or no LD_PRELOAD');
    const seed = Math.floor(Math.random() * 2 ** 31);
    const run = await powerFails(disk, { seed, times: sized(2, 1000) });
    console.log(
      `R11 with seed ${seed}: ${run.acknowledged} acknowledged, ${run.undone} writes taken back. ${bound(run.kills)}.`,
    );
    expect(told(run.findings)).toEqual({});
    expect(run.findings).toEqual(nothingFound);
    expect(run.undone).toBeGreaterThan(0);
  },
  sized(3, 240) * minute,
);
