import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { TableReading } from '../tables/table-reads.ts';

/** Which lists are read, and whose campaign each list is. */
export interface Lists {
  wanted: readonly number[];
  campaignOf: ReadonlyMap<string, string>;
  /** A short hash of `wanted`. */
  mark: string;
}

const ListRow = z.object({
  list_id: z.string().regex(/^\d+$/),
  campaign_id: z.string().nullable(),
  active: z.string().nullable(),
});

/** vicidial_lists is small: one row for each list. */
export async function readLists({ config, database }: TableReading, signal: AbortSignal): Promise<Lists> {
  const { lists, campaigns } = config.sync;
  const rows = await database.select(ListRow, 'SELECT list_id, campaign_id, active FROM vicidial_lists', [], signal);
  const byCampaign = lists.length === 0 || campaigns.length > 0;
  const ofCampaigns = rows.filter(
    ({ active, campaign_id }) =>
      byCampaign && active === 'Y' && (campaigns.length === 0 || campaigns.includes(campaign_id ?? '')),
  );
  const wanted = [...new Set([...lists, ...ofCampaigns.map((row) => Number(row.list_id))])].sort((a, b) => a - b);
  return {
    wanted,
    campaignOf: new Map(rows.map((row) => [row.list_id, row.campaign_id ?? ''])),
    mark: createHash('sha256').update(wanted.join(' ')).digest('hex').slice(0, 16),
  };
}
