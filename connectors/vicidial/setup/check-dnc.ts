import type { CheckResult } from '../../../src/domain/connector.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import { DncUseRow } from '../tables/schema.ts';
import type { Vicidial } from '../vicidial.ts';

/**
 * Whether active campaigns heed a DNC list that opt-outs go to. VICIdial's default is that they heed none: the number would
 * be listed, and dialled all the same.
 */
export async function checkDnc({ config }: Pick<Vicidial, 'config'>, database: VicidialDatabase): Promise<CheckResult> {
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
  if (deaf.length === 0) return { status: 'ok', found: `all ${campaigns.length} active campaigns heed the lists` };
  return {
    status: 'fail',
    found: `active campaigns that heed no DNC list with the opt-outs: ${deaf.map(({ campaign_id }) => campaign_id).join(', ')}`,
    why: 'Somebody who opted out is listed, and a lead of theirs that is still dialable is dialled all the same.',
    fix: `Set ${system ? '"Use Internal DNC List"' : '"Use Campaign DNC List"'} to Y in each (Admin, Campaigns, Detail).`,
  };
}
