// An event as a line of the terminal.
import type { StoredEvent } from '@taylordash/core/entities';

export function eventLine({ id, created_at, kind, topic, source, payload }: StoredEvent, withDay = false): string {
  const { entity, actor } = named(payload);
  const who = [entity, actor === '' ? '' : `by ${actor}`, source === 'server' ? '' : `from ${source}`].filter(Boolean);
  const at = withDay ? created_at.slice(0, 19).replace('T', ' ') : created_at.slice(11, 23);
  return `${at}  ${id}  ${kind}  ${topic}${who.length > 0 ? `  ${who.join(' ')}` : ''}`;
}

function named(payload: Readonly<Record<string, unknown>>): { entity: string; actor: string } {
  const nameIn = (part: unknown): string =>
    typeof part === 'object' && part !== null && 'name' in part && typeof part.name === 'string' ? part.name : '';
  return { entity: nameIn(payload.entity), actor: nameIn(payload.actor) };
}
