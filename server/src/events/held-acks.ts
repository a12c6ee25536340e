// Acknowledgements to an external broker: held until the commit, sent in the order of arrival, void after a reconnect.

/** The part of an MQTT client that this needs: its present connection. */
export interface AckTarget {
  readonly stream: { write(chunk: Buffer): unknown; readonly destroyed: boolean };
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
}

/** MQTT asks for PUBACKs in the order of the messages; a batch of them is one write. */
export function ackQueue(target: AckTarget): { hold(messageId: number): HeldAck } {
  let stream = target.stream;
  let slots: Slot[] = [];
  let flushing = false;

  function flush(): void {
    flushing = false;
    if (target.stream !== stream || stream.destroyed) return;
    const open = slots.findIndex((slot) => !slot.settled);
    const ready = open < 0 ? slots.length : open;
    if (ready === 0) return;
    const bytes = Buffer.allocUnsafe(ready * 4);
    for (const [index, slot] of slots.slice(0, ready).entries()) {
      // PUBACK with nothing but the id: success, in 3.1.1 and in 5.
      bytes.writeUInt16BE(0x4002, index * 4);
      bytes.writeUInt16BE(slot.message_id, index * 4 + 2);
    }
    slots.splice(0, ready);
    stream.write(bytes);
  }

  return {
    hold(messageId) {
      if (target.stream !== stream) {
        stream = target.stream;
        slots = [];
      }
      const mine = stream;
      const slot: Slot = { message_id: messageId, settled: false };
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
