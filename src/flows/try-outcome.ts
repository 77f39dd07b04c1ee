import type { Leg } from '../domain/call.ts';
import type { StoredFact } from '../domain/fact.ts';
import { decideOutcome, type Outcome } from '../domain/outcome.ts';
import { type PlanRules, planWriteBacks } from '../domain/plan-write-backs.ts';
import type { WantedWriteBack } from '../domain/write-back.ts';

export interface TriedOutcome {
  /** Null when nothing decides. */
  outcome: Outcome | null;
  /** What each dialer and campaign would be told if the call had been theirs. */
  dialers: readonly { dialer: string; campaign: string; writeBacks: readonly WantedWriteBack[] }[];
}

export interface OutcomeToTry {
  facts: readonly StoredFact[];
  rules: PlanRules;
  /** Only this dialer, only this campaign. (Default: each that is configured) */
  dialer?: string | undefined;
  campaign?: string | undefined;
}

/**
 * What facts end in, without store and network. Facts that bring a leg that is meant are planned for their own legs; for
 * others the call is thought to have been each dialer's in turn.
 */
export function tryOutcome({ facts, rules, dialer, campaign }: OutcomeToTry): TriedOutcome {
  const outcome = decideOutcome(facts);
  const isMeant = (leg: Leg) => leg.dialer === (dialer ?? leg.dialer) && leg.campaign === (campaign ?? leg.campaign);
  const isOwn = facts.some(({ body }) => body.kind === 'registered' && isMeant(body.leg));
  if (isOwn) {
    const planned = planWriteBacks(madeUpId, facts, outcome, rules);
    const wanted = planned.filter((wish) => dialer === undefined || wish.dialer === dialer);
    const byDialer = Map.groupBy(wanted, (wish) => `${wish.dialer} ${wish.target.campaign}`);
    return { outcome, dialers: [...byDialer.values()].map(groupOf) };
  }
  const others = facts.filter(({ body }) => body.kind !== 'registered');
  const legs = legsToTry(rules, others, dialer, campaign);
  return {
    outcome,
    dialers: legs.map((leg) => ({
      dialer: leg.dialer,
      campaign: leg.campaign,
      writeBacks: planWriteBacks(madeUpId, [registration(leg), ...others], outcome, rules).filter(
        // Another dialer is told of an opt-out as of a call of its own; a disposition goes to it only by the mirror.
        (wish) => wish.dialer === leg.dialer || wish.desired.aspect === 'disposition',
      ),
    })),
  };
}

const madeUpId = '0123456789abcd';

function groupOf(writeBacks: readonly WantedWriteBack[]): TriedOutcome['dialers'][number] {
  const [first] = writeBacks;
  return { dialer: first?.dialer ?? '', campaign: first?.target.campaign ?? '', writeBacks };
}

function legsToTry(
  rules: PlanRules,
  facts: readonly StoredFact[],
  dialer: string | undefined,
  campaign: string | undefined,
): Leg[] {
  const calledAt = facts.map(({ at }) => at).sort()[0] ?? '';
  return Object.entries(rules.dialers)
    .filter(([id]) => dialer === undefined || id === dialer)
    .flatMap(([id, plan]) =>
      (campaign === undefined ? Object.keys(plan.campaigns) : [campaign]).map((name) => ({ id, name })),
    )
    .map(({ id, name }) => ({
      ...{ dialer: id, callKey: 'tried', campaign: name, list: '', leadKey: '1', agent: '', calledAt },
      ...{ number: '2025550142', phone: '+12025550142' },
    }));
}

function registration(leg: Leg): StoredFact {
  return {
    ...{ correlationId: madeUpId, source: leg.dialer, key: 'registered', at: leg.calledAt, receivedAt: leg.calledAt },
    body: { kind: 'registered', leg, via: 'register', route: 'ai', reason: '', fields: {} },
  };
}
