import type { SiteReads } from '../reads.ts';
import { CampaignRow, InGroupRow, StatusRow } from './schema.ts';
import type { TableReading } from './table-reads.ts';

/** Reads what a site has set up; all of these tables are small. */
export function siteReads({ database }: TableReading): SiteReads {
  return {
    async statuses() {
      // Flags came in over the years, so whatever columns the release has are taken.
      const [system, own] = await Promise.all([
        database.select(StatusRow, 'SELECT * FROM vicidial_statuses', []),
        database.select(StatusRow, 'SELECT * FROM vicidial_campaign_statuses', []),
      ]);
      return [...system, ...own];
    },
    campaigns: () => database.select(CampaignRow, 'SELECT campaign_id, dial_statuses FROM vicidial_campaigns', []),
    async inGroups() {
      const rows = await database.select(InGroupRow, 'SELECT group_id FROM vicidial_inbound_groups', []);
      return rows.map((row) => row.group_id);
    },
  };
}
