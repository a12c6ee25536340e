// Server-sent events whatever way the bytes are cut.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readServerSentEvents } from './server-sent-events.ts';

function answer(bytes: Uint8Array, cuts: readonly number[]): Response {
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const parts = places.slice(1).map((end, index) => bytes.slice(places[index], end));
  return new Response(ReadableStream.from(parts.filter((part) => part.length > 0)));
}

const text =
  ': connected\n\nid: 7\n\nid: 8\nevent: event\ndata: {"name":"Gewächshaus 🌱"}\n\nevent: gap\r\ndata: a\r\ndata: b\r\n\r\nid: 9\nunfinished';

it('gives the same blocks for every cut', async () => {
  const bytes = new TextEncoder().encode(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (cuts) => {
      const blocks: unknown[] = [];
      for await (const block of readServerSentEvents(answer(bytes, cuts))) blocks.push(block);
      expect(blocks).toEqual([
        { id: null, event: 'message', data: '' },
        { id: '7', event: 'message', data: '' },
        { id: '8', event: 'event', data: '{"name":"Gewächshaus 🌱"}' },
        { id: null, event: 'gap', data: 'a\nb' },
      ]);
    }),
  );
});
