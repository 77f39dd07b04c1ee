import { describe, expect, it } from 'vitest';
import { type Param, prepareQuery } from '../../../src/store/prepared-query.ts';
import type { Session, StoreKind } from '../../../src/store/session.ts';

interface Run {
  sql: string;
  parameters: readonly unknown[];
}

/** A session that only notes what it is asked. */
function noting(kind: StoreKind): { session: Session; runs: Run[] } {
  const runs: Run[] = [];
  const run: Session['run'] = async (sql, parameters) => {
    runs.push({ sql, parameters });
    return { rows: [], changes: 0 };
  };
  return { session: { kind, run } as Session, runs };
}

const optedOut = prepareQuery((db, param: Param<{ phone: string; after: string }>) =>
  db
    .selectFrom('opt_outs')
    .select('phone')
    .where('phone', '=', param('phone'))
    .where('undone', '=', 0)
    .where('correlation_id', '>', param('after'))
    .limit(7),
);

describe('a prepared query', () => {
  it.each(['sqlite', 'mysql'] as const)(
    'has its own numbers in its text, and only values as parameters: %s',
    async (kind) => {
      const { session, runs } = noting(kind);

      await optedOut.all(session, { phone: '+12125550101', after: '0123456789abcd' });

      const [run] = runs;
      expect(run?.sql.replaceAll(/["`]/g, '')).toMatch(/undone = 0 and correlation_id > \? limit 7$/);
      expect(run?.parameters).toEqual(['+12125550101', '0123456789abcd']);
    },
  );
});
