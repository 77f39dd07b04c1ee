import { countDoubles, type Verdict } from '../demo/verdict.ts';
import type { Five9Simulator } from '../simulators/five9/five9-simulator.ts';

export const campaigns = ['Spring', 'Summer', 'Autumn'] as const;
export const callbackList = 'AI callbacks';
export const agentDisposition = 'Agent - Sold';

export const dispositions: Readonly<Record<string, string>> = {
  sale: 'AI - Sale',
  not_interested: 'AI - Not interested',
  wrong_number: 'AI - Wrong number',
  callback: 'AI - Callback',
  opt_out: 'AI - Do not call',
  hung_up: 'AI - Hung up',
};

/** `changed_mind` agrees to a callback, then opts out; `agent` is disposed of by a person before the AI's word is in. */
const kinds = [
  ...['sale', 'not_interested', 'callback', 'opt_out', 'wrong_number', 'hung_up'],
  ...['changed_mind', 'agent', 'agent_callback', 'sale', 'callback', 'moved_callback', 'keyless'],
] as const;
export type Kind = (typeof kinds)[number] | 'stranger' | 'agent_later';

/** What the AI says in a call, in this order. */
export interface Said {
  outcome: string;
  callbackAt?: string;
}

/** One call of the day: whom, in which campaign, how it ends. */
export interface FaultCall {
  index: number;
  kind: Kind;
  number: string;
  /** Empty: the contact has nothing in the key field. */
  key: string;
  campaign: string;
  /** Empty: the platform only tells that the call has ended. */
  said: Said[];
}

/** @param only all calls of this kind; else of each kind in turn */
export function writeCalls(count: number, startsAt: string, only?: Kind): FaultCall[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = only ?? (index % 26 === 25 ? 'stranger' : (kinds[index % kinds.length] ?? 'sale'));
    return {
      index,
      kind,
      number: `${300 + Math.floor(index / 100)}555${String(100 + (index % 100)).padStart(4, '0')}`,
      key: kind === 'keyless' ? '' : `pk-${index}`,
      // Spring has three of five, so that its imports are full.
      campaign: campaigns[index % 5] ?? campaigns[0],
      said: saidIn(kind, (days) => new Date(Date.parse(startsAt) + days * 86_400_000 + index * 60_000).toISOString()),
    };
  });
}

function saidIn(kind: Kind, inDays: (days: number) => string): Said[] {
  const callback = { outcome: 'callback', callbackAt: inDays(2) };
  switch (kind) {
    case 'hung_up':
      return [];
    case 'changed_mind':
      return [callback, { outcome: 'opt_out' }];
    case 'callback':
    case 'agent_callback':
      return [callback];
    case 'moved_callback':
      return [callback, { outcome: 'callback', callbackAt: inDays(3) }];
    case 'agent':
    case 'agent_later':
    case 'keyless':
    case 'stranger':
      return [{ outcome: 'not_interested' }];
    default:
      return [{ outcome: kind }];
  }
}

/** The domain's contacts; a stranger is in no list of a campaign, so that its disposition is refused. */
export function contactsOf(calls: readonly FaultCall[]) {
  return calls.map(({ number, key, kind, campaign }) => ({
    fields: { number1: number, ...(key && { patchbay_key: key }) },
    lists: kind === 'stranger' ? [] : [`${campaign} leads`],
  }));
}

/** Compares what the domain holds, and its journal, with what the script of the calls wanted. */
export function judgeCalls(five9: Five9Simulator, calls: readonly FaultCall[]): Verdict {
  const verdict: Verdict = { lost: 0, double: 0, wrong: 0, findings: [] };
  for (const call of calls) judgeCall(verdict, five9, call);
  countDoubles(verdict, 'five9', five9.effects());
  countUnwanted(verdict, five9, calls);
  return verdict;
}

function judgeCall(verdict: Verdict, five9: Five9Simulator, call: FaultCall): void {
  const { contact, dispositions: held, listEntries, dnc } = five9.state(call.number);
  const last = call.said.at(-1) ?? { outcome: 'hung_up' };
  const isAgents = call.kind.startsWith('agent');
  const find = (what: 'lost' | 'wrong', is: unknown, should: unknown, name: string) => {
    if (is === should) return;
    verdict[what] += 1;
    verdict.findings.push(`call ${call.index} (${call.kind}): ${name} is "${is}", should be "${should}"`);
  };

  const disposition = isAgents ? agentDisposition : (dispositions[last.outcome] ?? '');
  find(
    isAgents ? 'wrong' : 'lost',
    held[call.campaign] ?? '',
    call.kind === 'stranger' ? '' : disposition,
    'disposition',
  );
  const entry = listEntries.find(({ list }) => list === callbackList);
  find('lost', entry?.callTime ?? '', isAgents ? '' : (last.callbackAt ?? ''), 'callback');
  find(last.outcome === 'opt_out' ? 'lost' : 'wrong', dnc, last.outcome === 'opt_out', 'DNC');
  // What a call ends as after an agent was faster is the agent's word, which maps to no outcome of ours.
  if (!isAgents) find('lost', contact?.fields.ai_outcome, last.outcome, 'field ai_outcome');
  if (call.said.length > 0) find('lost', contact?.fields.ai_summary, summaryOf(call), 'field ai_summary');
}

export function summaryOf({ index }: FaultCall): string {
  return `Said "so" in call ${index} & hung up`;
}

/** Written to a record or campaign that no call was about, or with a value that its call never had. */
function countUnwanted(verdict: Verdict, five9: Five9Simulator, calls: readonly FaultCall[]): void {
  const byNumber = new Map(calls.map((call) => [call.number, call]));
  for (const { by, kind, record, campaign, value } of five9.effects()) {
    if (by !== 'api') continue;
    const call = byNumber.get(record);
    const outcomes = call?.said.map(({ outcome }) => outcome) ?? [];
    if (outcomes.length === 0) outcomes.push('hung_up');
    const isPutBack = value === agentDisposition && call?.kind.startsWith('agent') === true;
    const wanted: Record<string, boolean> = {
      disposition:
        campaign === call?.campaign && (isPutBack || outcomes.some((outcome) => dispositions[outcome] === value)),
      callback: campaign === callbackList && (call?.said.some(({ callbackAt }) => callbackAt === value) ?? false),
      dnc: outcomes.includes('opt_out'),
    };
    if (call && wanted[kind] !== false) continue;
    verdict.wrong += 1;
    verdict.findings.push(`${kind} "${value}" was written to ${record}, which no call wanted`);
  }
}
