import { fitKey } from '../fit-key.ts';
import type { Session } from '../session.ts';

/** The value that was written last; empty text when there is none. */
export async function readCursor(session: Session, name: string): Promise<string> {
  const row = await session.db
    .selectFrom('cursors')
    .select('value')
    .where('name', '=', fitKey(name))
    .executeTakeFirst();
  return row?.value ?? '';
}
