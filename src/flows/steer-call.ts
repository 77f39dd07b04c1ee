import { setTimeout as wait } from 'node:timers/promises';
import type { CallRef } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import type { CallResult, ControlAnswer, LiveCallControl } from '../domain/dialer.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import type { Fact, Steered } from '../domain/fact.ts';
import type { Deps } from './deps.ts';
import { findCall } from './find-call.ts';
import type { LiveLeg } from './live-leg.ts';
import { recordFacts } from './record-facts.ts';

export interface Order {
  /** Names of the call, strongest first. */
  refs: readonly CallRef[];
  /** Who gives the order: an instance id, or `patchbay`. */
  source: string;
  act: Steered['act'];
  /** The dialer's own target; empty for its default, and for a hang-up. */
  to: string;
  result: CallResult;
  /** Key of the committed fact that this shall make true; empty when there is none. */
  commit: string;
}

/**
 * `unsure`: the dialer had not answered in time, and has the call on the AI's line still. `shadow`: it was sent nothing, for
 * the call runs in shadow.
 */
export type SteerResult = ControlAnswer | { kind: 'unsure' } | { kind: 'shadow' };

type Attempt = ControlAnswer | { kind: 'doubt' };

const lookMs = 500;
/** Longer than a dialer's request may take, so that nobody sends an order while another may still take effect. */
export const orderLastsMs = 20_000;
const lookAgainMs = 5_000;

/**
 * Has a dialer act on a live call, within the budget (of the machine's clock). One order of a kind at a time and call,
 * across processes. A time-out after sending is looked up in the dialer before anything is said; what became of the
 * order is kept as a fact, if need be after the answer.
 */
export async function steerCall(deps: Deps, live: LiveLeg, order: Order, budgetMs: number): Promise<SteerResult> {
  const { control } = live;
  if (!control) throw new Error(`the dialer ${live.dialer.id} can't act on live calls`);
  if (live.isShadow) {
    await conclude(deps, live, order, { kind: 'shadow' });
    return { kind: 'shadow' };
  }
  const endsAt = performance.now() + budgetMs;
  const lease = { name: `steer:${order.act}:${live.dialer.id}:${live.leg.callKey}`, holder: deps.newId() };
  const taken = await deps.gate.write(lookMs, () => deps.store.takeLease(lease.name, lease.holder, orderLastsMs));
  if (taken.kind === 'answer' && taken.value === null) return await resultOfOther(deps, order, endsAt);

  const attempt = tryOnce(deps, control, live, order);
  const first = await inTime(endsAt - lookMs - performance.now(), attempt);
  const known = first.kind === 'doubt' ? await look(control, live, order, endsAt - performance.now()) : first;
  if (known) {
    await conclude(deps, live, order, known);
    await release(deps, lease);
    return known;
  }
  void settleLater(deps, control, live, order, attempt).then(() => release(deps, lease));
  return { kind: 'unsure' };
}

/** Somebody is about the same order: what becomes of it is the answer here too. */
async function resultOfOther(deps: Deps, { refs, act, commit }: Order, endsAt: number): Promise<SteerResult> {
  while (performance.now() < endsAt) {
    await wait(100, undefined, { ref: false });
    const found = await findCall(deps, refs, lookMs);
    if (found.kind !== 'found') continue;
    const told = await deps.gate.read(lookMs, () => deps.store.factsOf(found.call.correlationId));
    const facts = told.kind === 'answer' ? told.value : [];
    for (const { body } of facts) {
      if (body.kind !== 'steered' || body.act !== act || body.commit !== commit) continue;
      return body.result === 'refused' ? { kind: 'refused', why: body.why, hint: '' } : { kind: body.result };
    }
  }
  return { kind: 'unsure' };
}

async function tryOnce(
  deps: Deps,
  control: LiveCallControl,
  { dialer, leg }: LiveLeg,
  { act, to, result }: Order,
): Promise<Attempt> {
  try {
    return act === 'transfer' ? await control.transfer(leg, to, result) : await control.hangUp(leg, result);
  } catch (error) {
    deps.log.warn(
      { dialer: dialer.id, act, reason: messageOf(error) },
      'the dialer could not be told to act on a call',
    );
    if (!(error instanceof ConnectorError) || error.inDoubt) return { kind: 'doubt' };
    return { kind: 'refused', why: error.message, hint: error.hint };
  }
}

/** `doubt` when the work takes longer. */
async function inTime<T>(ms: number, work: Promise<T>): Promise<T | { kind: 'doubt' }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ kind: 'doubt' }>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'doubt' }), Math.max(1, ms));
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Whether an order of unknown end took effect; null when it did not so far, or the dialer does not tell in time either. */
async function look(
  control: LiveCallControl,
  { leg }: LiveLeg,
  { result }: Order,
  ms: number,
): Promise<ControlAnswer | null> {
  const looking = control.look(leg, result).catch(() => 'here' as const);
  const seen = await inTime(
    ms,
    looking.then((kind) => ({ kind })),
  );
  return seen.kind === 'here' || seen.kind === 'doubt' ? null : { kind: seen.kind };
}

/** After the answer: waits for the dialer's own, else looks once more; an order that left no mark by then failed. */
async function settleLater(
  deps: Deps,
  control: LiveCallControl,
  live: LiveLeg,
  order: Order,
  attempt: Promise<Attempt>,
): Promise<void> {
  const answer = await attempt;
  if (answer.kind !== 'doubt') return await conclude(deps, live, order, answer);
  await deps.clock.sleep(lookAgainMs);
  try {
    const kind = await control.look(live.leg, order.result);
    await conclude(deps, live, order, kind === 'here' ? notCarriedOut : { kind });
  } catch (error) {
    deps.log.warn({ dialer: live.dialer.id, reason: messageOf(error) }, 'what became of an order is not known');
  }
}

const notCarriedOut = {
  kind: 'refused',
  why: 'the dialer did not carry it out in time',
  hint: "See the load and the logs of the dialer's web server.",
} as const;

async function conclude(
  deps: Deps,
  { dialer }: LiveLeg,
  order: Order,
  answer: ControlAnswer | { kind: 'shadow' },
): Promise<void> {
  const { act, to, commit, refs, source } = order;
  const why = answer.kind === 'refused' ? answer.why : '';
  if (answer.kind === 'refused') {
    deps.log.error(
      { dialer: dialer.id, act, reason: why, hint: answer.hint },
      'the dialer would not act on a live call',
    );
  }
  const fact: Fact = {
    refs,
    source,
    key: `steered:${act}:${commit}:${answer.kind}`,
    at: instantOf(deps.clock),
    body: { kind: 'steered', dialer: dialer.id, act, to, result: answer.kind, why, commit },
  };
  try {
    await recordFacts(deps, [fact], { budgetMs: 1000 });
  } catch (error) {
    // The customer is where the order put them: the agent must hear that, kept or not.
    deps.log.error({ dialer: dialer.id, act, reason: messageOf(error) }, 'what became of an order could not be kept');
  }
}

async function release(deps: Deps, lease: { name: string; holder: string }): Promise<void> {
  await deps.gate.write(lookMs, () => deps.store.releaseLease(lease.name, lease.holder)).catch(() => undefined);
}
