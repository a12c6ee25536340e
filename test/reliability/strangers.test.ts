// What is told apart, and what HTTP took in, against the whole server.
import { expect, it } from 'vitest';
import { commandsUnderKills } from './commands.ts';
import { nothingFound, told } from './history.ts';
import { bound, sized } from './size.ts';
import { strangers } from './strangers.ts';

it('R17 keys, poison and topics of different publishers are kept apart, and a key for 90 days', async () => {
  expect(await strangers({})).toEqual([]);
}, 120_000);

it(
  'R06 what HTTP took in is stored once, carried out once and told to readers, across kills',
  async () => {
    const run = await commandsUnderKills({ kills: sized(2, 50) });
    console.log(`commands: ${run.acknowledged} acknowledged. ${bound(run.kills)}.`);
    expect(told(run.findings)).toEqual({});
    expect(run.findings).toEqual(nothingFound);
    const { undone, redone, unheard } = run;
    expect({ undone, redone, unheard }).toEqual({ undone: [], redone: [], unheard: [] });
    expect(run.acknowledged).toBeGreaterThan(50);
  },
  sized(3, 30) * 60_000,
);
