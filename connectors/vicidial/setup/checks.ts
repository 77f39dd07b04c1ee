import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import type { Vicidial } from '../vicidial.ts';
import { apiChecks, askApi } from './checks/api-checks.ts';
import { campaignChecks } from './checks/campaign-checks.ts';
import { carrierChecks } from './checks/carrier-checks.ts';
import { clockChecks } from './checks/clock-checks.ts';
import { databaseChecks } from './checks/database-checks.ts';
import { entryChecks } from './checks/entry-checks.ts';
import { leadChecks } from './checks/lead-checks.ts';
import { legChecks } from './checks/leg-checks.ts';
import { listRightsCheck } from './checks/list-rights-check.ts';
import { remoteAgentChecks } from './checks/remote-agent-checks.ts';
import { resultChecks } from './checks/result-checks.ts';
import { siteChecks } from './checks/site-checks.ts';
import { trafficChecks } from './checks/traffic-checks.ts';
import { openSite } from './site-tables/site.ts';

/**
 * What the doctor asks of a VICIdial, in the order in which an admin sets it up. What one check has read the others of the
 * same run use. Without access to the tables those that need them are unknown, and say where to look by hand.
 */
export function checks(vicidial: Vicidial): Check[] {
  const { database } = vicidial;
  const run = { vicidial, site: database ? openSite(vicidial, database) : null };
  const asked = askApi(vicidial);
  const all = [
    ...databaseChecks(run),
    ...apiChecks(run, asked),
    ...clockChecks(run, asked),
    ...siteChecks(run, asked),
    ...campaignChecks(run),
    ...remoteAgentChecks(run),
    ...carrierChecks(run),
    ...entryChecks(run),
    ...legChecks(run),
    ...resultChecks(run),
    ...leadChecks(run, asked),
    listRightsCheck(run),
    ...trafficChecks(run),
  ];
  return all.map((check) => ({ ...check, run: async () => named(await check.run(), vicidial.id) }));
}

/** Commands are shown as they are typed for this instance. */
function named(result: CheckResult, id: string): CheckResult {
  return { ...result, ...(result.fix !== undefined && { fix: result.fix.replaceAll('<id>', id) }) };
}
