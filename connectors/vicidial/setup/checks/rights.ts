import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { ApiParameters } from '../../api/api.ts';
import { type ApiFunctionName, type ApiFunctionNeeds, apiFunctions, userRights } from '../../api/functions.ts';
import type { Vicidial } from '../../vicidial.ts';
import { baseUses } from '../snippets/api-user.ts';
import type { Fault, Findings } from './check-of.ts';

/** A lead that no site has: the highest key that the column can hold. */
export const noLead = '4294967295';
const noCode = 'V0101000000000000000';

/** Asks for every right that the real thing needs, and changes nothing. */
const probes: Partial<Record<ApiFunctionName, ApiParameters>> = {
  update_lead: { search_method: 'LEAD_ID', lead_id: noLead, no_update: 'Y' },
  update_log_entry: {},
  add_dnc_phone: { phone_number: '0', campaign_id: 'SYSTEM_INTERNAL' },
  ra_call_control: { agent_user: 'none', value: 'none', stage: 'none' },
  lead_all_info: { lead_id: noLead },
  lead_field_info: { lead_id: noLead, field_name: 'status' },
  lead_search: { phone_number: '0000000000', records: '1' },
  lead_callback_info: { lead_id: noLead },
  ccc_lead_info: { call_id: noCode },
  callid_info: { call_id: noCode },
  logged_in_agents: {},
  agent_status: { agent_user: 'none' },
  list_info: { list_id: '1' },
};

/** Without these another function is asked, or a campaign is not known: worth a warning. */
const dispensable: readonly string[] = ['lead_all_info', 'lead_search', 'ccc_lead_info', 'agent_status', 'list_info'];

interface Verdict {
  name: ApiFunctionName;
  said: 'may' | 'lacking' | 'not allowed' | 'no right';
}

/** Whether the API user may call every function that this site needs; what a release lacks is another check's. */
export async function lookAtRights(vicidial: Vicidial): Promise<Findings> {
  const uses = baseUses(vicidial.config);
  const verdicts: Verdict[] = [];
  // One at a time: the Agent API says the same for a wrong password and a missing right, and would not be asked again.
  for (const [name, parameters] of Object.entries(probes) as [ApiFunctionName, ApiParameters][]) {
    if (!uses.includes(needsOf(name).use)) continue;
    const isVain = name === 'ra_call_control' && !verdicts.some((each) => each.said === 'may' && hasAccess(each));
    if (!isVain) verdicts.push({ name, said: await probe(vicidial, name, parameters) });
  }

  const missing = verdicts.filter(({ said }) => said === 'not allowed' || said === 'no right');
  if (missing.length === 0) return { found: `all ${verdicts.length} functions may be called` };
  const fault: Fault = {
    found: missing.map(({ name, said }) => `${name}: ${said}`).join(', '),
    fix: fixFor(vicidial.config.api.user, verdicts),
    isWarning: missing.every(({ name }) => dispensable.includes(name)),
  };
  return { found: '', faults: [fault] };
}

function hasAccess({ name }: Verdict): boolean {
  return needsOf(name).rights.includes('vdc_agent_api_access');
}

async function probe({ api }: Vicidial, name: ApiFunctionName, parameters: ApiParameters): Promise<Verdict['said']> {
  try {
    const answer = await (name === 'ra_call_control' ? api.callAgent(name, parameters) : api.call(name, parameters));
    return answer.kind === 'noFunction' ? 'lacking' : 'may';
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError) || !thrown.message.includes('DOES NOT HAVE PERMISSION')) throw thrown;
    return thrown.message.includes('USE THIS FUNCTION') ? 'not allowed' : 'no right';
  }
}

function fixFor(user: string, verdicts: readonly Verdict[]): string {
  const named = (said: Verdict['said']) => verdicts.filter((each) => each.said === said).map(({ name }) => name);
  const steps = [
    [named('not allowed'), (names: string) => `add ${names} to "API Allowed Functions"`] as const,
    [missingRights(verdicts), (names: string) => `set ${names}`] as const,
  ];
  const said = steps.flatMap(([names, say]) => (names.length > 0 ? [say(names.join(', '))] : []));
  return `Admin → Users → ${user}: ${said.join('; ')}.`;
}

/**
 * VICIdial does not say which right is missing: one that no function proved which may be called. When all seem proven (a
 * release with other rules), all are named.
 */
function missingRights(verdicts: readonly Verdict[]): string[] {
  const may = verdicts.filter(({ said }) => said === 'may').map(({ name }) => needsOf(name));
  const denied = verdicts.filter(({ said }) => said === 'no right').map(({ name }) => needsOf(name));
  const proven = new Set(may.flatMap(({ rights }) => rights));
  const wanted = [...new Set(denied.flatMap(({ rights }) => rights))];
  const level = Math.max(0, ...denied.map((needs) => needs.level));
  const isLevelProven = may.some((needs) => needs.level >= level);
  const suspects = wanted.filter((right) => !proven.has(right));
  const isAnySuspect = suspects.length > 0 || !isLevelProven;
  return [
    ...(level > 0 && (!isLevelProven || !isAnySuspect) ? [`"User Level" to at least ${level}`] : []),
    ...(isAnySuspect ? suspects : wanted).map((right) => `"${userRights[right].label}" to ${userRights[right].value}`),
  ];
}

function needsOf(name: ApiFunctionName): ApiFunctionNeeds {
  return apiFunctions[name];
}
