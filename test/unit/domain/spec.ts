import type { PlanRules } from '../../../src/domain/plan-write-backs.ts';
import type { ToldFact } from './cast.ts';

/** What a dialer holds of a customer, in words that compare well. */
export interface Held {
  disposition: string;
  callback: string;
  dnc: string;
  fields: string;
}

interface Word {
  by: 'opt-out' | 'operator' | 'human' | 'other';
  code: string;
  at: string;
  callbackAt?: string | undefined;
}

/**
 * What every dialer must hold in the end, said once more and in another way than the domain says it: as a list of who is
 * asked first. Nothing here may import from the domain but types.
 */
export function wantedBy(facts: readonly ToldFact[], rules: PlanRules): Record<string, Held> {
  const word = wordOf(facts);
  const registered = told(facts, 'registered').map(({ body }) => body.leg);
  const phones = [...new Set(registered.map(({ phone }) => phone).filter(Boolean))].sort();
  const corrected = told(facts, 'corrected').filter(({ body }) => body.outcome !== 'opt_out');
  const correctedAt = last(corrected)?.at ?? '';
  const held: Record<string, Held> = {};
  for (const [dialer, { aspects, campaigns }] of Object.entries(rules.dialers)) {
    const human = last(told(facts, 'dispositioned').filter(({ body }) => body.dialer === dialer));
    const { isReached, isOwn, campaign } = reach(facts, dialer, rules);
    const isHumans = human !== undefined && !(isReached && correctedAt > human.at);
    const plan = campaigns[campaign] ?? campaigns['*'];
    const code = isReached && word ? codeFor(facts, word) : '';
    const hasCallback = isOwn && !isHumans && word?.code === 'callback' && aspects.includes('callback');
    const time = code === 'callback' && word?.callbackAt ? ` ${word.callbackAt}` : '';
    held[dialer] = {
      disposition: isHumans ? `human ${human.body.disposition}` : `${plan?.dispositions[code] ?? ''}${time}`,
      callback: hasCallback ? (word.callbackAt ?? '') : '',
      dnc: word?.by === 'opt-out' && registered.length > 0 ? phones.join() : '',
      fields: isOwn && word && aspects.includes('fields') ? fieldsOf(facts, word, plan?.fields ?? {}) : '{}',
    };
  }
  return held;
}

export function wordOf(facts: readonly ToldFact[]): Word | undefined {
  const orders = told(facts, 'steered').map(({ body }) => body);
  const isFailed = ({ key }: ToldFact) =>
    orders.some(({ commit }) => commit === key) &&
    !orders.some(({ commit, result }) => commit === key && result === 'done');
  const committed = told(facts, 'committed').filter((fact) => !isFailed(fact));
  const corrected = told(facts, 'corrected');
  const humans = told(facts, 'dispositioned').map((fact) => ({
    ...fact,
    body: { outcome: fact.body.outcome ?? 'unknown' },
  }));
  const analysed = told(facts, 'analysed');
  const undoneAt = last(told(facts, 'opt-out-undone'))?.at ?? '';

  const everybody: Said[] = [...committed, ...corrected, ...humans, ...analysed];
  const optOuts = everybody.filter(({ at, body }) => body.outcome === 'opt_out' && at > undoneAt);
  const rest = (said: readonly Said[]) => said.filter(({ body }) => body.outcome !== 'opt_out');
  const isCallback = ({ body }: Said) => body.outcome === 'callback';

  return (
    wordBy('opt-out', optOuts) ??
    wordBy('operator', rest(corrected)) ??
    wordBy('human', rest(humans)) ??
    withTime(wordBy('other', committed.filter(isCallback)), timeIn(committed) ?? timeIn(analysed)) ??
    wordBy(
      'other',
      rest(committed).filter((fact) => !isCallback(fact)),
    ) ??
    withTime(
      wordBy(
        'other',
        rest(analysed).filter(({ body }) => body.outcome),
      ),
      timeIn(analysed),
    ) ??
    wordBy('other', told(facts, 'ended')) ??
    wordBy(
      'other',
      told(facts, 'silent').map((fact) => ({ ...fact, body: { outcome: 'unknown' } })),
    )
  );
}

interface Said extends Pick<ToldFact, 'source' | 'key' | 'at'> {
  body: { kind?: string; outcome?: string | undefined; callbackAt?: string | undefined };
}

function wordBy(by: Word['by'], said: readonly Said[]): Word | undefined {
  const deciding = last(said);
  if (!deciding) return undefined;
  const { outcome = '', callbackAt } = deciding.body;
  return { by, code: outcome, at: deciding.at, ...(outcome === 'callback' && { callbackAt }) };
}

