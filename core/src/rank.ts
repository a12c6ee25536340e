// Order by hand: text that sorts by code point, so that a place between two others always exists.

/** The rank of something appended at a moment: `ms` since 1970 and its place among those appended in one go. */
export function appendedRank(ms: number, place = 0): string {
  return ms.toString(36).padStart(9, '0') + place.toString(36).padStart(4, '0');
}
