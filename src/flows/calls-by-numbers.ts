import type { Call, CallRef } from '../domain/call.ts';
import type { Span } from './call-index.ts';
import type { Deps } from './deps.ts';
import { isOver } from './read-outcome.ts';

export interface NumbersOfCall {
  /** Of both sides, as E.164; empty when not known. */
  customer: string;
  own: string;
  /** When the AI's conversation began, or is about to (epoch ms). */
  at: number;
  /** Only calls that nothing has been decided about: what is about to begin. (Default: all) */
  isWaiting?: boolean;
}

export interface FoundCalls {
  calls: Call[];
  /** False when there may be others: only memory could be asked, or the store gave as many as it gives at most. */
  isSure: boolean;
}

/** A call is handed to the AI's number within seconds after it was registered. */
const transferWindowMs = 2 * 60_000;
/** How far a platform's clock may be behind ours. */
const skewMs = 30_000;
/** Calls of a number, and of a campaign, that the store gives at most. */
export const mostOfPhone = 10;
const mostOfCampaign = 50;
/** Beyond so many candidates nothing is chosen anyway. */
const mostRemembered = 10;

/**
 * The registered calls that a conversation between these numbers can be. By the customer's number; when the dialer shows
 * its own number instead, by the number that was called. What memory holds counts beside what the store holds.
 */
export async function callsByNumbers(deps: Deps, told: NumbersOfCall, budgetMs: number): Promise<FoundCalls> {
  const { customer, own } = told;
  const ofCustomer = customer ? await callsOfPhone(deps, told, budgetMs / 2) : { calls: [], isSure: true };
  // Who called or was called lately shows a number of their own: then the number that was called tells of somebody else.
  if (ofCustomer.calls.length > 0 || !ofCustomer.isSure || !own) {
    return { ...ofCustomer, calls: ofCustomer.calls.filter((call) => fits(deps, call, told)) };
  }
  const handed = await callsHandedTo(deps, told, budgetMs / 2);
  return { ...handed, calls: handed.calls.filter((call) => fits(deps, call, told)) };
}

/**
 * Those that are with no conversation of a platform, or with this one; where that can't be told they stay, and it is not
 * sure. Looks no further than for so many. (Default: 10)
 */
export async function withoutConversation(
  deps: Deps,
  calls: readonly Call[],
  conversation: CallRef | null,
  budgetMs: number,
  most = 10,
): Promise<FoundCalls> {
  const endsAt = performance.now() + budgetMs;
  const free: Call[] = [];
  let isSure = true;
  for (const call of calls) {
    if (free.length >= most) break;
    const leftMs = Math.max(1, endsAt - performance.now());
    const taken = await isTaken(deps, call, conversation, leftMs);
    if (taken === 'unknown') isSure = false;
    if (taken !== true) free.push(call);
  }
  return { calls: free, isSure };
}

async function isTaken(
  deps: Deps,
  { correlationId }: Call,
  own: CallRef | null,
  budgetMs: number,
): Promise<boolean | 'unknown'> {
  const isOther = (ref: CallRef) => !isSameName(ref, own);
  const remembered = deps.memory.conversationOf(correlationId);
  if (remembered) return isOther(remembered);
  const answer = await deps.gate.read(budgetMs, async () => {
    const conversations = (await deps.store.refsOf(correlationId)).filter((ref) => deps.platforms.has(ref.instance));
    if (conversations.length > 0) return conversations.every(isOther);
    const facts = await deps.store.factsOf(correlationId);
    return facts.some(({ body }) => body.kind === 'started' || body.kind === 'ended');
  });
  return answer.kind === 'answer' ? answer.value : 'unknown';
}

/** True when both are one name that a platform has for a conversation. */
export function isSameName(one: CallRef, other: CallRef | null): boolean {
  return one.instance === other?.instance && one.key === other.key;
}

