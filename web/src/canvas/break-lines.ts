// Text broken into lines that fit a width.

/** Breaks at spaces, and inside of words that fit no line; what is too long for the last ends in three dots. */
export function breakLines(text: string, width: number, most: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest !== '' && lines.length < most) {
    const last = lines.length === most - 1;
    if (measure(rest) <= width) {
      lines.push(rest);
      break;
    }
    const room = last ? width - measure('…') : width;
    let fits = 1;
    for (let low = 1, high = rest.length; low <= high; ) {
      const middle = (low + high) >> 1;
      if (measure(rest.slice(0, middle)) <= room) {
        fits = middle;
        low = middle + 1;
      } else high = middle - 1;
    }
    const space = rest.lastIndexOf(' ', fits);
    const end = !last && space > 0 ? space : fits;
    lines.push(last ? `${rest.slice(0, end).trimEnd()}…` : rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return lines;
}
