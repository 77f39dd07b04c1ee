import type { Effect } from '../simulators/simulator.ts';
import { expectedOutcome, type ScriptedCall } from './script.ts';
import * as site from './site.ts';

/** What one simulator holds of a record in the end. */
export interface RecordState {
  disposition: string;
  /** VICIdial: status of the log row of the AI's call. */
  logStatus?: string;
  hasCallback: boolean;
  isOnDnc: boolean;
}

export interface CallEnd {
  call: ScriptedCall;
  /** The AI got the customer; else nothing of ours may show. */
  wasHandedToAi: boolean;
  /** The dialer itself lost the customer before it could hand the call over. */
  wasCutByDialer: boolean;
  state: RecordState;
  /** The number on the other dialer's DNC list. */
  isOnOtherDnc: boolean;
}

export interface Verdict {
  lost: number;
  double: number;
  wrong: number;
  findings: string[];
}

/** Dialers hold what was told, each once, and no write was given up. What scripts missed is told, not judged. */
export function isSound({ lost, double, wrong, dead }: Omit<Verdict, 'findings'> & { dead: number }): boolean {
  return lost + double + wrong + dead === 0;
}

/** Compares every call with what the dialers hold, and their journals with what was intended once. */
export function judge(
  ends: readonly CallEnd[],
  journals: { vicidial: readonly Effect[]; five9: readonly Effect[] },
  mayMissTheAi: boolean,
): Verdict {
  const verdict: Verdict = { lost: 0, double: 0, wrong: 0, findings: [] };
  for (const end of ends) judgeCall(verdict, end, mayMissTheAi, hasSpoken(end.call, journals[end.call.dialer]));
  judgeUntouched(verdict, ends, journals);
  for (const [dialer, effects] of Object.entries(journals)) {
    countDoubles(verdict, dialer, effects);
    countStrangers(verdict, dialer, effects, ends);
  }
  return verdict;
}

/** Whether the person whom the script has for the call gave its record a result. */
function hasSpoken({ human, record }: ScriptedCall, effects: readonly Effect[]): boolean {
  return human !== undefined && effects.some((effect) => effect.by === 'human' && effect.record === record);
}

/** A call that the AI never had leaves nothing of ours in its dialer. */
function judgeUntouched(verdict: Verdict, ends: readonly CallEnd[], journals: Record<string, readonly Effect[]>): void {
  for (const { call, wasHandedToAi } of ends) {
    if (wasHandedToAi) continue;
    const effects = (journals[call.dialer] ?? []).filter(({ by, record }) => by === 'api' && record === call.record);
    verdict.wrong += effects.length;
    for (const { kind } of effects)
      verdict.findings.push(`call ${call.id}: ${kind} was written, but the AI never had it`);
  }
}

function judgeCall(verdict: Verdict, end: CallEnd, mayMissTheAi: boolean, hasPersonSpoken: boolean): void {
  const { call, state } = end;
  const name = `call ${call.id} (${call.dialer} ${call.kind})`;
  const outcome = expectedOutcome(call);
  if (outcome === null) return;
  if (!end.wasHandedToAi) {
    // While Patchbay is down, a script takes its error branch: that is what kills may do, and nothing else.
    if (mayMissTheAi || end.wasCutByDialer) return;
    verdict.lost += 1;
    verdict.findings.push(`${name}: never reached the AI`);
    return;
  }
  const dispositions = call.dialer === 'vicidial' ? site.vicidialDispositions : site.five9Dispositions;
  // A script that did not hear of the outcome in time does what is safe, which may be without the person: then the AI's
  // own word is what the record must hold.
  const human = hasPersonSpoken ? call.human : undefined;
  if (call.human && !human && !mayMissTheAi) {
    verdict.lost += 1;
    verdict.findings.push(`${name}: no person got the call`);
  }
  const own = human
    ? call.dialer === 'vicidial'
      ? human.vicidialStatus
      : human.five9Disposition
    : leadStatus(call, outcome, dispositions[outcome] ?? '');

  if (state.disposition !== own) {
    if (human) verdict.wrong += 1;
    else verdict.lost += 1;
    verdict.findings.push(`${name}: holds "${state.disposition}", should hold "${own}"`);
  }
  if (state.hasCallback !== (outcome === 'callback')) {
    verdict.lost += 1;
    verdict.findings.push(`${name}: callback ${state.hasCallback ? 'is there, should not be' : 'is missing'}`);
  }
  if (outcome === 'opt_out' && !(state.isOnDnc && end.isOnOtherDnc)) {
    verdict.lost += 1;
    verdict.findings.push(
      `${name}: opt-out is missing on a DNC list (own ${state.isOnDnc}, other ${end.isOnOtherDnc})`,
    );
  }
  if (outcome !== 'opt_out' && (state.isOnDnc || end.isOnOtherDnc)) {
    verdict.wrong += 1;
    verdict.findings.push(`${name}: is on a DNC list and should not be`);
  }
}

/** VICIdial keeps a lead with a callback out of the hopper by CBHOLD; the log has the mapped code. */
function leadStatus(call: ScriptedCall, outcome: string, disposition: string): string {
  return call.dialer === 'vicidial' && outcome === 'callback' ? 'CBHOLD' : disposition;
}

/** An intended effect applied twice: the record held the value already, and it was written through the API again. */
export function countDoubles(verdict: Verdict, dialer: string, effects: readonly Effect[]): void {
  const held = new Map<string, Effect>();
  for (const effect of effects) {
    const place = [
      effect.kind,
      effect.record,
      effect.campaign ?? '',
      effect.kind === 'log' ? (effect.callKey ?? '') : '',
    ].join(' ');
    const before = held.get(place);
    // What an agent set is no effect of ours: to bring it again, where it may be overwritten, is not twice the same.
    const isAgents = before?.by === 'human';
    if (effect.by === 'api' && !effect.isChange && before?.value === effect.value && !isAgents) {
      verdict.double += 1;
      verdict.findings.push(`${dialer}: ${effect.kind} "${effect.value}" was applied twice to record ${effect.record}`);
    }
    held.set(place, effect);
  }
}

/** A record that no call of the script touched may not be written to. */
function countStrangers(verdict: Verdict, dialer: string, effects: readonly Effect[], ends: readonly CallEnd[]): void {
  const known = new Set<string>();
  for (const { call } of ends) {
    if (call.dialer === dialer) known.add(call.record);
    known.add(call.number);
  }
  for (const effect of effects) {
    if (effect.by !== 'api' || known.has(effect.record)) continue;
    verdict.wrong += 1;
    verdict.findings.push(`${dialer}: ${effect.kind} was written to a record that nobody called`);
  }
}
