import type { DemoOptions } from './options.ts';
import { seededRandom } from './random.ts';

/** What happens in one call of the day, and what it must end as in the dialers. */
export interface ScriptedCall {
  id: number;
  dialer: 'vicidial' | 'five9';
  /** VICIdial: lead_id. Five9: number1. */
  record: string;
  /** National digits. */
  number: string;
  /** Simulated seconds after the start of the day. */
  startsAfterSec: number;
  kind: CallKind;
  behaviour: Behaviour;
  human?: { vicidialStatus: string; five9Disposition: string; afterSec: number };
  notAnswered?: 'NA' | 'B';
}

export type CallKind =
  | 'qualified'
  | 'not_interested'
  | 'callback'
  | 'opt_out'
  | 'wrong_number'
  | 'language'
  | 'voicemail'
  | 'hung_up'
  | 'analysed'
  | 'changed_mind'
  | 'human'
  | 'not_answered';

/** What the simulated agent does with a caller; the shape is the SigmaMind simulator's. */
export interface Behaviour {
  talkSec: number;
  commit?: { outcome: string; summary: string; callbackInSec?: number; fields?: Record<string, string> };
  terminationReason: string;
  analysis: { insightName: string; value: string }[] | null;
  analysisAfterSec: number;
  recording: boolean;
  events: { duplicate: boolean; reorder: boolean; dropStarted: boolean; forge: boolean; delaySec?: number };
  commitTwice: boolean;
  commitLateMs?: number;
}

/** Eight hours; with kills of the dialer a short, dense day, so that each of them meets many calls. */
export function dayLengthSec({ dialerKills, calls }: Pick<DemoOptions, 'dialerKills' | 'calls'>): number {
  return dialerKills > 0 ? calls * 3 : 8 * 3600;
}

export interface ScriptShape {
  calls: number;
  daySec: number;
  /** Every so manieth call is Five9's. */
  five9Every: number;
  /** Times by which four calls of ten are just about to be handed to the AI. */
  rushes: readonly number[];
  /** The first person of each dialer who is called. (Default: 0) */
  firstPerson?: Record<ScriptedCall['dialer'], number>;
}

const kinds: readonly CallKind[] = [
  'qualified',
  'not_interested',
  'callback',
  'opt_out',
  'voicemail',
  'hung_up',
  'wrong_number',
  'analysed',
  'human',
  'language',
  'changed_mind',
  'not_answered',
];

/** The calls of a day: every kind on both dialers in turn, at random times, with random faults of the platform. */
export function writeScript(
  seed: number,
  { calls, daySec, five9Every, rushes, firstPerson }: ScriptShape,
): ScriptedCall[] {
  const random = seededRandom(seed);
  const script: ScriptedCall[] = [];
  const counts = { vicidial: 0, five9: 0, ...firstPerson };
  for (let id = 0; id < calls; id += 1) {
    const dialer = id % five9Every === five9Every - 1 ? 'five9' : 'vicidial';
    const index = counts[dialer]++;
    const kind = kinds[index % kinds.length] ?? 'not_interested';
    const rush = dialer === 'vicidial' && index % 5 < 2 ? rushes[Math.floor(index / 5) % rushes.length] : undefined;
    const startsAfterSec =
      rush === undefined ? Math.round((daySec * (id + random())) / calls) : Math.max(0, rush - 8.5 - random() * 5.5);
    const number = phoneNumber(dialer, index);
    script.push({
      id,
      dialer,
      record: dialer === 'vicidial' ? String(1001 + index) : number,
      number,
      startsAfterSec,
      kind: kind === 'not_answered' && dialer === 'five9' ? 'not_interested' : kind,
      behaviour: behave(kind, random),
      ...(kind === 'human' && {
        human: { vicidialStatus: 'SALE', five9Disposition: 'Sale', afterSec: 120 + Math.round(random() * 240) },
      }),
      ...(kind === 'not_answered' && dialer === 'vicidial' && { notAnswered: random() < 0.5 ? 'NA' : 'B' }),
    });
  }
  return script;
}

/** Made-up numbers with the fictional 555 exchange; the two dialers share none. */
export function phoneNumber(dialer: 'vicidial' | 'five9', index: number): string {
  const area = dialer === 'vicidial' ? 303 : 720;
  const line = index % 100;
  return `${area + Math.floor(index / 100)}555${String(100 + line).padStart(4, '0')}`;
}

const commits: Partial<Record<CallKind, Behaviour['commit']>> = {
  qualified: { outcome: 'qualified', summary: 'Wants a quote for two vans in May', fields: { intent: 'quote' } },
  human: { outcome: 'qualified', summary: 'Ready to buy, asked for a person', fields: { intent: 'buy' } },
  not_interested: { outcome: 'not_interested', summary: 'Has a supplier already' },
  callback: { outcome: 'callback', summary: 'Asked to be called the day after tomorrow', callbackInSec: 2 * 86_400 },
  opt_out: { outcome: 'opt_out', summary: 'Does not want to be called again' },
  wrong_number: { outcome: 'wrong_number', summary: 'Nobody of that name here' },
  language: { outcome: 'language', summary: 'Speaks Portuguese only' },
  changed_mind: { outcome: 'callback', summary: 'Call me next week', callbackInSec: 6 * 86_400 },
};

function behave(kind: CallKind, random: () => number): Behaviour {
  const commit = commits[kind];
  return {
    talkSec: 40 + Math.round(random() * 100),
    ...(commit && { commit }),
    terminationReason: kind === 'voicemail' ? 'voicemail' : commit ? 'agent_ended_call' : 'user_ended_call',
    analysis:
      kind === 'analysed'
        ? [
            { insightName: 'qualification', value: 'Not Interested' },
            { insightName: 'conversation summary', value: 'Said no and hung up' },
          ]
        : random() < 0.5
          ? [{ insightName: 'conversation summary', value: 'A short and friendly talk' }]
          : null,
    analysisAfterSec: 20 + Math.round(random() * 60),
    recording: random() < 0.7,
    events: {
      duplicate: random() < 0.25,
      reorder: random() < 0.25,
      dropStarted: random() < 0.2,
      forge: random() < 0.1,
    },
    commitTwice: random() < 0.2,
  };
}

/** What the call must have ended as: our outcome code, or null when the AI never had the customer. */
export function expectedOutcome(call: ScriptedCall): string | null {
  if (call.kind === 'not_answered') return null;
  if (call.kind === 'analysed') return 'not_interested';
  return call.behaviour.commit?.outcome ?? (call.kind === 'voicemail' ? 'voicemail' : 'hung_up');
}
