import { leadPhone } from '../phones.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import type { Vicidial } from '../vicidial.ts';
import {
  alternatePhones,
  type DialableLead,
  dialStatusesOf,
  dncListings,
  leadsInHopper,
  leadsOnACall,
} from './dialable-leads.ts';

/** A lead that is not pushed. `isForceable`: the operator may insist. */
export interface SkippedLead {
  leadId: string;
  why: string;
  isForceable: boolean;
}

export interface Judgement {
  fit: string[];
  skipped: SkippedLead[];
}

/**
 * Says which leads may go into the hopper. The API itself takes any: people who opted out, who talked already, whose
 * status is no dial status. Opt-outs, DNC and live calls stay out whatever the operator says.
 */
export async function judgeLeads(
  vicidial: Vicidial,
  database: VicidialDatabase,
  leads: readonly DialableLead[],
  isForced: boolean,
): Promise<Judgement> {
  if (leads.length === 0) return { fit: [], skipped: [] };
  const leadIds = leads.map((lead) => lead.lead_id);
  const campaigns = [...new Set(leads.map((lead) => lead.campaign_id).filter(Boolean))];
  const alternates = Map.groupBy(await alternatePhones(database, leadIds), (row) => row.lead_id);
  const numbersOf = (lead: DialableLead) => {
    const more = (alternates.get(lead.lead_id) ?? []).map((row) => [
      row.phone_code || lead.phone_code,
      row.phone_number,
    ]);
    const own = [lead.phone_number, lead.alt_phone].map((number) => [lead.phone_code, number]);
    return [...own, ...more].flatMap(([code = '', number = '']) => (number ? [{ code, number }] : []));
  };
  const [statuses, dnc, hopper, live] = await Promise.all([
    dialStatusesOf(database, campaigns),
    dncListings(database, [...new Set(leads.flatMap((lead) => numbersOf(lead).map(({ number }) => number)))]),
    leadsInHopper(database, leadIds),
    leadsOnACall(database),
  ]);

  async function optedOut(lead: DialableLead): Promise<boolean> {
    for (const { code, number } of numbersOf(lead)) {
      const phone = leadPhone(code, number, vicidial.config.country);
      if (phone && (await vicidial.deps.isOptedOut(phone))) return true;
    }
    return false;
  }

  function onDncList(lead: DialableLead): boolean {
    return numbersOf(lead).some(
      ({ number }) => dnc.system.has(number) || dnc.campaigns.get(number)?.includes(lead.campaign_id),
    );
  }

  /** What speaks against it, the gravest first; null when nothing does. */
  async function objection(lead: DialableLead): Promise<Omit<SkippedLead, 'leadId'> | null> {
    const never = (why: string) => ({ why, isForceable: false });
    const unlessForced = (why: string) => ({ why, isForceable: true });
    if (await optedOut(lead)) return never('opted out');
    if (onDncList(lead)) return never('on a DNC list');
    if (live.has(lead.lead_id)) return never('on a call now');
    if (hopper.has(lead.lead_id)) return never('in the hopper already');
    const dialled = statuses.get(lead.campaign_id);
    if (!dialled) return never('its list belongs to no campaign');
    if (!dialled.includes(lead.status)) {
      const isHuman = await vicidial.lines.isHuman(lead.user, '');
      const by = isHuman ? `, set by ${lead.user}` : '';
      return unlessForced(`status ${lead.status}${by} is no dial status of campaign ${lead.campaign_id}`);
    }
    if (lead.called !== 'N') return unlessForced('called since the last reset of its list');
    return null;
  }

  const judgement: Judgement = { fit: [], skipped: [] };
  for (const lead of leads) {
    const against = await objection(lead);
    if (!against || (against.isForceable && isForced)) judgement.fit.push(lead.lead_id);
    else judgement.skipped.push({ leadId: lead.lead_id, ...against });
  }
  return judgement;
}
