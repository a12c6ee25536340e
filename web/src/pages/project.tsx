// To come.
export function ProjectPage() {
  return null;
}
