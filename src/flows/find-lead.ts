import type { CallSighting } from '../domain/call.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { Lead } from '../domain/lead.ts';
import type { Deps } from './deps.ts';

/**
 * Adds what a sighting lacks: from the lead that the connector holds, else the synced lead, else from the dialer itself,
 * within the budget. `isComplete` is
 * false when one of them was away, so that more may be known later.
 */
export async function completeSighting(
  deps: Deps,
  dialer: Dialer,
  sighting: CallSighting,
  budgetMs: number,
): Promise<{ sighting: CallSighting; isComplete: boolean }> {
  const stored = await findStoredLead(deps, dialer, sighting, budgetMs * 0.45);
  if (stored.lead) return { sighting: completeWithLead(sighting, stored.lead), isComplete: true };
  if (!dialer.findLead) return { sighting, isComplete: stored.isSure };
  try {
    const signal = AbortSignal.timeout(Math.max(1, Math.floor(budgetMs * 0.55)));
    // The signal ends the wait even when the connector does not heed it.
    const late = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the look-up took too long')), { once: true });
    });
    const lead = await Promise.race([dialer.findLead(sighting, signal), late]);
    if (!lead) return { sighting, isComplete: true };
    deps.memory.rememberLead(lead);
    return { sighting: completeWithLead(sighting, lead), isComplete: true };
  } catch (error) {
    deps.log.warn({ dialer: dialer.id, reason: messageOf(error) }, 'the lead could not be looked up in the dialer');
    return { sighting, isComplete: false };
  }
}

/** The synced lead of a call: by its key, else by its number when exactly one lead of the dialer has it. */
async function findStoredLead(
  deps: Deps,
  dialer: Dialer,
  { leg }: CallSighting,
  budgetMs: number,
): Promise<{ lead: Lead | null; isSure: boolean }> {
  if (leg.leadKey) {
    const answer = await deps.gate.read(budgetMs, () => deps.store.leadByKey(dialer.id, leg.leadKey));
    if (answer.kind === 'away') return { lead: deps.memory.lead(dialer.id, leg.leadKey) ?? null, isSure: false };
    if (answer.value) deps.memory.rememberLead(answer.value);
    return { lead: answer.value, isSure: true };
  }
  if (!leg.phone) return { lead: null, isSure: true };
  const answer = await deps.gate.read(budgetMs, () => deps.store.leadsByPhone(leg.phone, dialer.id));
  if (answer.kind === 'away') return { lead: null, isSure: false };
  const [first, ...others] = answer.value;
  return { lead: first && others.length === 0 ? first : null, isSure: true };
}

/** What the request says wins; the lead fills what it lacks. */
export function completeWithLead(sighting: CallSighting, lead: Lead): CallSighting {
  const { leg } = sighting;
  const fields = { ...lead.fields };
  for (const [name, value] of Object.entries(sighting.fields)) if (value) fields[name] = value;
  return {
    ...sighting,
    leg: {
      ...leg,
      leadKey: leg.leadKey || lead.key,
      campaign: leg.campaign || lead.campaign,
      list: leg.list || lead.list,
      phone: leg.phone || (lead.phones[0] ?? ''),
    },
    fields,
  };
}
