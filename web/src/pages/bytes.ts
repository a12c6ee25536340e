// Bytes of a message as people can look at them.

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The bytes as text; null where they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The bytes as text in any case: what is no UTF-8 is read as Windows-1252, as the replay reads it. */
export function likelyTextOf(bytes: Uint8Array): string {
  return textOf(bytes) ?? new TextDecoder('windows-1252').decode(bytes);
}

const width = 8;
/** More than anybody reads by the byte; the rest would only slow the page. */
const mostLines = 512;

/** Which of the lines has the byte. */
export function hexLineOf(byte: number): number {
  return Math.floor(byte / width);
}

/** `00000000  7b 22 6b 69 6e 64 22 3a  {"kind":` */
export function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length && lines.length < mostLines; at += width) {
    const row = [...bytes.subarray(at, at + width)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(width * 3 - 1)}  ${text}`);
  }
  return lines;
}
