import { judgeCallingTime, leadPlace } from '../../domain/calling-hours.ts';
import { instantOf } from '../../domain/clock.ts';
import type { GateEvidence } from '../../domain/fact.ts';
import { type GateReason, type GateSettings, hasConsent } from '../../domain/gate.ts';
import { cleanText } from '../../domain/sip-headers.ts';
import type { Deps } from '../deps.ts';

export interface GateQuestion {
  /** E.164; empty when it is not known. */
  phone: string;
  /** The lead's fields by our names. */
  fields: Readonly<Record<string, string>>;
  /** False when the lead could not be looked up, so that it may hold more. */
  isLeadKnown: boolean;
  /** The customer called us. */
  isInbound: boolean;
  /** When the call was begun, epoch ms: its hours are judged by that. */
  at: number;
}

export interface GateVerdict {
  /** Empty when the call may go on. */
  reason: GateReason | '';
  /** False when something that should have been asked did not answer. */
  isSure: boolean;
  evidence: GateEvidence;
}

/**
 * Asks what the campaign asks: opt-outs, calling hours, consent, the scrub service. The cheap ones first, and a service
 * that costs money only of calls that pass the rest. Customers who call us are bound by their opt-out alone.
 */
export async function passGate(
  deps: Deps,
  settings: GateSettings,
  question: GateQuestion,
  budgetMs: number,
): Promise<GateVerdict> {
  const endsAt = performance.now() + budgetMs;
  const optOut = await readOptOut(deps, question.phone, budgetMs * 0.6);
  if (optOut.isOptedOut) return { reason: 'opt_out', isSure: true, evidence: { opt_out: 'listed' } };
  if (question.isInbound) return { reason: '', isSure: optOut.isSure, evidence: { direction: 'inbound' } };

  const evidence: Record<string, string> = {};
  const { isSure } = optOut;
  if (!optOut.isSure) evidence.opt_out = 'unknown';
  if (settings.isHoursChecked && !isInHours(settings, question, evidence)) {
    return { reason: 'outside_hours', isSure, evidence };
  }
  if (settings.consent && !isConsented(settings.consent, question, evidence)) {
    return { reason: 'no_consent', isSure, evidence };
  }
  if (!deps.scrub || !settings.isScrubbed) return { reason: '', isSure, evidence };
  const scrub = await askScrub(deps, deps.scrub, question.phone, endsAt - performance.now(), evidence);
  return { reason: scrub.isAllowed ? '' : 'scrubbed', isSure: isSure && scrub.isSure, evidence };
}

/** A number that opted out while the store was away is in the spool and in memory only. */
async function readOptOut(deps: Deps, phone: string, budgetMs: number) {
  if (!phone) return { isOptedOut: false, isSure: true };
  const wasRemembered = deps.memory.isOptedOut(phone);
  const answer = await deps.gate.read(budgetMs, () => deps.store.isOptedOut(phone));
  const isStoreBehind = answer.kind === 'away' || deps.spool.size() > 0;
  // What was remembered while the store looked may be newer than its answer.
  if (wasRemembered && answer.kind === 'answer' && !answer.value && !isStoreBehind) deps.memory.forgetOptOut(phone);
  const isOptedOut = (answer.kind === 'answer' && answer.value) || deps.memory.isOptedOut(phone);
  return { isOptedOut, isSure: answer.kind === 'answer' };
}

function isInHours({ hours }: GateSettings, { phone, fields, at }: GateQuestion, evidence: Record<string, string>) {
  const place = leadPlace(phone, fields);
  const verdict = judgeCallingTime(hours, place, at);
  evidence.zone = place.zones.join(' ') || 'unknown';
  evidence.by = place.by;
  if (verdict.zone) evidence.local_time = `${verdict.localTime} ${verdict.zone}`;
  evidence.hours = `${verdict.rule} ${verdict.hours}`.trim();
  return verdict.isAllowed;
}

function isConsented(
  rule: NonNullable<GateSettings['consent']>,
  { fields, isLeadKnown }: GateQuestion,
  evidence: Record<string, string>,
): boolean {
  const isGiven = hasConsent(rule, fields);
  evidence.consent = isGiven ? 'yes' : isLeadKnown ? 'no' : 'unknown';
  const source = rule.sourceField ? (fields[rule.sourceField] ?? '') : '';
  if (isGiven && source) evidence.consent_source = cleanText(source, 200);
  return isGiven;
}

async function askScrub(
  deps: Deps,
  service: NonNullable<Deps['scrub']>,
  phone: string,
  budgetMs: number,
  evidence: Record<string, string>,
): Promise<{ isAllowed: boolean; isSure: boolean }> {
  const unasked = {
    kind: 'failed',
    why: 'no number to ask about',
    at: instantOf(deps.clock),
    isRemembered: false,
  } as const;
  const answer = phone ? await service.ask(phone, budgetMs) : unasked;
  const hasFailed = answer.kind === 'failed';
  evidence.scrub = hasFailed ? `failed-${service.onFailure}` : answer.kind;
  evidence.scrub_answer = answer.why;
  evidence.scrub_at = answer.at;
  if (answer.isRemembered) evidence.scrub_used_at = instantOf(deps.clock);
  if (hasFailed) {
    const number = deps.hashNumber(phone);
    deps.log.warn({ number, why: answer.why, failsTo: service.onFailure }, 'the scrub service gave no answer');
  }
  const isAllowed = hasFailed ? service.onFailure === 'open' : answer.kind === 'clean';
  return { isAllowed, isSure: !hasFailed };
}
