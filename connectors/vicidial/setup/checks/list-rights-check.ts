import type { Check } from '../../../../src/domain/connector.ts';
import { findLine } from '../../api/api-answer.ts';
import type { Vicidial } from '../../vicidial.ts';
import type { Site } from '../site-tables/site.ts';
import { type CheckRun, checkOf, type Fault, type Findings } from './check-of.ts';

/** A user whose lists are restricted writes only to those of its user group's campaigns: asked with a lead of each list. */
export function listRightsCheck({ vicidial, site }: CheckRun): Check {
  const plan = {
    id: 'api.lists',
    title: 'The API user may write to the leads of the lists',
    looksAt: 'Non-Agent API: update_lead with no_update of one lead of each list',
    needs: ['api.rights', 'list.active'],
    why: 'Results of leads in other lists are refused, one by one.',
  };
  return checkOf(plan, async () => {
    if (site) return lookAtLists(vicidial, site);
    return { found: 'not used: without the tables list.active asks for each list by the API, under the same rule' };
  });
}

/** A site may have lists by the hundred; what holds for these holds for most. */
const mostAsked = 20;

async function lookAtLists({ api, config }: Vicidial, site: Site): Promise<Findings> {
  const faults: Fault[] = [];
  const asked: string[] = [];
  const lists = (await site.lists()).filter(({ active }) => active);
  for (const { list_id: list, campaign_id: campaign } of lists.slice(0, mostAsked)) {
    const lead = await site.traffic.someLead(list);
    if (!lead) continue;
    asked.push(list);
    const answer = await api.call('update_lead', { search_method: 'LEAD_ID', lead_id: lead, no_update: 'Y' });
    if (!findLine(answer, 'error', 'NOT AN ALLOWED LIST ID')) continue;
    const fix = `Admin → User Groups → the group of ${config.api.user} → Allowed Campaigns: ${campaign} too.`;
    faults.push({ found: `list ${list} of ${campaign} is refused`, fix });
  }
  return { found: asked.length > 0 ? `lists ${asked.join(', ')}` : 'no list has a lead yet', faults };
}
