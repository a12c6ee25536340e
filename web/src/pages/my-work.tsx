// My work.
export function MyWorkPage() {
  return null;
}
