// To come.
export function UsersPage() {
  return null;
}
