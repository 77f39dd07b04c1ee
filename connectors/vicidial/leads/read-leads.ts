import { ConnectorError } from '../../../src/domain/errors.ts';
import type { LeadPage } from '../../../src/domain/lead.ts';
import { readLeadRows } from '../tables/lead-rows.ts';
import { LeadRow, ListRow, leadColumns, leadTables } from '../tables/schema.ts';
import type { TableReading } from '../tables/table-reads.ts';
import type { Vicidial } from '../vicidial.ts';

type BulkReading = TableReading & Pick<Vicidial, 'deps'>;

/**
 * Reads one page of leads: list after list, by lead_id within a list, so that each query is short and uses an index. A
 * long one would lock the MyISAM table and stall the dialer. Cursor: `full:<list_id>:<lead_id>`.
 */
export async function readLeads(vicidial: BulkReading, cursor: string, signal: AbortSignal): Promise<LeadPage> {
  const { config, database, deps } = vicidial;
  const lists = await listsToRead(vicidial, signal);
  const { list, leadId } = readCursor(cursor);
  if (cursor && config.sync.pauseMs > 0) await deps.clock.sleep(config.sync.pauseMs, signal);

  // A list that was taken out of the configuration in the meantime is passed over.
  const current = lists.find((each) => each >= list);
  if (current === undefined) return { leads: [], rejects: {}, cursor: '' };
  const after = current === list ? leadId : 0;
  const page = await database.selectAll(
    LeadRow,
    `SELECT ${leadColumns} FROM ${leadTables} WHERE l.list_id = ? AND l.lead_id > ? ORDER BY l.lead_id LIMIT ${config.sync.pageSize}`,
    [current, after],
    signal,
  );
  const { leads, rejects } = await readLeadRows(vicidial, page, signal);
  return { leads, rejects, cursor: nextCursor(lists, current, page.count === config.sync.pageSize, page.last) };
}

async function listsToRead({ config, database }: TableReading, signal: AbortSignal): Promise<number[]> {
  const { lists, campaigns } = config.sync;
  if (lists.length > 0 && campaigns.length === 0) return [...new Set(lists)].sort((a, b) => a - b);
  const inCampaigns = campaigns.length > 0 ? 'AND campaign_id IN (?)' : '';
  const rows = await database.select(
    ListRow,
    `SELECT list_id FROM vicidial_lists WHERE active = 'Y' ${inCampaigns}`,
    campaigns.length > 0 ? [campaigns] : [],
    signal,
  );
  return [...new Set([...lists, ...rows.map((row) => Number(row.list_id))])].sort((a, b) => a - b);
}

function readCursor(cursor: string): { list: number; leadId: number } {
  if (!cursor) return { list: 0, leadId: 0 };
  const match = /^full:(\d+):(\d+)$/.exec(cursor);
  if (!match) throw new ConnectorError('bad_request', 'the cursor of the lead read is not one of VICIdial');
  return { list: Number(match[1]), leadId: Number(match[2]) };
}

function nextCursor(
  lists: readonly number[],
  list: number,
  isFull: boolean,
  last: Readonly<Record<string, string | null>> | undefined,
): string {
  if (isFull && last?.lead_id) return `full:${list}:${last.lead_id}`;
  const next = lists.find((each) => each > list);
  return next === undefined ? '' : `full:${next}:0`;
}
