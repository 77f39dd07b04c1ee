import type { Call } from './call.ts';
import type { StoredFact } from './fact.ts';
import { firstWord } from './first-word.ts';

/** What calls are searched and counted by, besides what a leg says; a pure function of a call's facts. */
export interface CallMarks {
  /** The AI agent that spoke, as its platform names it; empty when nobody told. */
  agent: string;
  /** As it was configured when the call was registered. */
  agentVersion: string;
  /** The human agent who dispositioned it last, as the dialer names them. */
  person: string;
  /** How long the AI spoke with the customer, in seconds. */
  talkSec: number;
  /** From the answer to the AI's first word; null where that was not measured. */
  firstWordMs: number | null;
  /** Handed to people. */
  isTransferred: boolean;
}

/** A call as a search gives it. */
export interface MarkedCall extends Call {
  marks: CallMarks;
}

/** Upper ends of the steps in which first words are counted, in milliseconds; the last one has none. */
export const firstWordSteps = [250, 500, 750, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 8000, 13_000] as const;

/** How many calls of one kind were registered within an hour. */
export interface CallCount {
  /** When the hour began. */
  hour: string;
  dialer: string;
  campaign: string;
  agent: string;
  agentVersion: string;
  /** Empty: no outcome yet. */
  outcome: string;
  calls: number;
  transferred: number;
  talkSec: number;
  /** One more than `firstWordSteps` has: how many fell into each. */
  firstWords: readonly number[];
}

type MarkingFact = Pick<StoredFact, 'source' | 'key' | 'at' | 'body'>;

/** The same facts in any order and number give the same marks. */
export function callMarks(facts: readonly MarkingFact[]): CallMarks {
  const agents: Word[] = [];
  const versions: Word[] = [];
  const people: Word[] = [];
  // A call may have several conversations; of each there is one end.
  const talks = new Map<string, number>();
  let isTransferred = false;
  for (const { source, key, at, body } of facts) {
    if ((body.kind === 'started' || body.kind === 'ended' || body.kind === 'analysed') && body.agent) {
      agents.push({ at, text: body.agent });
    }
    if (body.kind === 'registered' && body.evidence) versions.push({ at, text: body.evidence.agentVersion });
    if (body.kind === 'dispositioned') people.push({ at, text: body.by });
    if (body.kind === 'ended') talks.set(`${source} ${key}`, body.durationSec ?? 0);
    if (body.kind === 'handed-over' || (body.kind === 'steered' && body.act === 'transfer' && body.result === 'done')) {
      isTransferred = true;
    }
  }
  const person = lastOf(people);
  const first = firstWord(facts);
  return {
    agent: lastOf(agents),
    agentVersion: lastOf(versions),
    person,
    talkSec: [...talks.values()].reduce((sum, seconds) => sum + seconds, 0),
    firstWordMs: first.kind === 'measured' ? Math.round(first.seconds * 1000) : null,
    isTransferred: isTransferred || person !== '',
  };
}

interface Word {
  at: string;
  text: string;
}

/** Of those that were said at the same time the greater text. Empty ones say nothing. */
function lastOf(words: readonly Word[]): string {
  let last: Word = { at: '', text: '' };
  for (const word of words) {
    if (word.text === '' || word.at < last.at || (word.at === last.at && word.text <= last.text)) continue;
    last = word;
  }
  return last.text;
}