/** The last time that a callback was said with. */
function timeIn(said: readonly Said[]): string | undefined {
  return last(said.filter(({ body }) => body.outcome === 'callback' && body.callbackAt))?.body.callbackAt;
}

/** Whoever says only that a callback is wanted does not mean that its time is forgotten. */
function withTime(word: Word | undefined, time: string | undefined): Word | undefined {
  return word?.code === 'callback' ? { ...word, callbackAt: word.callbackAt ?? time } : word;
}

/** A dialer where no person spoke hears what a person said elsewhere; where that can't be read, what it was without it. */
function codeFor(facts: readonly ToldFact[], word: Word): string {
  if (word.by !== 'human' || word.code !== 'unknown') return word.code;
  const without = wordOf(facts.filter(({ body }) => body.kind !== 'dispositioned'));
  // The callback is cancelled.
  return without && without.code !== 'callback' ? without.code : 'unknown';
}

/** Whether the call is anything to a dialer: it had a leg of it, or another's campaign tells it. */
function reach(facts: readonly ToldFact[], dialer: string, rules: PlanRules) {
  const own = legOf(facts, dialer);
  if (own) return { isReached: true, isOwn: true, campaign: own.campaign };
  for (const [other, { campaigns }] of Object.entries(rules.dialers)) {
    const leg = legOf(facts, other);
    const mirror = (campaigns[leg?.campaign ?? ''] ?? campaigns['*'])?.mirror;
    if (mirror?.dialer === dialer && leg?.phone) return { isReached: true, isOwn: false, campaign: mirror.campaign };
  }
  return { isReached: false, isOwn: false, campaign: '' };
}

/** The earliest call of a dialer; its campaign and number are the first that somebody told. */
function legOf(facts: readonly ToldFact[], dialer: string): { campaign: string; phone: string } | undefined {
  const own = told(facts, 'registered').filter(({ body }) => body.leg.dialer === dialer);
  const key = ({ body: { leg } }: (typeof own)[number]) => `${leg.calledAt} ${leg.callKey}`;
  const [first] = own.map(key).sort();
  const callKey = own.find((fact) => key(fact) === first)?.body.leg.callKey;
  if (callKey === undefined) return undefined;
  const legs = own
    .filter(({ body }) => body.leg.callKey === callKey)
    .sort((a, b) => compare(a.at, b.at) || compare(JSON.stringify(a.body.leg), JSON.stringify(b.body.leg)))
    .map(({ body }) => body.leg);
  const first_ = (texts: string[]) => texts.find(Boolean) ?? '';
  return { campaign: first_(legs.map((leg) => leg.campaign)), phone: first_(legs.map((leg) => leg.phone)) };
}

/** The last word of everybody, and of the AI in the call before that of the analysis; an emptied time to call back is told. */
function fieldsOf(facts: readonly ToldFact[], word: Word, names: Readonly<Record<string, string>>): string {
  const spoken = inOrder(told(facts, 'committed'));
  const analysed = inOrder(told(facts, 'analysed'));
  const summaries = [...analysed, ...spoken].map(({ body }) => body.summary).filter(Boolean);
  const recordings = inOrder([...told(facts, 'ended'), ...told(facts, 'analysed')]).map(
    ({ body }) => body.recordingUrl,
  );
  const values: Record<string, string> = {
    ...Object.fromEntries(
      [...analysed, ...spoken].flatMap(({ body }) => Object.entries(body.fields).filter(([, value]) => value)),
    ),
    outcome: word.code,
    summary: summaries.at(-1) ?? '',
    callback_at: word.callbackAt ?? '',
    recording_url: recordings.filter(Boolean).at(-1) ?? '',
  };
  const filled = Object.entries(names).flatMap(([field, from]) => (values[from] ? [[field, values[from]]] : []));
  return JSON.stringify(Object.fromEntries(filled.sort()));
}

type Of<K> = ToldFact & { body: Extract<ToldFact['body'], { kind: K }> };

function told<K extends ToldFact['body']['kind']>(facts: readonly ToldFact[], kind: K): Of<K>[] {
  return facts.filter((fact): fact is Of<K> => fact.body.kind === kind);
}

function inOrder<T extends Pick<ToldFact, 'at' | 'key' | 'source'>>(facts: readonly T[]): T[] {
  return [...facts].sort((a, b) => compare(a.at, b.at) || compare(a.key, b.key) || compare(a.source, b.source));
}

function last<T extends Pick<ToldFact, 'at' | 'key' | 'source'>>(facts: readonly T[]): T | undefined {
  return inOrder(facts).at(-1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
