import type { Instant, Leg } from './call.ts';
import type { StoredFact } from './fact.ts';
import { firstLegs } from './legs.ts';
import type { Outcome } from './outcome.ts';
import type { Aspect, Desired, WantedWriteBack, WriteBackTarget } from './write-back.ts';

/** The part of the configuration that decides what dialers must hold. Plain data: it travels to the store's thread. */
export interface PlanRules {
  dialers: Readonly<Record<string, DialerPlan>>;
  /** How long a technical end (hung up, no answer) waits for a better word. */
  technicalEndWaitSec: number;
  /** How long an outcome that sends the customer to a human waits for that human's own disposition. */
  humanWaitSec: number;
  /** Outcomes after which a human takes over. */
  handOverOutcomes: readonly string[];
}

export interface DialerPlan {
  aspects: readonly Aspect[];
  /** By campaign name; `*` stands for every other campaign. */
  campaigns: Readonly<Record<string, CampaignPlan>>;
}

export interface CampaignPlan {
  /** Outcome code → the dialer's disposition. */
  dispositions: Readonly<Record<string, string>>;
  /** The dialer's field → what goes in: `outcome`, `summary`, `correlation_id`, `recording_url`, or a field of the outcome. */
  fields: Readonly<Record<string, string>>;
  /** Also write the mapped disposition to this dialer's record of the number. */
  mirror?: { dialer: string; campaign: string };
}

type PlanFact = Pick<StoredFact, 'at' | 'body'>;

/** What every dialer should hold for a call, from its facts and outcome. Pure: same input, same plan. */
export function planWriteBacks(
  correlationId: string,
  facts: readonly PlanFact[],
  outcome: Outcome | null,
  rules: PlanRules,
): WantedWriteBack[] {
  if (!outcome) return [];
  const wanted: WantedWriteBack[] = [];
  const legs = firstLegs(facts);
  for (const leg of legs) {
    const dialer = rules.dialers[leg.dialer];
    if (!dialer) continue;
    const campaign = campaignPlan(dialer, leg.campaign);
    const target = targetOf(leg);
    wanted.push(...planLeg(correlationId, facts, outcome, rules, { dialer, campaign, leg, target }));

    const mirror = campaign?.mirror;
    const mirrored = mirror && rules.dialers[mirror.dialer];
    if (
      mirror &&
      mirrored?.aspects.includes('disposition') &&
      leg.phone &&
      !legs.some((other) => other.dialer === mirror.dialer)
    ) {
      const mirrorTarget = { ...target, campaign: mirror.campaign, list: '', leadKey: '', callKey: '', agent: '' };
      const row = planDisposition(
        facts,
        outcome,
        rules,
        mirror.dialer,
        campaignPlan(mirrored, mirror.campaign),
        mirrorTarget,
      );
      if (row) wanted.push(row);
    }
  }
  if (outcome.optedOutAt) wanted.push(...planOptOut(legs, rules));
  return wanted;
}

interface LegPlan {
  dialer: DialerPlan;
  campaign: CampaignPlan | undefined;
  leg: Leg;
  target: WriteBackTarget;
}

function planLeg(
  correlationId: string,
  facts: readonly PlanFact[],
  outcome: Outcome,
  rules: PlanRules,
  plan: LegPlan,
): WantedWriteBack[] {
  const { leg, target, dialer, campaign } = plan;
  const wanted: WantedWriteBack[] = [];

  if (dialer.aspects.includes('disposition')) {
    const row = planDisposition(facts, outcome, rules, leg.dialer, campaign, target);
    if (row) wanted.push(row);
  }
  const isHuman = lastHuman(facts, leg.dialer) !== undefined && outcome.basis !== 'operator';
  if (dialer.aspects.includes('callback') && outcome.code === 'callback' && outcome.callbackAt && !isHuman) {
    wanted.push({
      dialer: leg.dialer,
      target,
      desired: { aspect: 'callback', at: outcome.callbackAt, note: outcome.summary },
    });
  }
  const fields = fieldValues(correlationId, outcome, campaign?.fields ?? {});
  if (dialer.aspects.includes('fields') && Object.keys(fields).length > 0) {
    const notBefore = waitOf(outcome, rules);
    wanted.push({ dialer: leg.dialer, target, desired: { aspect: 'fields', fields }, ...(notBefore && { notBefore }) });
  }
  return wanted;
}