async function callsOfPhone(deps: Deps, told: NumbersOfCall, budgetMs: number): Promise<FoundCalls> {
  const { customer, at } = told;
  const window = { from: at - deps.settings.contextWindowMinutes * 60_000, to: at + skewMs };
  const since = new Date(window.from).toISOString();
  const answer = await deps.gate.read(budgetMs, () => deps.store.callsByPhone(customer, since));
  const remembered = deps.memory.callsOfPhone(customer).filter((call) => isWithin(call, window));
  if (answer.kind === 'away') return { calls: remembered, isSure: false };
  const calls = await withRemembered(deps, answer.value, remembered, budgetMs);
  const isSure = answer.value.length < mostOfPhone && deps.spool.size() === 0;
  return { calls: calls.filter((call) => isWithin(call, window)), isSure };
}

/** Calls of the campaigns that hand over to a number of the AI. */
async function callsHandedTo(deps: Deps, told: NumbersOfCall, budgetMs: number): Promise<FoundCalls> {
  const { own, at, isWaiting } = told;
  // What another run left in the spool the store does not know yet: one call alone may have a second beside it.
  if (deps.spool.size() > 0) return { calls: [], isSure: false };
  const window = { from: at - transferWindowMs, to: at + skewMs };
  const since = new Date(window.from).toISOString();
  const remembered: Call[] = [];
  const answer = await deps.gate.read(budgetMs, async () => {
    const stored: Call[] = [];
    let isWhole = true;
    for (const { id: dialer, campaignsHandingTo } of deps.dialers.values()) {
      for (const campaign of campaignsHandingTo?.(own) ?? []) {
        remembered.push(...deps.memory.callsOfCampaign(dialer, campaign, window));
        const read = isWaiting ? deps.store.openCalls : deps.store.callsOfCampaign;
        const calls = await read({ dialer, campaign, since });
        stored.push(...calls);
        isWhole = isWhole && calls.length < mostOfCampaign;
      }
    }
    return { stored, isWhole };
  });
  if (answer.kind === 'away') return { calls: [], isSure: false };
  const { stored, isWhole } = answer.value;
  const fitting = remembered.filter((call) => fits(deps, call, told) && isWithin(call, window));
  const calls = await withRemembered(deps, stored, fitting, budgetMs);
  return { calls: calls.filter((call) => isWithin(call, window)), isSure: isWhole };
}

/** A call that memory has under another name of it counts once. */
async function withRemembered(deps: Deps, stored: readonly Call[], remembered: readonly Call[], budgetMs: number) {
  const endsAt = performance.now() + budgetMs;
  const calls = new Map(stored.map((call) => [call.correlationId, call]));
  const others = remembered.filter(({ correlationId }) => !calls.has(correlationId)).slice(0, mostRemembered);
  for (const call of others) {
    const leftMs = Math.max(1, endsAt - performance.now());
    const answer = await deps.gate.read(leftMs, () => deps.store.callById(call.correlationId));
    const known = (answer.kind === 'answer' && answer.value) || call;
    if (!calls.has(known.correlationId)) calls.set(known.correlationId, known);
  }
  return [...calls.values()];
}

function isWithin({ registeredAt }: Call, { from, to }: Span): boolean {
  const at = Date.parse(registeredAt);
  return at >= from && at <= to;
}

/** Not one that was refused at the gate: it never reaches the AI. */
function fits(deps: Deps, call: Call, { own, isWaiting }: NumbersOfCall): boolean {
  if (!call.isRegistered || call.route !== 'ai') return false;
  const outcome = call.outcome ?? deps.memory.call(call.correlationId)?.outcome ?? null;
  if (isWaiting && (outcome !== null || isOver(deps, call))) return false;
  return isHandedTo(deps, call, own);
}

/** A number that campaigns are known to hand over to tells of their calls only. */
export function isHandedTo(deps: Deps, call: Call, own: string): boolean {
  if (!own) return true;
  let isListed = false;
  for (const { id, campaignsHandingTo } of deps.dialers.values()) {
    const campaigns = campaignsHandingTo?.(own) ?? [];
    if (id === call.dialer && campaigns.includes(call.campaign)) return true;
    if (campaigns.length > 0) isListed = true;
  }
  return !isListed;
}
