// What a broker outside loses, TaylorDash cannot bring back: it says how much, to the number.
import { describe, expect, it } from 'vitest';
import { mosquittoBinary } from '../harness/mosquitto.ts';
import { brokerKilled, ingesterDown, type LossRun } from './losses.ts';
import { sized } from './size.ts';

const minute = 60_000;
const binary = mosquittoBinary();
/** What Mosquitto keeps for a session that is away, unless told otherwise. */
const mosquittoDefault = 1000;

describe.runIf(binary !== null)('with Mosquitto', () => {
  const path = binary ?? '';
  const tell = (name: string, run: LossRun) =>
    console.log(`${name}: ${run.sent} sent, ${run.stored} stored, ${run.reported} reported as lost`);

  it(
    'R07 a broker that keeps nothing is killed with messages in it',
    async () => {
      const run = await brokerKilled(path, { count: sized(300, 5000), kills: sized(1, 20) });
      tell('R07', run);
      expect(run.sent - run.stored).toBeGreaterThan(0);
      expect(run.reported).toBe(run.sent - run.stored);
    },
    sized(2, 30) * minute,
  );

  const down = { count: sized(3000, 100_000), down: sized(0, 60 * minute) };

  it(
    'R08 messages wait for a server that is down, where the broker has the room that is recommended',
    async () => {
      const run = await ingesterDown(path, { ...down, max_queued_messages: 0 });
      tell('R08', run);
      expect(run).toMatchObject({ stored: run.sent, reported: 0 });
    },
    sized(2, 90) * minute,
  );

  it(
    'R08 with the room that Mosquitto gives by itself, what is lost is told',
    async () => {
      const run = await ingesterDown(path, { ...down, max_queued_messages: mosquittoDefault });
      tell('R08', run);
      expect(run.sent - run.stored).toBeGreaterThan(0);
      expect(run.reported).toBe(run.sent - run.stored);
    },
    sized(2, 90) * minute,
  );
});
