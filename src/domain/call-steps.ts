import type { Instant } from './call.ts';
import type { Detail, Step } from './call-timeline.ts';
import type { FactBody, StoredFact } from './fact.ts';
import { factDetails } from './fact-details.ts';
import { factHeadline, factWords } from './fact-words.ts';

type ToldStep = Omit<Step, 'gapSec' | 'slow'>;
type ToldFact = Pick<StoredFact, 'at' | 'source' | 'body'>;

/** What the facts of a call tell, moment by moment; one fact may tell of several. */
export function factSteps(facts: readonly ToldFact[]): ToldStep[] {
  const known = new Set<string>();
  const steps = [...facts].sort(byTime).flatMap((fact) => {
    if (fact.body.kind !== 'registered') return stepsOf(fact);
    const { dialer, callKey } = fact.body.leg;
    const isAgain = known.has(`${dialer} ${callKey}`);
    known.add(`${dialer} ${callKey}`);
    return isAgain ? toldAgain(fact, fact.body) : stepsOf(fact);
  });
  return [...dialledSteps(facts), ...steps];
}

/** A leg that was registered before, named by one more way: nothing began anew. */
function toldAgain(fact: ToldFact, body: Extract<FactBody, { kind: 'registered' }>): ToldStep[] {
  const [own, ...rest] = stepsOf(fact);
  return own ? [{ ...own, headline: `Named again, by ${body.via}` }, ...rest] : rest;
}

function byTime(one: ToldFact, other: ToldFact): number {
  return one.at < other.at ? -1 : one.at > other.at ? 1 : 0;
}

function stepsOf(fact: ToldFact): ToldStep[] {
  const { at, source, body } = fact;
  const own: ToldStep = {
    ...{ at, source, kind: kindOf(body), what: factWords(body) },
    ...{ headline: factHeadline(body), details: factDetails(body) },
  };
  if (body.kind === 'registered' && body.headers) return [own, headersStep(fact, body)];
  if (body.kind === 'leg-record') return [own, ...recordSteps(body)];
  return [own];
}

function kindOf(body: FactBody): Step['kind'] {
  if (body.kind === 'leg-record') return 'record';
  if (body.kind === 'noted' && body.event === 'outcome-read') return 'read';
  return body.kind;
}

/** When the dialer says that the call began, once per leg: registering it comes later. */
function dialledSteps(facts: readonly ToldFact[]): ToldStep[] {
  const first = new Map<string, ToldStep>();
  for (const { at, body } of facts) {
    if (body.kind !== 'registered' || !body.leg.calledAt || body.leg.calledAt >= at) continue;
    const { leg, gate } = body;
    const known = first.get(`${leg.dialer} ${leg.callKey}`);
    if (known && known.at <= leg.calledAt) continue;
    const isInbound = gate?.direction === 'inbound';
    first.set(`${leg.dialer} ${leg.callKey}`, {
      ...{ at: leg.calledAt, source: leg.dialer, kind: 'dialled' },
      what: `${isInbound ? 'called in' : 'dialled'}, by the dialer's word`,
      headline: isInbound ? 'The customer called' : 'Dialled',
      details: [
        plain('call of the dialer', leg.callKey),
        plain('campaign', leg.campaign),
        plain('list', leg.list),
        plain('line or agent', leg.agent),
      ].filter(({ value }) => value !== ''),
    });
  }
  return [...first.values()];
}

function headersStep({ at }: ToldFact, body: Extract<FactBody, { kind: 'registered' }>): ToldStep {
  const { sent = [], empty = [], dropped = [] } = body.headers ?? {};
  const lacking = [
    ...(empty.length > 0 ? [`${empty.length} empty`] : []),
    ...(dropped.length > 0 ? [`${dropped.length} did not fit`] : []),
  ];
  const headline = `Headers sent: ${sent.length}${lacking.length > 0 ? `, ${lacking.join(', ')}` : ''}`;
  return {
    ...{ at, source: 'patchbay', kind: 'headers', headline },
    what: `headers sent: ${sent.join(' ') || 'none'}${notes({ empty, dropped })}`,
    details: [
      plain('sent', sent.join(' ')),
      plain('empty: nothing was known', empty.join(' ')),
      plain('left out: did not fit the budget', dropped.join(' ')),
    ].filter(({ value }) => value !== ''),
  };
}

function notes({ empty, dropped }: { empty: readonly string[]; dropped: readonly string[] }): string {
  const noted = [
    ...(empty.length > 0 ? [`empty: ${empty.join(' ')}`] : []),
    ...(dropped.length > 0 ? [`did not fit: ${dropped.join(' ')}`] : []),
  ];
  return noted.length > 0 ? ` (${noted.join('; ')})` : '';
}

/** What the dialer's own record says of moments that nobody told while they were. */
function recordSteps({ dialer: source, answeredAt, endedAt }: Extract<FactBody, { kind: 'leg-record' }>): ToldStep[] {
  const step = (at: Instant, kind: 'answered' | 'left', headline: string): ToldStep => ({
    ...{ at, source, kind, headline, details: [] },
    what: `${headline.toLowerCase()}, by the dialer's record`,
  });
  return [
    ...(answeredAt ? [step(answeredAt, 'answered', 'Answered')] : []),
    ...(endedAt ? [step(endedAt, 'left', 'Over for the dialer')] : []),
  ];
}

function plain(name: string, value: string): Detail {
  return { name, value, privacy: 'plain' };
}
