import type { Call } from '../domain/call.ts';
import type { Variables } from '../domain/connector.ts';
import { type FoundCalls, mostOfPhone } from './calls-by-numbers.ts';
import type { Deps } from './deps.ts';

const skewMs = 30_000;

/**
 * The registered calls of the lead that variables name by `lead_id`, and of one dialer where they say which by `dialer`.
 *
 * @param at when the conversation began (epoch ms)
 */
export async function callsOfLead(
  deps: Deps,
  { lead_id: leadKey = '', dialer: named = '' }: Variables,
  at: number,
  budgetMs: number,
): Promise<FoundCalls> {
  if (!leadKey) return { calls: [], isSure: true };
  const from = at - deps.settings.contextWindowMinutes * 60_000;
  const found = new Map<string, Call>();
  let isSure = true;
  for (const dialer of deps.dialers.keys()) {
    if (named && named !== dialer) continue;
    for (const call of deps.memory.callsOfLead(dialer, leadKey)) found.set(call.correlationId, call);
    const answer = await deps.gate.read(budgetMs / 2, () => storedCalls(deps, dialer, leadKey, from));
    if (answer.kind === 'away' || !answer.value.isWhole) isSure = false;
    if (answer.kind === 'answer') for (const call of answer.value.calls) found.set(call.correlationId, call);
  }
  const calls = [...found.values()].filter(({ registeredAt, route }) => {
    const registered = Date.parse(registeredAt);
    return route === 'ai' && registered >= from && registered <= at + skewMs;
  });
  return { calls, isSure };
}

/** A lead's calls are those of its numbers that were about this lead. */
async function storedCalls({ store }: Deps, dialer: string, leadKey: string, from: number) {
  const lead = await store.leadByKey(dialer, leadKey);
  const calls: Call[] = [];
  let isWhole = true;
  for (const phone of lead?.phones ?? []) {
    const ofPhone = await store.callsByPhone(phone, new Date(from).toISOString());
    isWhole = isWhole && ofPhone.length < mostOfPhone;
    for (const call of ofPhone) {
      if (call.dialer === dialer && call.leadKey === leadKey) calls.push(call);
    }
  }
  return { calls, isWhole };
}
