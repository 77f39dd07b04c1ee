import type { Dialer } from '../domain/dialer.ts';
import type { Deps } from './deps.ts';

/** Milliseconds for the store: the platform keeps the customer ringing meanwhile. */
const budgetMs = 600;

/**
 * What to tell the agent about a call that comes in: the correlation ID and lead fields of the one registered call of
 * that number which has no outcome yet. Two candidates: none is chosen. Never rejects.
 *
 * @param phone the calling number as E.164, empty when it can't be read
 */
export async function answerInboundCall(deps: Deps, phone: string): Promise<Record<string, string>> {
  if (!phone) return {};
  const since = new Date(deps.clock.now() - deps.settings.contextWindowMinutes * 60_000).toISOString();
  const answer = await deps.gate.read(budgetMs, () => deps.store.callsByPhone(phone, since));
  if (answer.kind === 'away') return {};
  const open = answer.value.filter((call) => call.outcome === null);
  const [call, ...others] = open;
  if (!call) return {};
  if (others.length > 0) {
    deps.log.warn(
      { number: deps.hashNumber(phone), candidates: open.length },
      'an inbound call fits several registered calls',
    );
    return {};
  }
  const dialer: Dialer | undefined = deps.dialers.get(call.dialer);
  const lead = call.leadKey
    ? await deps.gate.read(budgetMs / 3, () => deps.store.leadByKey(call.dialer, call.leadKey))
    : { kind: 'away' as const, why: '' };
  const fields = lead.kind === 'answer' && lead.value ? lead.value.fields : {};
  const variables: Record<string, string> = { correlation_id: call.correlationId };
  for (const { name, from } of dialer?.settings.headers ?? []) {
    const value = from === 'lead_id' ? call.leadKey : (fields[from] ?? '');
    if (value) variables[name.slice(2).toLowerCase().replaceAll('-', '_')] = value;
  }
  return { ...variables, correlation_id: call.correlationId };
}
