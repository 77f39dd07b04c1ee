import { z } from 'zod';
import type { Lead } from '../../../src/domain/lead.ts';
import { cellColumns, leadRowOf } from '../tables/lead-cells.ts';
import { readLeadRows } from '../tables/lead-rows.ts';
import type { TableReading } from '../tables/table-reads.ts';
import type { Cell } from '../tables/texts.ts';
import type { Indexes } from './indexes.ts';
import type { Lists } from './lists.ts';

/** How many ids of vicidial_list one query looks at for each lead that a page may hold. */
const idsPerLead = 5;
/** A page ends after so many queries that found nothing, so that its place is kept. */
const queriesPerPage = 20;

const Id = z.object({ id: z.string().nullable() });

/** What is known of the site for a whole run. */
export interface ListsAndIndexes {
  lists: Lists;
  indexes: Indexes;
}

export interface LeadPart {
  leads: Lead[];
  rejects: Record<string, number>;
  /** Leads up to this one are read. */
  after: number;
}

/**
 * Reads the next leads of the wanted lists by lead_id, after one and up to another. A query looks at a bounded span of the
 * primary key, whatever lies there: within one list there is no index in lead_id order, and the server would either sort
 * the whole list or walk the whole table to find the next of a small one.
 */
export async function readLeadsAfter(
  vicidial: TableReading,
  { lists, indexes }: ListsAndIndexes,
  span: { after: number; until: number },
  signal: AbortSignal,
): Promise<LeadPart> {
  const { pageSize } = vicidial.config.sync;
  let { after } = span;
  for (let query = 0; query < queriesPerPage && after < span.until && lists.wanted.length > 0; query += 1) {
    const end = Math.min(after + pageSize * idsPerLead, span.until);
    const rows = await vicidial.database.selectCells(
      `SELECT ${cellColumns} FROM vicidial_list FORCE INDEX (PRIMARY)
       WHERE lead_id > ? AND lead_id <= ? AND list_id IN (?) ORDER BY lead_id LIMIT ${pageSize}`,
      [after, end, lists.wanted],
      signal,
    );
    after = rows.length === pageSize ? Number(rows.at(-1)?.[0]) : end;
    if (rows.length > 0) return { ...(await leadsOf(vicidial, rows, { lists, indexes }, signal)), after };
    after = await endOfGap(vicidial, after, signal);
  }
  return { leads: [], rejects: {}, after: lists.wanted.length > 0 ? after : span.until };
}

/** Leads by their ids, of whichever list; at most a page of them. */
export async function readLeadsByIds(
  vicidial: TableReading,
  { lists, indexes }: ListsAndIndexes,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<{ leads: Lead[]; rejects: Record<string, number> }> {
  if (ids.length === 0) return { leads: [], rejects: {} };
  const rows = await vicidial.database.selectCells(
    `SELECT ${cellColumns} FROM vicidial_list FORCE INDEX (PRIMARY) WHERE lead_id IN (?)`,
    [ids.map(Number)],
    signal,
  );
  return leadsOf(vicidial, rows, { lists, indexes }, signal);
}

/** The highest lead_id; the server reads it off the index. */
export async function readMaxLeadId({ database }: TableReading, signal: AbortSignal): Promise<number> {
  const [row] = await database.select(Id, 'SELECT MAX(lead_id) AS id FROM vicidial_list', [], signal);
  return Number(row?.id ?? 0);
}

/** Deleted leads leave gaps, which may be long. */
async function endOfGap({ database }: TableReading, after: number, signal: AbortSignal): Promise<number> {
  const [row] = await database.select(
    Id,
    'SELECT MIN(lead_id) AS id FROM vicidial_list WHERE lead_id > ?',
    [after],
    signal,
  );
  return row?.id ? Number(row.id) - 1 : after;
}

function leadsOf(vicidial: TableReading, cells: Cell[][], { lists, indexes }: ListsAndIndexes, signal: AbortSignal) {
  const rows = cells.map((each) => leadRowOf(each, lists.campaignOf)).filter((row) => row !== null);
  return readLeadRows(vicidial, { rows, count: cells.length }, signal, indexes.get('vicidial_list_alt_phones.lead_id'));
}
