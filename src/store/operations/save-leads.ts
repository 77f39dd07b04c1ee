import type { Instant } from '../../domain/call.ts';
import type { Lead } from '../../domain/lead.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import type { LeadPhoneRow, LeadRow } from '../tables.ts';

const rowsAtOnce = 64;

/** Keeps each lead as its dialer now has it. Of two with one key in the same input the last counts. */
export async function saveLeads(trx: Session, input: { leads: readonly Lead[]; now: Instant }): Promise<void> {
  const rows = new Map<string, LeadRow>();
  for (const lead of input.leads) {
    const row = rowOf(lead, input.now);
    rows.set(nameOf(row), row);
  }
  const list = [...rows.values()];
  for (let start = 0; start < list.length; start += rowsAtOnce)
    await savePart(trx, list.slice(start, start + rowsAtOnce));
}

async function savePart(trx: Session, rows: readonly LeadRow[]): Promise<void> {
  const known = await readKnown(trx, rows);
  const fresh: LeadRow[] = [];
  const newPhones: LeadPhoneRow[] = [];
  for (const row of rows) {
    const old = known.get(nameOf(row));
    if (!old) {
      fresh.push(row);
      newPhones.push(...phoneRows(row));
    } else if (isChanged(old, row)) {
      await updateLead.change(trx, { ...row });
      if (old.phones !== row.phones) newPhones.push(...(await dropOldPhones(trx, old, row)));
    }
  }
  for (const part of parts(fresh)) await insertLeads(part.length).change(trx, numbered(part));
  for (const part of parts(newPhones)) await insertPhones(part.length).change(trx, numbered(part));
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

function rowOf(lead: Lead, now: Instant): LeadRow {
  const phones = [...new Set(lead.phones.map((phone) => fitKey(phone, keyLengths.phone)).filter(Boolean))];
  return {
    dialer: fitKey(lead.dialer, keyLengths.name),
    lead_key: fitKey(lead.key),
    list: fitKey(lead.list),
    campaign: fitKey(lead.campaign),
    phones: JSON.stringify(phones),
    fields: JSON.stringify(lead.fields),
    changed_at: lead.changedAt,
    saved_at: now,
  };
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

/** Cuts a list into lengths that are powers of two, so that few queries are ever compiled. */
function parts<T>(list: readonly T[]): T[][] {
  const cut: T[][] = [];
  let start = 0;
  for (let size = rowsAtOnce; size >= 1; size /= 2) {
    while (list.length - start >= size) {
      cut.push(list.slice(start, start + size));
      start += size;
    }
  }
  return cut;
}

/** Columns with the number of their row behind them: `phone0`, `phone1` … */
function numbered(rows: readonly (LeadRow | LeadPhoneRow)[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, row] of rows.entries()) {
    for (const [column, value] of Object.entries(row)) values[`${column}${index}`] = value;
  }
  return values;
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

const insertLeads = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) =>
    db.insertInto('leads').values(
      Array.from({ length: size }, (_, index) => ({
        dialer: param(`dialer${index}`),
        lead_key: param(`lead_key${index}`),
        list: param(`list${index}`),
        campaign: param(`campaign${index}`),
        phones: param(`phones${index}`),
        fields: param(`fields${index}`),
        changed_at: param(`changed_at${index}`),
        saved_at: param(`saved_at${index}`),
      })),
    ),
  ),
);

const insertPhones = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) =>
    db.insertInto('lead_phones').values(
      Array.from({ length: size }, (_, index) => ({
        phone: param(`phone${index}`),
        dialer: param(`dialer${index}`),
        lead_key: param(`lead_key${index}`),
      })),
    ),
  ),
);

const updateLead = prepareQuery((db, param: Param<{ [K in keyof LeadRow]: LeadRow[K] }>) =>
  db
    .updateTable('leads')
    .set({
      list: param('list'),
      campaign: param('campaign'),
      phones: param('phones'),
      fields: param('fields'),
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