function planDisposition(
  facts: readonly PlanFact[],
  outcome: Outcome,
  rules: PlanRules,
  dialer: string,
  campaign: CampaignPlan | undefined,
  target: WriteBackTarget,
): WantedWriteBack | null {
  if (outcome.basis === 'human') return null;
  const human = lastHuman(facts, dialer);
  if (human !== undefined && !(outcome.basis === 'operator' && outcome.at > human)) return null;

  const disposition = campaign?.dispositions[outcome.code] ?? '';
  const desired: Desired = {
    aspect: 'disposition',
    disposition,
    outcome: outcome.code,
    ...(outcome.callbackAt && { callbackAt: outcome.callbackAt }),
  };
  const notBefore = waitOf(outcome, rules);
  const held = disposition
    ? undefined
    : `dialers.${dialer}.campaigns.${target.campaign || '*'}.dispositions has no entry for the outcome "${outcome.code}"`;
  return { dialer, target, desired, ...(notBefore && { notBefore }), ...(held && { held }) };
}

/**
 * An opt-out reaches the DNC list of every dialer, whatever the call's status says there. While its number is not known
 * it is held, where an operator sees it: it must never get lost.
 */
function planOptOut(legs: readonly Leg[], rules: PlanRules): WantedWriteBack[] {
  const phones = [...new Set(legs.map((leg) => leg.phone).filter(Boolean))].sort();
  const [first] = legs;
  if (!first) return [];
  const held =
    phones.length === 0 ? "the opted-out customer's number is not known, or can't be read as one" : undefined;
  const wanted: WantedWriteBack[] = [];
  for (const [id, dialer] of Object.entries(rules.dialers)) {
    if (!dialer.aspects.includes('dnc')) continue;
    const own = legs.find((leg) => leg.dialer === id);
    const target = own
      ? targetOf(own)
      : { ...targetOf(first), campaign: '', list: '', leadKey: '', callKey: '', number: '', agent: '' };
    wanted.push({ dialer: id, target, desired: { aspect: 'dnc', phones, listed: true }, ...(held && { held }) });
  }
  return wanted;
}

function waitOf(outcome: Outcome, rules: PlanRules): Instant | undefined {
  if (outcome.basis === 'technical') return later(outcome.at, rules.technicalEndWaitSec);
  if (outcome.basis !== 'operator' && rules.handOverOutcomes.includes(outcome.code))
    return later(outcome.at, rules.humanWaitSec);
  return undefined;
}

function later(at: Instant, seconds: number): Instant {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}

function fieldValues(
  correlationId: string,
  outcome: Outcome,
  fields: Readonly<Record<string, string>>,
): Record<string, string> {
  const known: Record<string, string> = {
    outcome: outcome.code,
    summary: outcome.summary,
    correlation_id: correlationId,
    recording_url: outcome.recordingUrl ?? '',
    callback_at: outcome.callbackAt ?? '',
  };
  const values: Record<string, string> = {};
  for (const [field, source] of Object.entries(fields)) {
    const value = known[source] ?? outcome.fields[source] ?? '';
    if (value) values[field] = value;
  }
  return values;
}

function lastHuman(facts: readonly PlanFact[], dialer: string): Instant | undefined {
  let at: Instant | undefined;
  for (const fact of facts) {
    if (fact.body.kind !== 'dispositioned' || fact.body.dialer !== dialer) continue;
    if (at === undefined || fact.at > at) at = fact.at;
  }
  return at;
}

function campaignPlan(dialer: DialerPlan, campaign: string): CampaignPlan | undefined {
  return dialer.campaigns[campaign] ?? dialer.campaigns['*'];
}

function targetOf(leg: Leg): WriteBackTarget {
  const { campaign, list, leadKey, callKey, number, phone, agent, calledAt } = leg;
  return { campaign, list, leadKey, callKey, number, phone, agent, calledAt };
}
