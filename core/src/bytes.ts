// Sizes in words.

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** "912 B", "4.2 MB", "18 GB": two digits are enough to compare; never broken between. */
export function sayBytes(bytes: number): string {
  let size = bytes;
  let place = 0;
  while (size >= 1024 && place < units.length - 1) {
    size /= 1024;
    place++;
  }
  const said = place === 0 || size >= 10 ? Math.round(size).toLocaleString('en') : size.toFixed(1);
  return `${said}\u00a0${units[place]}`;
}
