// Ends a connection whose MQTT packet is larger than memory is given for, before it is read.
import type { Socket } from 'node:net';

/** Follows the packet boundaries of what is read from the socket; calls `onTooLarge` and destroys the socket at a packet beyond `limit`. */
export function limitFrames(socket: Socket, limit: number, onTooLarge: () => void): void {
  /** Bytes of the present packet still to come. */
  let left = 0;
  /** Of a length that began in an earlier read: bytes seen, -1 for none but the first byte of the header. */
  let lengthBytes = 0;
  let length = 0;
  let inHeader = false;

  function follow(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - at);
        left -= step;
        at += step;
        continue;
      }
      if (!inHeader) {
        inHeader = true;
        lengthBytes = 0;
        length = 0;
        at++;
        continue;
      }
      const byte = chunk[at++] ?? 0;
      length += (byte & 0x7f) << (7 * lengthBytes++);
      if ((byte & 0x80) !== 0 && lengthBytes < 4) continue;
      inHeader = false;
      left = length;
      if (length > limit) return false;
    }
    return true;
  }

  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk: unknown = read(size);
    if (chunk instanceof Buffer && !follow(chunk)) {
      onTooLarge();
      socket.destroy();
      return null;
    }
    return chunk;
  };
}
