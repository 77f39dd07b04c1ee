import type { StoredFact } from './fact.ts';
import { leastSample } from './shares.ts';

/** A call that was given to the AI, and what its platform told of it since. Epoch ms, by our clock. */
export interface GivenCall {
  givenAt: number;
  /** When we first heard that somebody talks there; null: nothing yet. */
  heardAt: number | null;
  /** The last webhook that came in its time, and the last tool call. */
  eventAt: number | null;
  toolAt: number | null;
  firstWordMs: number | null;
}

/** What one dialer's calls, and we ourselves, tell of the AI's health. */
export interface HealthSignals {
  at: number;
  /** The newest first; only those that were given so long ago that the AI must have answered. */
  calls: readonly GivenCall[];
  /** Tool calls of the last minute or so, on all processes. */
  tools: { calls: number; failures: number };
  /** Facts that wait on disks for the store. */
  spooled: number;
  /** What was asked last of each platform to which its calls go failed, moments ago. */
  isPlatformAway: boolean;
}

/** When the AI is taken for unwell. */
export interface HealthLimits {
  answerSec: number;
  maxSickSec: number;
  leastAnsweredPercent: number;
  slowFirstWordMs: number;
  silentSec: number;
  toolFailurePercent: number;
  spooledFacts: number;
  /** Calls that a share needs to say anything. */
  stepCalls: number;
}

/** `unproven`: nothing is wrong, and too few calls show that all is well. */
export interface HealthVerdict {
  kind: 'dead' | 'sick' | 'well' | 'unproven';
  signal: 'answers' | 'first-word' | 'tools' | 'webhooks' | 'spool' | 'platform' | '';
  /** In words, without personal data. */
  why: string;
}

/** Which calls count, and how much must be known. */
export interface JudgedStep {
  /** Only calls that were given since then (epoch ms). */
  since: number;
  /** The same for silence: going down a step does not make it begin anew. */
  silentSince: number;
  /** `probe`: a few calls try whether the AI is back, and two of them say enough. `rising`: not all calls go yet. */
  trust: Trust;
  /** Whether its platform tells of starts, and of anything, in time: else silence means nothing. */
  hearsStarts: boolean;
  hearsEvents: boolean;
}

/** The less it is known to be well, the fewer calls are risked. */
export type Trust = 'probe' | 'rising' | 'full';

/** So many calls in a row without an answer are proof at once, or when it goes on for long. */
const deadInARow = { probe: 2, rising: 3, full: 5 } as const;
const deadForLong = { probe: 1, rising: 2, full: 3 } as const;
/** So many of them show that the AI is back. */
const probes = 2;
/** As many calls as a share looks at; fewer than the store gives. */
const mostJudged = 40;

/** How the AI is, by signals of many calls and never by one error. The worst that is proven counts. Pure. */
export function judgeHealth(signals: HealthSignals, limits: HealthLimits, step: JudgedStep): HealthVerdict {
  const calls = callsSince(signals.calls, step.since);
  const enough = step.trust === 'probe' ? probes : limits.stepCalls;
  const judged = calls.length > mostJudged ? calls.slice(0, mostJudged) : calls;
  return (
    (step.hearsStarts
      ? judgeSilence(signals, callsSince(signals.calls, step.silentSince), limits, step.trust)
      : null) ??
    (step.hearsStarts ? judgeAnswers(judged, limits, step.trust) : null) ??
    judgeOurselves(signals, limits) ??
    judgeFirstWord(judged, limits, enough) ??
    (step.hearsEvents ? judgeWebhooks(signals.at, calls, limits) : null) ??
    judgeProof(judged, enough)
  );
}

/** How many of the newest calls, one after the other, nobody has answered yet. */
export function unheardInARow(calls: readonly GivenCall[]): number {
  const first = calls.findIndex(({ heardAt }) => heardAt !== null);
  return first < 0 ? calls.length : first;
}

/** So many milliseconds, or less, nine of ten first words took; null when none was measured. */
export function slowWordMs(calls: readonly GivenCall[]): number | null {
  const times = calls.flatMap(({ firstWordMs }) => firstWordMs ?? []).sort((a, b) => a - b);
  return times[Math.max(0, Math.ceil(times.length * 0.9) - 1)] ?? null;
}

/** What the platform told of a call that a dialer gave to the AI. Null when it was not given, or placed by the platform. */
export function givenCallOf(
  facts: readonly StoredFact[],
  { firstWordMs, platforms, silentMs }: { firstWordMs: number | null; platforms: readonly string[]; silentMs: number },
): GivenCall | null {
  let givenAt = Number.POSITIVE_INFINITY;
  let heardAt = Number.POSITIVE_INFINITY;
  let eventAt = 0;
  let toolAt = 0;
  for (const { source, at, receivedAt, body } of facts) {
    const heard = Date.parse(receivedAt);
    if (body.kind === 'registered') {
      // A platform that calls by itself waits for the customer, not the customer for it.
      if (body.via === 'dialled') return null;
      if (givesToAi.includes(body.via) && body.route === 'ai') givenAt = Math.min(givenAt, heard);
    }
    if (!platforms.includes(source)) continue;
    if (body.kind === 'committed') toolAt = Math.max(toolAt, heard);
    else if (heard - Date.parse(at) <= silentMs) eventAt = Math.max(eventAt, heard);
    const isWord = body.kind === 'started' || body.kind === 'committed' || body.kind === 'analysed';
    if (isWord || (body.kind === 'ended' && !neverBegan.includes(body.outcome))) heardAt = Math.min(heardAt, heard);
  }
  if (!Number.isFinite(givenAt)) return null;
  return {
    givenAt,
    heardAt: Number.isFinite(heardAt) ? heardAt : null,
    eventAt: eventAt || null,
    toolAt: toolAt || null,
    firstWordMs,
  };
}

