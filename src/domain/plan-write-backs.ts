import type { Instant, Leg } from './call.ts';
import type { StoredFact } from './fact.ts';
import { firstLegs } from './legs.ts';
import { decideOutcome, type Outcome } from './outcome.ts';
import { ofCampaign } from './settings.ts';
import { shownBy } from './shadow.ts';
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
  /** A number that more leads than this have is a switchboard: it says nothing of who its leads are. (Default: 20) */
  sharedNumberLeads?: number;
  /** Whether opt-outs that are told in shadow go on the dialers' lists all the same. (Default: they are shown) */
  shadowOptOuts?: 'shown' | 'written';
}

/** Whom an opt-out means beyond its call: all numbers as kept, and the keys of each dialer's leads that have one. */
export interface OptedOutPerson {
  phones: readonly string[];
  leads: Readonly<Record<string, readonly string[]>>;
}

const nobodyElse: OptedOutPerson = { phones: [], leads: {} };

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

type PlanFact = Pick<StoredFact, 'source' | 'key' | 'at' | 'body'>;

/** What every dialer should hold for a call, from its facts and outcome. Pure: same input, same plan. */
export function planWriteBacks(
  correlationId: string,
  facts: readonly PlanFact[],
  outcome: Outcome | null,
  rules: PlanRules,
  person: OptedOutPerson = nobodyElse,
): WantedWriteBack[] {
  if (!outcome) return [];
  const legs = firstLegs(facts);
  const isShown = shownBy(facts, legs, rules);
  const wanted = planLegs(correlationId, facts, outcome, rules, { legs, person });
  return wanted.map((wish) => (isShown(wish) ? { ...wish, shadow: true as const } : wish));
}

function planLegs(
  correlationId: string,
  facts: readonly PlanFact[],
  outcome: Outcome,
  rules: PlanRules,
  { legs, person }: { legs: readonly Leg[]; person: OptedOutPerson },
): WantedWriteBack[] {
  const wanted: WantedWriteBack[] = [];
  if (isErased(facts)) return outcome.optedOutAt ? planOptOut(legs, rules, withToldPhones(person, facts)) : [];
  for (const leg of legs) {
    const dialer = rules.dialers[leg.dialer];
    if (!dialer) continue;
    const campaign = ofCampaign(dialer.campaigns, leg.campaign);
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
        ofCampaign(mirrored.campaigns, mirror.campaign),
        mirrorTarget,
      );
      if (row) wanted.push(row);
    }
  }
  if (outcome.optedOutAt) wanted.push(...planOptOut(legs, rules, withToldPhones(person, facts)));
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
  const standing = standingOf(facts, leg.dialer);
  if (dialer.aspects.includes('callback') && outcome.code === 'callback' && outcome.callbackAt && standing) {
    const desired: Desired = { aspect: 'callback', at: outcome.callbackAt, note: outcome.summary, ...standing };
    wanted.push({ dialer: leg.dialer, target, desired, ...heldWithoutRecord(target) });
  }
  const fields = fieldValues(correlationId, outcome, campaign?.fields ?? {});
  if (dialer.aspects.includes('fields') && Object.keys(fields).length > 0) {
    const notBefore = waitOf(outcome, rules);
    const desired: Desired = { aspect: 'fields', fields };
    const row = { dialer: leg.dialer, target, desired, ...(notBefore && { notBefore }) };
    wanted.push({ ...row, ...heldWithoutRecord(target) });
  }
  return wanted;
}

/**
 * Of a call that only its name tells of, no dialer could find the record: a refusal would be the end of it, while what was
 * registered may lie in another process's spool still.
 */
function heldWithoutRecord({ leadKey, number, phone }: WriteBackTarget): { held?: string } {
  return leadKey || number || phone ? {} : { held: recordNotKnown };
}

const recordNotKnown =
  'which record the call was about is not known yet: its registration may wait in the spool of another process';

function planDisposition(
  facts: readonly PlanFact[],
  outcome: Outcome,
  rules: PlanRules,
  dialer: string,
  campaign: CampaignPlan | undefined,
  target: WriteBackTarget,
): WantedWriteBack | null {
  const standing = standingOf(facts, dialer);
  if (!standing) return null;
  const told = outcome.basis === 'human' ? readableElsewhere(facts, outcome) : outcome;

  const disposition = campaign?.dispositions[told.code] ?? '';
  const desired: Desired = {
    aspect: 'disposition',
    disposition,
    outcome: told.code,
    ...(told.callbackAt && { callbackAt: told.callbackAt }),
    ...standing,
  };
  const notBefore = waitOf(told, rules);
  const held = disposition
    ? undefined
    : `dialers.${dialer}.campaigns.${target.campaign || '*'}.dispositions has no entry for the outcome "${told.code}"`;
  return {
    dialer,
    target,
    desired,
    ...(notBefore && { notBefore }),
    ...(held && { held }),
    ...heldWithoutRecord(target),
  };
}

