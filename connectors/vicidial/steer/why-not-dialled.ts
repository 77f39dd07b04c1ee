import type { Lead } from '../../../src/domain/lead.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import type { Vicidial } from '../vicidial.ts';
import { leadsAtOnce, leadsById } from './dialable-leads.ts';
import { judgeLeads } from './judge-leads.ts';

/** Leads that VICIdial itself would not dial, with the reason; those that are missing it would. */
export async function whyNotDialled(
  vicidial: Vicidial,
  database: VicidialDatabase,
  leads: readonly Lead[],
): Promise<Map<string, string>> {
  const keys = leads.map(({ key }) => key).filter((key) => /^[1-9]\d*$/.test(key));
  const reasons = new Map(leads.map(({ key }) => [key, 'not among the leads of VICIdial any more']));
  for (let start = 0; start < keys.length; start += leadsAtOnce) {
    const rows = await leadsById(database, keys.slice(start, start + leadsAtOnce));
    const { fit, skipped } = await judgeLeads(vicidial, database, rows, false);
    for (const key of fit) reasons.delete(key);
    for (const { leadId, why } of skipped) reasons.set(leadId, why);
  }
  return reasons;
}
