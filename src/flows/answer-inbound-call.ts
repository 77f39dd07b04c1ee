import type { Call } from '../domain/call.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { Deps } from './deps.ts';
import { isOver } from './read-outcome.ts';

/** Milliseconds for the store: the platform keeps the customer ringing meanwhile. */
const budgetMs = 600;
/** A call is handed to the AI's number within seconds after it was registered. */
const transferWindowMs = 2 * 60_000;

/**
 * What to tell the agent about a call that comes in: the correlation ID and lead fields of the one registered call that
 * it can be. By the customer's number; when the dialer shows its own number instead, by the number that was called. Two
 * candidates: none is chosen. Never rejects.
 *
 * @param from the calling number as E.164, empty when it can't be read
 * @param to the called number as E.164, empty when it can't be read
 */
export async function answerInboundCall(deps: Deps, from: string, to = ''): Promise<Record<string, string>> {
  const ofNumber = from ? await callsOf(deps, from) : [];
  if (ofNumber === 'unknown') return {};
  // Who called or was called lately shows a number of their own: then the number that was called tells of somebody else.
  const open =
    ofNumber.length > 0 || !to ? ofNumber.filter((each) => mayBeWithAi(deps, each)) : await callsHandedTo(deps, to);
  const [call, ...others] = open;
  if (!call) return {};
  if (others.length > 0) {
    deps.log.warn(
      { number: deps.hashNumber(from), candidates: open.length },
      'an inbound call fits several registered calls',
    );
    return {};
  }
  return tellOf(deps, call);
}

async function callsOf(deps: Deps, phone: string): Promise<Call[] | 'unknown'> {
  const since = new Date(deps.clock.now() - deps.settings.contextWindowMinutes * 60_000).toISOString();
  const answer = await deps.gate.read(budgetMs / 2, () => deps.store.callsByPhone(phone, since));
  return answer.kind === 'answer' ? answer.value : 'unknown';
}

/** Not one that was refused at the gate: it never reaches the AI. */
function mayBeWithAi(deps: Deps, call: Call): boolean {
  return call.outcome === null && call.route === 'ai' && !isOver(deps, call);
}

/** Calls of the campaigns that hand over to a number of the AI, and with which it has not begun to talk. */
async function callsHandedTo(deps: Deps, to: string): Promise<Call[]> {
  // What is in the spool the store does not know yet: one call alone may have a second beside it.
  if (deps.spool.size() > 0) return [];
  const since = new Date(deps.clock.now() - transferWindowMs).toISOString();
  const answer = await deps.gate.read(budgetMs / 2, async () => {
    const waiting: Call[] = [];
    for (const { id: dialer, campaignsHandingTo } of deps.dialers.values()) {
      for (const campaign of campaignsHandingTo?.(to) ?? []) {
        for (const call of await deps.store.openCalls({ dialer, campaign, since })) {
          const facts = await deps.store.factsOf(call.correlationId);
          if (call.route === 'ai' && !facts.some(({ body }) => body.kind === 'started')) waiting.push(call);
          if (waiting.length > 1) return waiting;
        }
      }
    }
    return waiting;
  });
  return answer.kind === 'answer' ? answer.value : [];
}

async function tellOf(deps: Deps, call: Call): Promise<Record<string, string>> {
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
