import type { Instant } from '../../domain/call.ts';
import type { StoredFact } from '../../domain/fact.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

/**
 * Keeps our own list of opted-out numbers: every number of the call's legs, and every other number of every lead that has
 * one of them. Each call has rows of its own, so an opt-out that one call told stands even when another's was undone.
 */
export async function keepOptOuts(
  trx: Session,
  correlationId: string,
  facts: readonly StoredFact[],
  outcome: Outcome | null,
): Promise<void> {
  if (outcome?.optedOutAt) {
    const at = outcome.optedOutAt;
    const phones = await withNumbersOfLeads(trx, phonesOf(facts));
    await putRows(trx, correlationId, phones, { source: sourceOf(facts, at), at });
    return;
  }
  if (facts.some((fact) => fact.body.kind === 'opt-out-undone')) await undoRows.change(trx, { call: correlationId });
}

async function putRows(
  trx: Session,
  call: string,
  phones: ReadonlySet<string>,
  row: { source: string; at: Instant },
): Promise<void> {
  const held = new Map((await selectRows.all(trx, { call })).map((known) => [known.phone, known]));
  for (const phone of phones) {
    const known = held.get(phone);
    if (!known) await insertRow.change(trx, { phone, call, ...row });
    else if (known.undone === 1 || known.at !== row.at || known.source !== row.source) {
      await updateRow.change(trx, { phone, call, ...row });
    }
  }
}

function phonesOf(facts: readonly StoredFact[]): Set<string> {
  const phones = new Set<string>();
  for (const { body } of facts) {
    if (body.kind === 'registered' && body.leg.phone) phones.add(fitKey(body.leg.phone, keyLengths.phone));
  }
  return phones;
}

async function withNumbersOfLeads(trx: Session, phones: ReadonlySet<string>): Promise<Set<string>> {
  const all = new Set(phones);
  for (const phone of phones) {
    for (const row of await selectNumbersOfLeads.all(trx, { phone })) all.add(row.phone);
  }
  return all;
}

function sourceOf(facts: readonly StoredFact[], at: Instant): string {
  const teller = facts.find(({ at: told, body }) => told === at && 'outcome' in body && body.outcome === 'opt_out');
  return teller?.source ?? '';
}

const selectNumbersOfLeads = prepareQuery((db, param: Param<{ phone: string }>) =>
  db
    .selectFrom('lead_phones as known')
    .innerJoin('lead_phones as other', (join) =>
      join.onRef('other.dialer', '=', 'known.dialer').onRef('other.lead_key', '=', 'known.lead_key'),
    )
    .select('other.phone')
    .where('known.phone', '=', param('phone')),
);

const selectRows = prepareQuery((db, param: Param<{ call: string }>) =>
  db.selectFrom('opt_outs').selectAll().where('correlation_id', '=', param('call')),
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

const undoRows = prepareQuery((db, param: Param<{ call: string }>) =>
  db.updateTable('opt_outs').set({ undone: 1 }).where('correlation_id', '=', param('call')).where('undone', '=', 0),
);
