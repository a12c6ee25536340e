// To come.
export function DeadLettersPage() {
  return null;
}