/**
 * Whether the outcome may stand in a dialer's record: not where a human set it, unless an operator corrected the call
 * afterwards. An opt-out is about DNC lists, and is no word against what a human set. Null when it may not.
 */
export function standingOf(facts: readonly PlanFact[], dialer: string): { overrules?: Instant } | null {
  const human = lastAt(facts, ({ body }) => body.kind === 'dispositioned' && body.dialer === dialer);
  if (human === undefined) return {};
  const corrected = lastAt(facts, ({ body }) => body.kind === 'corrected' && body.outcome !== 'opt_out');
  return corrected !== undefined && corrected > human ? { overrules: human } : null;
}

/**
 * What the other dialers of a call are told of a human's disposition: the outcome that it stands for. Where it stands for
 * none they keep what was known without it, but for a callback, which the human has cancelled.
 */
function readableElsewhere(facts: readonly PlanFact[], outcome: Outcome): Outcome {
  if (outcome.code !== 'unknown') return outcome;
  const without = decideOutcome(facts.filter(({ body }) => body.kind !== 'dispositioned'));
  return without && without.code !== 'callback' ? without : outcome;
}

/**
 * An opt-out reaches the DNC list of every dialer, whatever the call's status says there. While its number is not known,
 * or which call it is, it is held, where an operator sees it: it must never get lost.
 */
function planOptOut(legs: readonly Leg[], rules: PlanRules, person: OptedOutPerson): WantedWriteBack[] {
  const phones = [...new Set([...legs.map((leg) => leg.phone), ...person.phones].filter(Boolean))].sort();
  const [first] = legs;
  const held = first ? (phones.length === 0 ? numberNotKnown : undefined) : callNotKnown;
  const wanted: WantedWriteBack[] = [];
  for (const [id, dialer] of Object.entries(rules.dialers)) {
    if (!dialer.aspects.includes('dnc')) continue;
    const own = legs.find((leg) => leg.dialer === id);
    const target = own ? targetOf(own) : { ...noRecord, phone: first?.phone ?? '', calledAt: first?.calledAt ?? '' };
    const leads = [...(person.leads[id] ?? [])].sort();
    const desired: Desired = { aspect: 'dnc', phones, ...(leads.length > 0 && { leads }), listed: true };
    wanted.push({ dialer: id, target, desired, ...(held && { held }) });
  }
  return wanted;
}

const numberNotKnown = "the opted-out customer's number is not known, or can't be read as one";
const callNotKnown =
  'which call told the opt-out is not known: calls from Patchbay to the numbers that it can be are blocked, but they are on no list';
const noRecord = { campaign: '', list: '', leadKey: '', callKey: '', number: '', agent: '' };

/** Every number that anybody told of the call: which leg counts as the AI's may change, an opt-out may not. */
function withToldPhones(person: OptedOutPerson, facts: readonly PlanFact[]): OptedOutPerson {
  const told = facts.flatMap(({ body }) => (body.kind === 'registered' ? [body.leg.phone] : []));
  return { ...person, phones: [...person.phones, ...told] };
}

function waitOf(outcome: Outcome, rules: PlanRules): Instant | undefined {
  if (outcome.basis === 'technical') return later(outcome.at, rules.technicalEndWaitSec);
  // An operator or a human has spoken: there is nobody to wait for.
  if (outcome.basis !== 'operator' && outcome.basis !== 'human' && rules.handOverOutcomes.includes(outcome.code))
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

function lastAt(facts: readonly PlanFact[], isMeant: (fact: PlanFact) => boolean): Instant | undefined {
  return facts
    .filter(isMeant)
    .map(({ at }) => at)
    .sort()
    .at(-1);
}

/** Of a call that was erased nothing is left to tell a dialer but its opt-out. */
export function isErased(facts: readonly Pick<PlanFact, 'body'>[]): boolean {
  return facts.some(({ body }) => body.kind === 'erased');
}

function targetOf(leg: Leg): WriteBackTarget {
  const { campaign, list, leadKey, callKey, number, phone, agent, calledAt } = leg;
  return { campaign, list, leadKey, callKey, number, phone, agent, calledAt };
}
