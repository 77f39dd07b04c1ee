import type { Instant } from './call.ts';
import type { CallDescription } from './connector.ts';
import type { MatchedBy } from './fact.ts';
import { factWords } from './fact-words.ts';
import { type FirstWord, firstWord } from './first-word.ts';
import type { WriteBack } from './write-back.ts';

/** One call from its first fact to the proof of its last write-back. */
export interface CallTimeline {
  /** How the platform's conversation was found to be this call; empty while there is none. */
  matchedBy: MatchedBy | '';
  firstWord: FirstWord;
  /** Of both sides: the dialer's of the whole call, the platform's of its own part. */
  recordings: readonly { source: string; url: string }[];
  steps: readonly Step[];
}

export interface Step {
  at: Instant;
  /** Seconds since the step before; 0 for the first. */
  gapSec: number;
  source: string;
  what: string;
}

/** Puts facts and write-backs in the order of time. Pure. */
export function callTimeline({ facts, writeBacks }: Pick<CallDescription, 'facts' | 'writeBacks'>): CallTimeline {
  const steps = [
    ...facts.map(({ at, source, body }) => ({ at, source, what: factWords(body) })),
    ...writeBacks.flatMap(stepsOfWriteBack),
  ].sort((a, b) => compare(a.at, b.at));
  return {
    matchedBy: matchOf(facts),
    firstWord: firstWord(facts),
    recordings: recordingsOf(facts),
    steps: steps.map((step, index) => ({ ...step, gapSec: secondsBetween(steps[index - 1]?.at ?? step.at, step.at) })),
  };
}

/** What is wanted in a dialer's record, in a word or two. */
export function writeBackWords({ desired }: Pick<WriteBack, 'desired'>): string {
  switch (desired.aspect) {
    case 'disposition':
      return desired.disposition || desired.outcome;
    case 'callback':
      return desired.at ?? 'none';
    case 'dnc':
      return desired.listed ? 'listed' : 'taken off';
    case 'fields':
      return Object.keys(desired.fields).join(' ');
  }
}

function stepsOfWriteBack(row: WriteBack): Omit<Step, 'gapSec'>[] {
  const { dialer: source, aspect, revision, state, why, hint, createdAt, settledAt } = row;
  const name = `${aspect} r${revision} ${writeBackWords(row)}`;
  const planned = { at: createdAt, source, what: `to write: ${name}` };
  const proof = [why, hint].filter(Boolean).join(' → ');
  const stands = `${state}: ${name}${proof && ` (${proof})`}`;
  if (!settledAt) return [{ ...planned, what: `to write, ${stands}` }];
  return [planned, { at: settledAt, source, what: stands }];
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
