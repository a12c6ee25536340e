// Inputs that endpoints share.
import { type TProperties, Type } from 'typebox';
import { cursor, limit, q, strict, uuid } from '../schema.ts';

/** The id in the path of one entity. */
export const byId = strict({ id: uuid });
/** What every list takes: how many, from where on, and text to search for. */
export const paging = { limit: Type.Optional(limit), cursor: Type.Optional(cursor), q: Type.Optional(q) };

/** The id of what is made, where the caller wants to know it beforehand: to name it in the same bulk, or to send it later. */
export const newId = Type.Optional(uuid);

/** Each field may be left out. */
export function optional<P extends TProperties>(fields: P) {
  return Type.Partial(strict(fields)).properties;
}
