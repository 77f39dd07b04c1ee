import type { Fence } from '../../domain/lease.ts';
import { databaseClock } from '../database-clock.ts';
import { fitKey } from '../fit-key.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import { isDuplicate, leaseLost } from '../store-errors.ts';

/** Takes or renews a lease. The fence counts up whenever it goes to another holder. Null while another holds it. */
export async function takeLease(
  trx: Session,
  input: { name: string; holder: string; ttlMs: number },
): Promise<{ fence: number } | null> {
  const values = { name: fitKey(input.name), holder: fitKey(input.holder), ttlMs: input.ttlMs };
  const isOurs = (await renew.change(trx, values)) === 1 || (await takeOver.change(trx, values)) === 1;
  if (isOurs) {
    const row = await selectFence.first(trx, { name: values.name });
    return row ? { fence: row.fence } : null;
  }
  try {
    if (await selectFence.first(trx, { name: values.name })) return null;
    await create.change(trx, values);
    return { fence: 1 };
  } catch (error) {
    if (isDuplicate(error)) return null;
    throw error;
  }
}

/**
 * Refuses the whole transaction when the lease went to another holder. Else it is renewed: its row is changed, so that nobody
 * takes it over before the transaction is through, on whatever node of a cluster.
 */
export async function requireLease(trx: Session, { name, holder, fence, ttlMs }: Fence): Promise<void> {
  const values = { name: fitKey(name), holder: fitKey(holder), fence, ttlMs };
  if ((await renewHeld.change(trx, values)) !== 1) throw leaseLost(name);
}

/** Gives a lease back; another may take it at once. */
export async function releaseLease(trx: Session, input: { name: string; holder: string }): Promise<void> {
  await release.change(trx, { name: fitKey(input.name), holder: fitKey(input.holder) });
}

type LeaseValues = { name: string; holder: string; ttlMs: number };

const renew = prepareQuery((db, param: Param<LeaseValues>, kind) =>
  db
    .updateTable('leases')
    .set({ expires_at: databaseClock(kind, param('ttlMs')) })
    .where('name', '=', param('name'))
    .where('holder', '=', param('holder')),
);

const renewHeld = prepareQuery((db, param: Param<LeaseValues & { fence: number }>, kind) =>
  db
    .updateTable('leases')
    .set({ expires_at: databaseClock(kind, param('ttlMs')) })
    .where('name', '=', param('name'))
    .where('holder', '=', param('holder'))
    .where('fence', '=', param('fence')),
);

const takeOver = prepareQuery((db, param: Param<LeaseValues>, kind) =>
  db
    .updateTable('leases')
    .set((expression) => ({
      holder: param('holder'),
      fence: expression('fence', '+', 1),
      expires_at: databaseClock(kind, param('ttlMs')),
    }))
    .where('name', '=', param('name'))
    .where((expression) =>
      expression.or([expression('holder', '=', ''), expression('expires_at', '<=', databaseClock(kind))]),
    ),
);

const create = prepareQuery((db, param: Param<LeaseValues>, kind) =>
  db.insertInto('leases').values({
    name: param('name'),
    holder: param('holder'),
    fence: 1,
    expires_at: databaseClock(kind, param('ttlMs')),
  }),
);

const selectFence = prepareQuery((db, param: Param<{ name: string }>) =>
  db.selectFrom('leases').select('fence').where('name', '=', param('name')),
);

const release = prepareQuery((db, param: Param<{ name: string; holder: string }>) =>
  db
    .updateTable('leases')
    .set({ holder: '', expires_at: '' })
    .where('name', '=', param('name'))
    .where('holder', '=', param('holder')),
);
