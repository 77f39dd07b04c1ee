import { type RawBuilder, sql } from 'kysely';
import type { StoreKind } from './session.ts';

/** The campaign of a write-back, out of the JSON of its target: no column of its own, as only a pause asks for it. */
export function campaignOfTarget(kind: StoreKind): RawBuilder<string> {
  if (kind === 'sqlite') return sql<string>`json_extract(target, '$.campaign')`;
  return sql<string>`json_unquote(json_extract(target, '$.campaign'))`;
}
