import type { VicidialDatabase } from '../../tables/database.ts';
import { DncUseRow } from '../../tables/schema.ts';
import type { Vicidial } from '../../vicidial.ts';
import type { Findings } from './check-of.ts';

/**
 * Whether active campaigns heed a DNC list that opt-outs go to. VICIdial's default is that they heed none: the number would
 * be listed, and dialled all the same. A campaign that is none of ours may have its reasons: that is a warning.
 */
export async function lookAtDnc(
  { config }: Pick<Vicidial, 'config'>,
  database: VicidialDatabase,
  ours: readonly string[] = [],
): Promise<Findings> {
  const { system, campaigns: listed } = config.dnc;
  const campaigns = await database.select(
    DncUseRow,
    "SELECT campaign_id, use_internal_dnc, use_campaign_dnc FROM vicidial_campaigns WHERE active = 'Y' ORDER BY campaign_id",
    [],
  );
  const deaf = campaigns.filter(({ campaign_id, use_internal_dnc, use_campaign_dnc }) => {
    const isHeeded = (system && use_internal_dnc) || (listed.includes(campaign_id) && use_campaign_dnc);
    return !isHeeded;
  });
  const field = system ? 'Use Internal DNC List' : 'Use Campaign DNC List';
  const faults = deaf.map(({ campaign_id }) => ({
    found: `active campaign ${campaign_id} heeds no DNC list with the opt-outs`,
    fix: `Admin → Campaigns → ${campaign_id} → Detail → ${field}: Y`,
    isWarning: !ours.includes(campaign_id),
  }));
  return { found: `all ${campaigns.length} active campaigns heed the lists`, faults };
}
