import type { Control } from '../../domain/controls.ts';
import { prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

/** All of them: a handful. */
export async function controls(session: Session): Promise<Control[]> {
  const rows = await selectAll.all(session, {});
  return rows.map(({ kind, dialer, campaign, aspect, percent, note, set_by, set_at }) => ({
    kind: kind as Control['kind'],
    scope: { dialer, campaign, aspect: aspect as Control['scope']['aspect'] },
    percent,
    note,
    by: set_by,
    at: set_at,
  }));
}

const selectAll = prepareQuery((db) => db.selectFrom('controls').selectAll());
