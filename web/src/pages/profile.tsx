// The own account.
export function ProfilePage() {
  return null;
}
