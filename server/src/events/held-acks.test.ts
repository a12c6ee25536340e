// Acknowledgements that are held: in the order of arrival, as many in a write as there are, and never by another connection.
import { setImmediate as flushed } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type AckTarget, ackQueue } from './held-acks.ts';

function connection() {
  const writes: number[][] = [];
  const told: string[] = [];
  let drained: () => void = () => undefined;
  const stream = {
    destroyed: false,
    takes: true,
    write(chunk: Buffer) {
      const ids: number[] = [];
      for (let at = 0; at < chunk.length; at += 4) {
        expect(chunk.readUInt16BE(at)).toBe(0x4002);
        ids.push(chunk.readUInt16BE(at + 2));
      }
      writes.push(ids);
      return stream.takes;
    },
  };
  const target: AckTarget = {
    stream,
    whenDrained: (callback) => {
      drained = callback;
    },
  };
  const queue = ackQueue(target);
  const hold = (id: number) => queue.hold(id, () => told.push(`${id}`));
  return { stream, writes, told, hold, drain: () => drained() };
}

describe('acknowledgements', () => {
  it('go in the order of arrival, those that are due in one write', async () => {
    const { writes, told, hold } = connection();
    const [first, second, third] = [hold(7), hold(8), hold(9)];
    third.settle();
    second.settle();
    await flushed();
    expect(writes).toEqual([]);
    first.settle();
    await flushed();
    expect(writes).toEqual([[7, 8, 9]]);
    expect(told).toEqual(['7', '8', '9']);
  });

  it('are over when the connection takes more', async () => {
    const { stream, writes, told, hold, drain } = connection();
    stream.takes = false;
    hold(1).settle();
    await flushed();
    expect([writes, told]).toEqual([[[1]], []]);
    drain();
    expect(told).toEqual(['1']);
  });

  it('are over without being sent when the connection is gone, once each is settled', async () => {
    const { stream, writes, told, hold } = connection();
    const [first, second] = [hold(1), hold(2)];
    stream.destroyed = true;
    expect(second.isVoid()).toBe(true);
    second.settle();
    await flushed();
    expect([writes, told]).toEqual([[], ['2']]);
    first.settle();
    await flushed();
    expect([writes, told]).toEqual([[], ['2', '1']]);
  });
});
