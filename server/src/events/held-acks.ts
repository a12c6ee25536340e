// Acknowledgements: held until the commit, sent in the order of arrival, many in one write, void after a reconnect.

/** The part of an MQTT client that this needs: its present connection. */
export interface AckTarget {
  readonly stream: { write(chunk: Buffer): boolean; readonly destroyed: boolean };
  /** Calls back when its connection takes more, or is gone. */
  whenDrained?(callback: () => void): void;
}

export interface HeldAck {
  /** The message is committed. */
  settle(): void;
  /** The connection it came by is gone: the broker sends it again. */
  isVoid(): boolean;
}

interface Slot {
  message_id: number;
  settled: boolean;
  over: (() => void) | undefined;
}

export interface AckQueue {
  /** `over` is called when it was sent and the connection takes more, or when it is settled and the connection is gone. */
  hold(messageId: number, over?: () => void): HeldAck;
}

/** MQTT asks for PUBACKs in the order of the messages; a batch of them is one write. */
export function ackQueue(target: AckTarget): AckQueue {
  let stream = target.stream;
  let slots: Slot[] = [];
  let flushing = false;

  function flush(): void {
    flushing = false;
    if (target.stream !== stream || stream.destroyed) {
      const settled = slots.filter((slot) => slot.settled);
      slots = slots.filter((slot) => !slot.settled);
      for (const { over } of settled) over?.();
      return;
    }
    const open = slots.findIndex((slot) => !slot.settled);
    const ready = slots.splice(0, open < 0 ? slots.length : open);
    if (ready.length === 0) return;
    const bytes = Buffer.allocUnsafe(ready.length * 4);
    for (const [index, slot] of ready.entries()) {
      // PUBACK with nothing but the id: success, in 3.1.1 and in 5.
      bytes.writeUInt16BE(0x4002, index * 4);
      bytes.writeUInt16BE(slot.message_id, index * 4 + 2);
    }
    const end = () => {
      for (const { over } of ready) over?.();
    };
    if (stream.write(bytes) || target.whenDrained === undefined) end();
    else target.whenDrained(end);
  }

  return {
    hold(messageId, over) {
      if (target.stream !== stream) {
        stream = target.stream;
        slots = [];
      }
      const mine = stream;
      const slot: Slot = { message_id: messageId, settled: false, over };
      slots.push(slot);
      return {
        settle() {
          slot.settled = true;
          if (flushing || mine !== stream) return;
          flushing = true;
          setImmediate(flush);
        },
        isVoid: () => target.stream !== mine || mine.destroyed,
      };
    },
  };
}
