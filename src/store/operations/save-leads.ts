import type { Fence } from '../../domain/lease.ts';
import { prepareInsert } from '../prepared-insert.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import type { Place } from '../store.ts';
import type { LeadPhoneRow, LeadRow } from '../tables.ts';
import { writeCursor } from './cursors.ts';
import { requireLease } from './leases.ts';
import { markOptedOut } from './renew-plans.ts';

const rowsAtOnce = 64;

/** Each key once. `held`: only those that are there already. */
export interface SaveLeadsInput {
  rows: readonly LeadRow[];
  which: 'all' | 'held';
  /** Written in the same transaction. */
  place?: Place;
  /** Kept only while this lease is held. */
  under?: Fence;
}

/**
 * Keeps each lead as its dialer now has it. One that did not change is not written. Gives how many calls must be planned
 * anew, because a lead of somebody who opted out came, or got another number.
 */
export async function saveLeads(trx: Session, { rows, which, place, under }: SaveLeadsInput): Promise<number> {
  if (under) await requireLease(trx, under);
  const phones: string[] = [];
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await savePart(trx, rows.slice(start, start + rowsAtOnce), which, phones);
  }
  const marked = await markOptedOut(trx, phones, rows[0]?.saved_at ?? '');
  if (place) await writeCursor(trx, place);
  return marked;
}

/** @param touched takes all numbers of the leads that are new, or have other numbers than before */
async function savePart(
  trx: Session,
  rows: readonly LeadRow[],
  which: 'all' | 'held',
  touched: string[],
): Promise<void> {
  const known = await readKnown(trx, rows);
  const fresh: LeadRow[] = [];
  const newPhones: LeadPhoneRow[] = [];
  for (const row of rows) {
    const old = known.get(nameOf(row));
    if (!old) {
      if (which === 'held') continue;
      fresh.push(row);
      newPhones.push(...phoneRows(row));
    } else if (isChanged(old, row)) {
      await updateLead.change(trx, { ...row });
      if (old.phones !== row.phones) {
        newPhones.push(...(await dropOldPhones(trx, old, row)));
        for (const { phone } of phoneRows(row)) touched.push(phone);
      }
    }
  }
  await insertLeads(trx, fresh);
  await insertPhones(trx, newPhones);
  for (const { phone } of newPhones) touched.push(phone);
}

/** Takes numbers away that the lead no longer has; gives those that it has new. */
async function dropOldPhones(trx: Session, old: LeadRow, row: LeadRow): Promise<LeadPhoneRow[]> {
  const before = phoneRows(old);
  const after = phoneRows(row);
  for (const gone of before) {
    if (!after.some(({ phone }) => phone === gone.phone)) await deletePhone.change(trx, { ...gone });
  }
  return after.filter(({ phone }) => !before.some((held) => held.phone === phone));
}

async function readKnown(trx: Session, rows: readonly LeadRow[]): Promise<Map<string, LeadRow>> {
  const known = new Map<string, LeadRow>();
  for (const [dialer, group] of Map.groupBy(rows, (row) => row.dialer)) {
    const keys = padList(group);
    const values = Object.fromEntries(keys.map((row, index) => [`key${index}`, row.lead_key]));
    for (const row of await selectLeads(keys.length).all(trx, { ...values, dialer })) known.set(nameOf(row), row);
  }
  return known;
}

function isChanged(old: LeadRow, row: LeadRow): boolean {
  const keys = ['list', 'campaign', 'phones', 'fields', 'changed_at'] as const;
  return keys.some((key) => old[key] !== row[key]);
}

function phoneRows(row: LeadRow): LeadPhoneRow[] {
  const phones = JSON.parse(row.phones) as string[];
  return phones.map((phone) => ({ phone, dialer: row.dialer, lead_key: row.lead_key }));
}

function nameOf(row: Pick<LeadRow, 'dialer' | 'lead_key'>): string {
  return `${row.dialer}\n${row.lead_key}`;
}

const selectLeads = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) =>
    db
      .selectFrom('leads')
      .selectAll()
      .where('dialer', '=', param('dialer'))
      .where(
        'lead_key',
        'in',
        Array.from({ length: size }, (_, index) => param(`key${index}`)),
      ),
  ),
);

const insertLeads = prepareInsert('leads', [
  'dialer',
  'lead_key',
  'list',
  'campaign',
  'phones',
  'fields',
  'postal_code',
  'changed_at',
  'saved_at',
]);

const insertPhones = prepareInsert('lead_phones', ['phone', 'dialer', 'lead_key']);

const updateLead = prepareQuery((db, param: Param<{ [K in keyof LeadRow]: LeadRow[K] }>) =>
  db
    .updateTable('leads')
    .set({
      list: param('list'),
      campaign: param('campaign'),
      phones: param('phones'),
      fields: param('fields'),
      postal_code: param('postal_code'),
      changed_at: param('changed_at'),
      saved_at: param('saved_at'),
    })
    .where('dialer', '=', param('dialer'))
    .where('lead_key', '=', param('lead_key')),
);

const deletePhone = prepareQuery((db, param: Param<{ [K in keyof LeadPhoneRow]: string }>) =>
  db
    .deleteFrom('lead_phones')
    .where('phone', '=', param('phone'))
    .where('dialer', '=', param('dialer'))
    .where('lead_key', '=', param('lead_key')),
);
