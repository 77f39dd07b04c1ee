import { type LeadRow, leadFieldNames, zeroDate } from './schema.ts';
import type { Cell } from './texts.ts';

const ownColumns = ['lead_id', 'list_id', 'entry_list_id', 'status', 'user', 'phone_code', 'phone_number', 'alt_phone'];

/** What a long read asks of vicidial_list, in the order in which `leadRowOf` takes it. */
export const cellColumns = [...ownColumns, ...leadFieldNames]
  .map((name) => `\`${name}\``)
  .concat('UNIX_TIMESTAMP(modify_date)')
  .join(', ');

const leadKey = /^[1-9]\d*$/;

/**
 * One row of `cellColumns`, or null when it has no lead_id. Written by hand because the schema costs as much as the whole
 * rest of a long read, and column by column because V8 keeps an object that is filled in a loop as a hash table, ten times
 * the size. A test holds it and the schema to the same answers.
 */
export function leadRowOf(cells: readonly Cell[], campaignOf: ReadonlyMap<string, string>): LeadRow | null {
  const leadId = cells[0];
  if (!leadId || !leadKey.test(leadId)) return null;
  const listId = cells[1] ?? '';
  return {
    lead_id: leadId,
    list_id: listId,
    entry_list_id: whole(cells[2]),
    campaign_id: campaignOf.get(listId) ?? '',
    status: cells[3] ?? '',
    user: cells[4] ?? '',
    phone_code: cells[5] ?? '',
    phone_number: cells[6] ?? '',
    alt_phone: cells[7] ?? '',
    title: cells[8] ?? '',
    first_name: cells[9] ?? '',
    middle_initial: cells[10] ?? '',
    last_name: cells[11] ?? '',
    address1: cells[12] ?? '',
    address2: cells[13] ?? '',
    address3: cells[14] ?? '',
    city: cells[15] ?? '',
    state: cells[16] ?? '',
    province: cells[17] ?? '',
    postal_code: cells[18] ?? '',
    country_code: cells[19] ?? '',
    gender: cells[20] ?? '',
    date_of_birth: date(cells[21]),
    email: cells[22] ?? '',
    security_phrase: cells[23] ?? '',
    comments: cells[24] ?? '',
    vendor_lead_code: cells[25] ?? '',
    source_id: cells[26] ?? '',
    rank: cells[27] ?? '',
    owner: cells[28] ?? '',
    gmt_offset_now: cells[29] ?? '',
    called_count: cells[30] ?? '',
    last_local_call_time: date(cells[31]),
    modified: whole(cells[32]),
  };
}

function whole(cell: Cell | undefined): number {
  return Math.trunc(Number(cell ?? '')) || 0;
}

function date(cell: Cell | undefined): string {
  return !cell || zeroDate.test(cell) ? '' : cell;
}