function callsSince(calls: readonly GivenCall[], since: number): readonly GivenCall[] {
  const end = calls.findIndex(({ givenAt }) => givenAt < since);
  return end < 0 ? calls : calls.slice(0, end);
}

const givesToAi: readonly string[] = ['register', 'headers', 'start', 'poll'];
const neverBegan: readonly string[] = ['failed', 'no_answer', 'busy'];

function judgeSilence(
  { at }: HealthSignals,
  calls: readonly GivenCall[],
  { maxSickSec, silentSec }: HealthLimits,
  trust: Trust,
): HealthVerdict | null {
  const inARow = unheardInARow(calls);
  if (inARow === 0) return null;
  const isLong = at - (calls[inARow - 1]?.givenAt ?? at) >= maxSickSec * 500;
  if (inARow < (isLong ? deadForLong : deadInARow)[trust]) return null;
  const hasTools = calls.some(({ toolAt }) => toolAt !== null && at - toolAt < silentSec * 1000);
  const but = hasTools ? '; its tools are used, so that only its webhooks may be missing' : '';
  return { kind: 'dead', signal: 'answers', why: `the AI answered none of the last ${callsText(inARow)}${but}` };
}

function judgeAnswers(calls: readonly GivenCall[], limits: HealthLimits, trust: Trust): HealthVerdict | null {
  const { leastAnsweredPercent, stepCalls } = limits;
  if (calls.length < (trust === 'full' ? Math.max(leastSample, stepCalls) : stepCalls)) return null;
  const heard = countHeard(calls);
  if (heard * 100 >= leastAnsweredPercent * calls.length) return null;
  const kind = heard * 200 < leastAnsweredPercent * calls.length ? 'dead' : 'sick';
  return { kind, signal: 'answers', why: `the AI answered ${heard} of the last ${callsText(calls.length)}` };
}

function judgeOurselves({ tools, spooled }: HealthSignals, limits: HealthLimits): HealthVerdict | null {
  const { calls, failures } = tools;
  if (failures >= leastFailures && failures * 100 > limits.toolFailurePercent * calls) {
    return { kind: 'sick', signal: 'tools', why: `${failures} of the last ${calls} tool calls failed` };
  }
  if (spooled <= limits.spooledFacts) return null;
  return { kind: 'sick', signal: 'spool', why: `${spooled} facts wait on disk for the store` };
}

/** Two may fail when a process goes. */
const leastFailures = 3;

function judgeFirstWord(calls: readonly GivenCall[], limits: HealthLimits, enough: number): HealthVerdict | null {
  let measured = 0;
  let fast = 0;
  for (const { firstWordMs } of calls) {
    if (firstWordMs === null) continue;
    measured += 1;
    fast += Number(firstWordMs <= limits.slowFirstWordMs);
  }
  if (measured < enough || fast >= Math.ceil(measured * 0.9)) return null;
  const seconds = ((slowWordMs(calls) ?? 0) / 1000).toFixed(1);
  const why = `the AI's first word takes ${seconds} s in one of ten of the last ${callsText(measured)}`;
  return { kind: 'sick', signal: 'first-word', why };
}

/** Calls that only a tool told of: who is not told how calls end can't hand them back. */
function judgeWebhooks(at: number, calls: readonly GivenCall[], { silentSec }: HealthLimits): HealthVerdict | null {
  const told = calls.findIndex(({ eventAt }) => eventAt !== null);
  const inARow = told < 0 ? calls.length : told;
  if (inARow < deadInARow.full || at - (calls[inARow - 1]?.givenAt ?? at) < silentSec * 1000) return null;
  return { kind: 'sick', signal: 'webhooks', why: `no webhook came for the last ${callsText(inARow)}` };
}

function judgeProof(calls: readonly GivenCall[], enough: number): HealthVerdict {
  const heard = countHeard(calls);
  if (heard >= enough)
    return { kind: 'well', signal: '', why: `the AI answered ${heard} of ${callsText(calls.length)}` };
  return { kind: 'unproven', signal: '', why: `the AI answered ${heard} of the ${enough} calls that would prove it` };
}

function countHeard(calls: readonly GivenCall[]): number {
  return calls.reduce((sum, { heardAt }) => sum + Number(heardAt !== null), 0);
}

function callsText(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}
