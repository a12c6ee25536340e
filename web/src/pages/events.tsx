// To come.
export function EventsPage() {
  return null;
}
