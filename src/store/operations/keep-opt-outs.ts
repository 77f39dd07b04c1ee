import type { Instant } from '../../domain/call.ts';
import type { StoredFact } from '../../domain/fact.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { OptedOutPerson } from '../../domain/plan-write-backs.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import type { OptOutRow } from '../tables.ts';
import { findPerson } from './find-person.ts';
import { markPlan, secondLookMs } from './renew-plans.ts';
import { showShared } from './show-shared.ts';

export interface KeptOptOuts {
  /** Whom a standing opt-out means. */
  person?: OptedOutPerson;
  /** Numbers of this call that another call opted out too. */
  listedStill?: ReadonlySet<string>;
}

/**
 * Keeps our own list of opted-out numbers: every number of the call's legs, and every other number of every lead that has
 * one of them. Each call has rows of its own, so an opt-out that one call told stands even when another's was undone. One
 * of which no number is known has a row with an empty one: its clocks run all the same.
 */
export async function keepOptOuts(
  trx: Session,
  call: string,
  facts: readonly StoredFact[],
  outcome: Outcome | null,
  { now, sharedNumberLeads }: { now: Instant; sharedNumberLeads: number },
): Promise<KeptOptOuts> {
  if (outcome?.optedOutAt) {
    const at = outcome.optedOutAt;
    const kept = await selectRows.all(trx, { call });
    const standing = kept.filter(({ phone, undone }) => phone !== '' && undone === 0).map(({ phone }) => phone);
    const { phones, leads, shared } = await findPerson(trx, facts, standing, sharedNumberLeads);
    const source = sourceOf(facts, at);
    const isNew = await putRows(trx, call, kept, phones.size > 0 ? phones : new Set(['']), { source, at });
    if (phones.size > 0 && kept.some(({ phone }) => phone === '')) await deleteUnknown.change(trx, { call });
    // A lead that is being saved this moment can't see these rows, nor we that lead: so there is a second look.
    if (isNew && trx.kind === 'mysql') await markPlan(trx, call, later(now, secondLookMs));
    await showShared(trx, call, shared, now);
    return { person: { phones: [...phones], leads } };
  }
  if (!facts.some((fact) => fact.body.kind === 'opt-out-undone')) return {};
  await undoRows.change(trx, { call });
  const others = await selectListedStill.all(trx, { call });
  return { listedStill: new Set(others.map(({ phone }) => phone)) };
}

/** The same for facts that are not recorded, with nothing written. */
export async function foreseeOptOuts(
  trx: Session,
  call: string,
  facts: readonly StoredFact[],
  outcome: Outcome | null,
  sharedNumberLeads: number,
): Promise<KeptOptOuts> {
  if (outcome?.optedOutAt) {
    const kept = await selectRows.all(trx, { call });
    const standing = kept.filter(({ phone, undone }) => phone !== '' && undone === 0).map(({ phone }) => phone);
    const { phones, leads } = await findPerson(trx, facts, standing, sharedNumberLeads);
    return { person: { phones: [...phones], leads } };
  }
  if (!facts.some((fact) => fact.body.kind === 'opt-out-undone')) return {};
  const others = await selectListedStill.all(trx, { call });
  return { listedStill: new Set(others.map(({ phone }) => phone)) };
}

/** True when a number is new. */
async function putRows(
  trx: Session,
  call: string,
  kept: readonly OptOutRow[],
  phones: ReadonlySet<string>,
  row: { source: string; at: Instant },
): Promise<boolean> {
  const held = new Map(kept.map((known) => [known.phone, known]));
  let isNew = false;
  for (const phone of phones) {
    const known = held.get(phone);
    if (!known) await insertRow.change(trx, { phone, call, ...row });
    else if (known.undone === 1 || known.at !== row.at || known.source !== row.source) {
      await updateRow.change(trx, { phone, call, ...row });
    }
    if (!known || known.undone === 1) isNew = true;
  }
  return isNew;
}

function sourceOf(facts: readonly StoredFact[], at: Instant): string {
  const teller = facts.find(({ at: told, body }) => told === at && 'outcome' in body && body.outcome === 'opt_out');
  return fitKey(teller?.source ?? '', keyLengths.name);
}

function later(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) + ms).toISOString();
}

const selectRows = prepareQuery((db, param: Param<{ call: string }>) =>
  db.selectFrom('opt_outs').selectAll().where('correlation_id', '=', param('call')),
);

const selectListedStill = prepareQuery((db, param: Param<{ call: string }>) =>
  db
    .selectFrom('opt_outs as own')
    .innerJoin('opt_outs as other', 'other.phone', 'own.phone')
    .select('own.phone')
    .where('own.correlation_id', '=', param('call'))
    .whereRef('other.correlation_id', '!=', 'own.correlation_id')
    .where('other.undone', '=', 0),
);

type RowValues = { phone: string; call: string; source: string; at: Instant };

const insertRow = prepareQuery((db, param: Param<RowValues>) =>
  db.insertInto('opt_outs').values({
    phone: param('phone'),
    correlation_id: param('call'),
    source: param('source'),
    at: param('at'),
    undone: 0,
  }),
);

const updateRow = prepareQuery((db, param: Param<RowValues>) =>
  db
    .updateTable('opt_outs')
    .set({ source: param('source'), at: param('at'), undone: 0 })
    .where('phone', '=', param('phone'))
    .where('correlation_id', '=', param('call')),
);

const deleteUnknown = prepareQuery((db, param: Param<{ call: string }>) =>
  db.deleteFrom('opt_outs').where('correlation_id', '=', param('call')).where('phone', '=', ''),
);

const undoRows = prepareQuery((db, param: Param<{ call: string }>) =>
  db.updateTable('opt_outs').set({ undone: 1 }).where('correlation_id', '=', param('call')).where('undone', '=', 0),
);
