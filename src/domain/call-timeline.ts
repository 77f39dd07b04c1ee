import type { Instant } from './call.ts';
import { factSteps } from './call-steps.ts';
import type { CallDescription } from './connector.ts';
import type { MatchedBy } from './fact.ts';
import { type FirstWord, firstWord } from './first-word.ts';
import { writeBackSteps } from './write-back-steps.ts';

export { writeBackWords } from './write-back-steps.ts';

/** One call from its first fact to the proof of its last write-back. */
export interface CallTimeline {
  /** How the platform's conversation was found to be this call; empty while there is none. */
  matchedBy: MatchedBy | '';
  firstWord: FirstWord;
  /** Of both sides: the dialer's of the whole call, the platform's of its own part. */
  recordings: readonly { source: string; url: string }[];
  steps: readonly Step[];
}

/** What may follow upon each other in one moment, in this order. */
export const stepKinds = [
  'dialled',
  'answered',
  'registered',
  'headers',
  'matched',
  'started',
  'committed',
  'steered',
  'ended',
  'left',
  'read',
  'handed-over',
  'analysed',
  'dispositioned',
  'record',
  'noted',
  'silent',
  'corrected',
  'released',
  'opt-out-undone',
  'erased',
  'planned',
  'settled',
] as const;
export type StepKind = (typeof stepKinds)[number];

export interface Step {
  at: Instant;
  /** Seconds since the step before; 0 for the first. */
  gapSec: number;
  source: string;
  kind: StepKind;
  /** In one line, for a terminal. */
  what: string;
  /** In a few words that tell nothing of the customer. */
  headline: string;
  details: readonly Detail[];
  /** Why the customer waited longer than they should; empty when they did not. */
  slow: string;
}

/**
 * `personal`: of the customer, or said by somebody. `number`: a phone number. `key`: of a lead, which can be its number.
 * `told`: a dialer's own words, in which numbers can stand.
 */
export interface Detail {
  name: string;
  value: string;
  privacy: 'plain' | 'personal' | 'number' | 'key' | 'told';
}

/** Puts facts and write-backs in the order of time. Pure. */
export function callTimeline({ facts, writeBacks }: Pick<CallDescription, 'facts' | 'writeBacks'>): CallTimeline {
  const told = [...factSteps(facts), ...writeBackSteps(writeBacks)].sort(
    (a, b) => compare(a.at, b.at) || stepKinds.indexOf(a.kind) - stepKinds.indexOf(b.kind),
  );
  const word = firstWord(facts);
  const steps = told.map((step, index): Step => {
    const gapSec = secondsBetween(told[index - 1]?.at ?? step.at, step.at);
    return { slow: '', ...step, gapSec };
  });
  return {
    matchedBy: matchOf(facts),
    firstWord: word,
    recordings: recordingsOf(facts),
    steps: markSlow(steps, word),
  };
}

/** Beyond these a customer notices. */
const mostToFirstWordSec = 2;
const mostToOutcomeSec = 1;
/** A script that asks later than this does not wait with the customer. */
const longestFetchSec = 60;

function markSlow(steps: readonly Step[], word: FirstWord): Step[] {
  const fetchSec = fetchSeconds(steps);
  const fetched = steps.find(isOutcomeFetched);
  return steps.map((step) => {
    if (step.kind === 'started' && word.kind === 'measured' && step.at === word.startedAt) {
      const took = `${word.seconds.toFixed(1)} s from the answer to the first word`;
      if (word.seconds > mostToFirstWordSec) return { ...step, slow: took };
      return { ...step, details: [...step.details, { name: 'took', value: took, privacy: 'plain' }] };
    }
    if (step === fetched && fetchSec !== null && fetchSec > mostToOutcomeSec) {
      return { ...step, slow: `the script waited ${fetchSec.toFixed(1)} s for the outcome` };
    }
    return step;
  });
}

/** From when the AI let the customer go, or the script asked first, until it was told the outcome. */
function fetchSeconds(steps: readonly Step[]): number | null {
  const fetched = steps.find(isOutcomeFetched);
  if (!fetched) return null;
  const began = steps.find(
    (step) => step.at <= fetched.at && (step.kind === 'ended' || (step.kind === 'read' && step !== fetched)),
  );
  const seconds = began ? secondsBetween(began.at, fetched.at) : null;
  return seconds !== null && seconds <= longestFetchSec ? seconds : null;
}

function isOutcomeFetched({ kind, details }: Step): boolean {
  return kind === 'read' && details.some(({ name, value }) => name === 'told' && value.startsWith('done'));
}

/** The strongest word is an operator's; else the first that was said. */
function matchOf(facts: CallDescription['facts']): MatchedBy | '' {
  const told = facts.flatMap(({ body }) => (body.kind === 'matched' ? [body.by] : []));
  return told.find((by) => by === 'operator') ?? told[0] ?? '';
}

function recordingsOf(facts: CallDescription['facts']): CallTimeline['recordings'] {
  const found = new Map<string, { source: string; url: string }>();
  for (const { source, body } of facts) {
    const urls = body.kind === 'leg-record' ? body.recordingUrls : [];
    if ((body.kind === 'ended' || body.kind === 'analysed') && body.recordingUrl) {
      found.set(body.recordingUrl, { source, url: body.recordingUrl });
    }
    for (const url of urls) found.set(url, { source, url });
  }
  return [...found.values()];
}

function secondsBetween(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
