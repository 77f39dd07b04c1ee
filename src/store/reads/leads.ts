import type { ListQuery } from '../../domain/dialling.ts';
import type { Lead } from '../../domain/lead.ts';
import { nameKey } from '../../domain/person-marks.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import { leadOf } from '../rows.ts';
import type { Session } from '../session.ts';

const maxLeadsOfPhone = 50;
const maxLeadsOfPostalCode = 5000;

export async function leadByKey(session: Session, input: { dialer: string; key: string }): Promise<Lead | null> {
  const row = await selectByKey.first(session, { dialer: input.dialer, key: fitKey(input.key) });
  return row ? leadOf(row) : null;
}

export interface LeadsOfPhone {
  phone: string;
  /** (Default: of all) */
  dialer?: string;
}

/** Leads that have this number, whichever of their numbers it is; the latest changed first, at most 50. */
export async function leadsByPhone(session: Session, input: LeadsOfPhone): Promise<Lead[]> {
  const [leads = []] = await leadsByPhones(session, [input]);
  return leads;
}

/**
 * The same of many numbers. They are put in order here: a server that sorts rows with long texts in them does so in a file, which
 * costs more than all the rest. Only for a number of very many leads it must.
 */
export async function leadsByPhones(session: Session, inputs: readonly LeadsOfPhone[]): Promise<Lead[][]> {
  const asked = inputs.map(({ phone, dialer }) => ({ phone: fitKey(phone, keyLengths.phone), dialer }));
  const phones = padList([...new Set(asked.map(({ phone }) => phone))]);
  const values = Object.fromEntries(phones.map((phone, index) => [`phone${index}`, phone]));
  const rows = await selectByPhones(phones.length).all(session, values);
  if (rows.length > maxLeadsOfPhone * phones.length) {
    const each: Lead[][] = [];
    for (const input of asked) each.push(await latestByPhone(session, input));
    return each;
  }
  const byPhone = Map.groupBy(rows, ({ asked_phone }) => asked_phone);
  return asked.map(({ phone, dialer }) =>
    (byPhone.get(phone) ?? [])
      .filter((row) => !dialer || row.dialer === dialer)
      .sort((a, b) => (a.changed_at < b.changed_at ? 1 : -1))
      .slice(0, maxLeadsOfPhone)
      .map(leadOf),
  );
}

async function latestByPhone(session: Session, { phone, dialer }: LeadsOfPhone): Promise<Lead[]> {
  const rows = dialer
    ? await selectByPhoneAndDialer.all(session, { phone, dialer })
    : await selectByPhone.all(session, { phone });
  return rows.map(leadOf);
}

/**
 * Leads of a postal code with this last name, both as `postalKey` and `nameKey` give them. `isWhole` is false when the
 * code has more leads than are looked through, so that there may be others.
 */
export async function leadsByPlace(
  session: Session,
  input: { postalCode: string; lastName: string },
): Promise<{ leads: Lead[]; isWhole: boolean }> {
  const rows = await selectByPostalCode.all(session, { postalCode: input.postalCode });
  const leads = rows.map(leadOf).filter(({ fields }) => nameKey(fields.last_name ?? '') === input.lastName);
  return { leads: leads.slice(0, maxLeadsOfPhone), isWhole: rows.length < maxLeadsOfPostalCode };
}

export async function countLeads(session: Session): Promise<{ dialer: string; count: number }[]> {
  const rows = await session.db
    .selectFrom('leads')
    .select(['dialer', (expression) => expression.fn.countAll().as('count')])
    .groupBy('dialer')
    .orderBy('dialer')
    .execute();
  return rows.map((row) => ({ dialer: row.dialer, count: Number(row.count) }));
}

/** Leads of a list in the order of their keys, those after a key. May go through all leads of the dialer. */
export async function leadsOfList(session: Session, { dialer, list, after, limit }: ListQuery): Promise<Lead[]> {
  const rows = await session.db
    .selectFrom('leads')
    .selectAll()
    .where('dialer', '=', dialer)
    .where('list', '=', fitKey(list))
    .where('lead_key', '>', after)
    .orderBy('lead_key')
    .limit(limit)
    .execute();
  return rows.map(leadOf);
}

const selectByKey = prepareQuery((db, param: Param<{ dialer: string; key: string }>) =>
  db.selectFrom('leads').selectAll().where('dialer', '=', param('dialer')).where('lead_key', '=', param('key')),
);

const selectByPostalCode = prepareQuery((db, param: Param<{ postalCode: string }>) =>
  db.selectFrom('leads').selectAll().where('postal_code', '=', param('postalCode')).limit(maxLeadsOfPostalCode),
);

const selectByPhones = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) =>
    db
      .selectFrom('lead_phones')
      .innerJoin('leads', (join) =>
        join.onRef('leads.dialer', '=', 'lead_phones.dialer').onRef('leads.lead_key', '=', 'lead_phones.lead_key'),
      )
      .selectAll('leads')
      .select('lead_phones.phone as asked_phone')
      .where(
        'lead_phones.phone',
        'in',
        Array.from({ length: size }, (_, index) => param(`phone${index}`)),
      )
      .limit(maxLeadsOfPhone * size + 1),
  ),
);

const selectByPhone = prepareQuery((db, param: Param<{ phone: string }>) =>
  db
    .selectFrom('lead_phones')
    .innerJoin('leads', (join) =>
      join.onRef('leads.dialer', '=', 'lead_phones.dialer').onRef('leads.lead_key', '=', 'lead_phones.lead_key'),
    )
    .selectAll('leads')
    .where('lead_phones.phone', '=', param('phone'))
    .orderBy('leads.changed_at', 'desc')
    .limit(maxLeadsOfPhone),
);

const selectByPhoneAndDialer = prepareQuery((db, param: Param<{ phone: string; dialer: string }>) =>
  db
    .selectFrom('lead_phones')
    .innerJoin('leads', (join) =>
      join.onRef('leads.dialer', '=', 'lead_phones.dialer').onRef('leads.lead_key', '=', 'lead_phones.lead_key'),
    )
    .selectAll('leads')
    .where('lead_phones.phone', '=', param('phone'))
    .where('lead_phones.dialer', '=', param('dialer'))
    .orderBy('leads.changed_at', 'desc')
    .limit(maxLeadsOfPhone),
);
