import { eventFate } from '../simulators/sigmamind/event-fate.ts';
import type { Behaviour, EventFaults } from '../simulators/sigmamind/options.ts';
import { campaigns, type FaultCall, summaryOf } from './five9-calls.ts';

export const carouselStatuses: Readonly<Record<string, string>> = {
  not_interested: 'gone',
  sale: 'sold',
  callback: 'later',
  opt_out: 'never',
  qualified: 'hot',
  hung_up: 'done',
  unknown: 'no-idea',
};

/**
 * `interested`: the agent commits nothing, and only the analysis tells; `quiet`: nothing but the end does; `human`: an
 * agent sets the record afterwards; `wiped`: the dialer loses what was written; `vanished`: no system holds anything.
 */
const carouselKinds = [
  ...['not_interested', 'sale', 'callback', 'interested', 'quiet'],
  ...['not_interested', 'interested', 'human', 'wiped', 'vanished'],
] as const;
const five9Kinds = ['sale', 'not_interested', 'callback', 'opt_out', 'hung_up'] as const;

export interface NightCall {
  index: number;
  /** In its dialer's words. */
  name: string;
  dialer: 'carousel' | 'five9';
  kind: (typeof carouselKinds)[number] | (typeof five9Kinds)[number];
  number: string;
  /** What a system holds when the night is over. */
  outcome: string;
  /** On Five9: the call as its judge wants it. */
  five9: FaultCall | null;
}

/** One in five is Five9's. */
export function writeNight(count: number, faults: EventFaults, hasAnalysisInRecord: boolean): NightCall[] {
  return Array.from({ length: count }, (_, index) => {
    const number = `${300 + Math.floor(index / 100)}555${String(100 + (index % 100)).padStart(4, '0')}`;
    if (index % 5 === 4) return five9Call(index, number);
    const kind = carouselKinds[Math.floor((index / 5) * 4 + (index % 5)) % carouselKinds.length] ?? 'quiet';
    const isTold = hasAnalysisInRecord || !eventFate(faults, number, 'conversation_analysed').isLost;
    return {
      index,
      name: `p${index}`,
      dialer: 'carousel',
      kind,
      number,
      outcome: outcomeOf(kind, isTold),
      five9: null,
    };
  });
}

function five9Call(index: number, number: string): NightCall {
  const kind = five9Kinds[Math.floor(index / 5) % five9Kinds.length] ?? 'sale';
  const said = kind === 'hung_up' ? [] : [{ outcome: kind }];
  const campaign = campaigns[index % campaigns.length] ?? campaigns[0];
  const five9: FaultCall = { index, kind, number, key: `pk-${index}`, campaign, said };
  return { index, name: `pk-${index}`, dialer: 'five9', kind, number, outcome: kind, five9 };
}

function outcomeOf(kind: NightCall['kind'], isAnalysisTold: boolean): string {
  if (kind === 'interested') return isAnalysisTold ? 'qualified' : 'hung_up';
  if (kind === 'quiet') return 'hung_up';
  if (kind === 'vanished') return 'unknown';
  return kind === 'human' || kind === 'wiped' ? 'not_interested' : kind;
}

/** What the AI and its platform do on the call. */
export function behaviourOf({ index, kind }: NightCall): Partial<Behaviour> {
  const talk = { talkSec: 30 + (index % 7) * 10, analysisAfterSec: 20 };
  if (kind === 'interested') return { ...talk, analysis: [{ insightName: 'qualification', value: 'Interested' }] };
  if (kind === 'quiet' || kind === 'hung_up') return talk;
  if (kind === 'vanished') {
    return {
      ...talk,
      events: { dropAll: true, duplicate: false, reorder: false, dropStarted: false, forge: false, delaySec: 0 },
    };
  }
  const outcome = kind === 'human' || kind === 'wiped' ? 'not_interested' : kind;
  const commit = { outcome, summary: summaryOf({ index } as FaultCall), fields: {} };
  return { ...talk, commit: { ...commit, ...(outcome === 'callback' && { callbackInSec: 172_800 }) } };
}
