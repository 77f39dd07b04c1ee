import type { Call, CallRef } from '../domain/call.ts';
import { readCorrelationId } from '../domain/correlation-id.ts';
import type { MatchedBy } from '../domain/fact.ts';
import type { PlatformEvent } from '../domain/platform.ts';
import { answeredInbound, isAmbiguousNote } from './call-notes.ts';
import { callsByNumbers, type FoundCalls, isHandedTo, isSameName, withoutConversation } from './calls-by-numbers.ts';
import { callsOfLead } from './calls-of-lead.ts';
import type { Deps } from './deps.ts';
import { findCall, type NamesOfCall, refsFromVariables } from './find-call.ts';

export type Match =
  /** The event itself names the call: whether we know it yet or not. */
  | { kind: 'named'; by: MatchedBy; names: NamesOfCall }
  | { kind: 'found'; by: MatchedBy; call: Call }
  /** Its conversation was matched before. */
  | { kind: 'known'; call: Call }
  | { kind: 'none' }
  | { kind: 'ambiguous'; candidates: readonly Call[] };

/**
 * Which call a conversation is, the strongest mark first: our ID; a dialer's own name, or its lead; what we answered when
 * the platform asked about the call; both numbers and the time. Fails closed: never a guess between two, and no search by
 * numbers while the store can't say that there is no second one (docs/decisions/0016-how-a-conversation-finds-its-call.md).
 */
export async function matchEvent(deps: Deps, platform: string, event: PlatformEvent, budgetMs: number): Promise<Match> {
  const endsAt = performance.now() + budgetMs;
  // Each step may take all that is left: where one gets no answer, nothing is found anyway.
  const leftMs = () => Math.max(1, endsAt - performance.now());
  const told = event.variables.correlation_id ?? '';
  const names = refsFromVariables(deps, readCorrelationId(told) || told, event.variables);
  if (names.refs.length > 0) return { kind: 'named', by: isOwnId(names) ? 'correlation-id' : 'dialer-name', names };

  const [conversation = null] = event.refs;
  const known = conversation && (await findCall(deps, event.refs, leftMs()));
  if (known?.kind === 'found' && known.call.isRegistered) return { kind: 'known', call: known.call };
  if (known?.kind === 'away' || !event.startedAt) return { kind: 'none' };
  // A conversation that could once be two calls waits for a person, whatever becomes of the others.
  if (known?.kind === 'found') {
    const facts = await deps.gate.read(leftMs(), () => deps.store.factsOf(known.call.correlationId));
    if (facts.kind === 'away' || facts.value.some(({ body }) => isAmbiguousNote(body))) return { kind: 'none' };
  }

  const at = Date.parse(event.startedAt);
  const ofLead = await callsOfLead(deps, event.variables, at, leftMs());
  if (!ofLead.isSure) return { kind: 'none' };
  const numbers = numbersOf(deps, event);
  const handed = ofLead.calls.filter((call) => isHandedTo(deps, call, numbers.own));
  const led = await withoutConversation(deps, handed, conversation, leftMs());

  const found = await callsByNumbers(deps, { ...numbers, at }, leftMs());
  // By the number that was called alone it could be anybody's: then only what we answered counts.
  const ofBoth = numbers.own ? found.calls.filter(({ phone }) => phone === numbers.customer) : [];
  if (led.calls.length > 0) {
    // Two dialers may have a lead of one name: a number that is known as somebody else's speaks against it.
    const isBorneOut = ofBoth.length === 0 || led.calls.some(({ phone }) => phone === numbers.customer);
    const calls = isBorneOut ? led.calls : [...led.calls, ...ofBoth];
    return chosen(deps, { calls, isSure: led.isSure }, conversation, 'dialer-name');
  }
  const answered = await answeredInbound(deps, platform, { ...numbers, at }, found.calls, leftMs());
  if (answered.calls.length > 0) {
    const free = await withoutConversation(deps, answered.calls, conversation, leftMs());
    return chosen(deps, { ...free, isSure: free.isSure && answered.isSure }, conversation, 'inbound-call');
  }
  if (!found.isSure || !answered.isSure) return { kind: 'none' };
  const free = await withoutConversation(deps, ofBoth, conversation, leftMs());
  return chosen(deps, free, conversation, 'numbers');
}

/** The call is taken at once: another conversation that is matched meanwhile finds it so. */
function chosen(deps: Deps, { calls, isSure }: FoundCalls, conversation: CallRef | null, by: MatchedBy): Match {
  const [call, ...others] = calls;
  if (!call || !isSure) return { kind: 'none' };
  if (others.length > 0) return { kind: 'ambiguous', candidates: calls };
  const taken = deps.memory.conversationOf(call.correlationId);
  if (taken && !isSameName(taken, conversation)) return { kind: 'none' };
  if (conversation) deps.memory.rememberConversation(call.correlationId, conversation);
  return { kind: 'found', by, call };
}

function isOwnId({ refs }: NamesOfCall): boolean {
  return refs[0]?.kind === 'correlation';
}

/** Both numbers as E.164; empty where the platform wrote none that can be read. */
export function numbersOf(deps: Deps, { numbers }: Pick<PlatformEvent, 'numbers'>): { customer: string; own: string } {
  const country = [...deps.dialers.values()][0]?.settings.country ?? 'US';
  const read = (number: string) => (number ? deps.readPhone(number, country) : '');
  return { customer: read(numbers?.customer ?? ''), own: read(numbers?.own ?? '') };
}
