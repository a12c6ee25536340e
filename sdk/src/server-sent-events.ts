// Reads server-sent events from a response, blocks without data included: they carry the id to go on after.

export interface SentEvent {
  /** Null where the block has none. */
  id: string | null;
  event: string;
  data: string;
}

/** One step for each block; comments alone give one too, as a sign of life. */
export async function* readServerSentEvents(response: Response): AsyncGenerator<SentEvent> {
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    // The end of a chunk may be the middle of a CR LF: it waits for the next.
    const text = rest + chunk;
    const blocks = text.split(/\r\n\r\n|\n\n|\r\r/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield readBlock(block);
  }
}

function readBlock(block: string): SentEvent {
  const found: SentEvent = { id: null, event: 'message', data: '' };
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id' && !value.includes('\0')) found.id = value;
    else if (field === 'event') found.event = value;
    else if (field === 'data') data.push(value);
  }
  return { ...found, data: data.join('\n') };
}
