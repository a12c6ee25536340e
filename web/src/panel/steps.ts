// Steps of a checklist as data: read from pasted lines, moved to another place. Pure.

/** Lines as steps, without the marks that lists have in other programs. */
export function readSteps(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(?:[-*+•]\s+)?(?:\[[ xX]?\]\s+)?(?:\d+[.)]\s+)?/, '').trim())
    .filter((line) => line !== '');
}

export function moveStep<S extends { id: string }>(steps: readonly S[], id: string, to: number): S[] {
  const from = steps.findIndex((step) => step.id === id);
  const step = steps[from];
  if (!step) return [...steps];
  const rest = steps.toSpliced(from, 1);
  return rest.toSpliced(Math.max(0, Math.min(rest.length, to)), 0, step);
}
