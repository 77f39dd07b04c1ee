import type { VicidialDatabase } from '../tables/database.ts';
import { readLeadsById } from '../tables/upcoming-leads.ts';
import type { Vicidial } from '../vicidial.ts';
import type { Judgement } from './judge-leads.ts';

const readMs = 30_000;

/**
 * Asks the gate about leads that VICIdial itself would dial: calling hours, consent, the scrub service. Nobody may insist
 * against it. Stops when so many are fit: a scrub service may cost money.
 */
export async function askGate(
  { id, config, deps }: Vicidial,
  database: VicidialDatabase,
  { fit, skipped }: Judgement,
  most: number,
): Promise<Judgement> {
  const leads = await readLeadsById({ id, config, database }, fit, AbortSignal.timeout(readMs));
  const byKey = new Map(leads.map((lead) => [lead.key, lead]));
  const judgement: Judgement = { fit: [], skipped: [...skipped] };
  for (const leadId of fit) {
    if (judgement.fit.length >= most) break;
    const lead = byKey.get(leadId);
    const refusal = lead ? await objectionTo(lead) : 'no usable number';
    if (refusal) judgement.skipped.push({ leadId, why: refusal, isForceable: false });
    else judgement.fit.push(leadId);
  }
  return judgement;

  async function objectionTo({ campaign, phones: [phone = ''], fields }: (typeof leads)[number]): Promise<string> {
    const { isAllowed, reason, evidence } = await deps.mayCall({ dialer: id, campaign, phone, fields });
    if (isAllowed) return '';
    return `${sentences[reason] ?? reason}${reason === 'outside_hours' ? `: ${evidence.local_time}` : ''}`;
  }
}

const sentences: Readonly<Record<string, string>> = {
  opt_out: 'opted out',
  outside_hours: 'outside of the calling hours of the gate',
  no_consent: 'without the consent that the campaign asks for',
  scrubbed: 'refused by the scrub service, or it gave no answer',
  paused: 'people in charge have paused the campaign: see `npx patchbay controls`',
  store_away: 'the store does not answer, so nobody knows who opted out',
};
