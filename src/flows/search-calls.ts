import type { Call, Instant } from '../domain/call.ts';
import type { MarkedCall } from '../domain/call-marks.ts';
import type { CallPlace, CallSearch } from '../domain/call-search.ts';
import type { Deps } from './deps.ts';
import { findByName } from './find-calls.ts';

/** What somebody looks for. Empty texts are as good as missing ones. */
export interface CallQuestion {
  /** One box for all: a number in any writing, a name of a call in any system, a lead's key, an agent. */
  text?: string | undefined;
  /** In any writing. */
  phone?: string | undefined;
  /** The dialer's own key. */
  lead?: string | undefined;
  dialer?: string | undefined;
  campaign?: string | undefined;
  /** `none`: those that have no outcome yet. */
  outcome?: string | undefined;
  /** The AI agent. */
  agent?: string | undefined;
  /** The human agent. */
  person?: string | undefined;
  /** Registered from one instant on, and before another. */
  from?: Instant | undefined;
  before?: Instant | undefined;
  /** The `next` of the page before. */
  after?: string | undefined;
  limit: number;
}

export interface CallsAnswer {
  /** Newest first. */
  calls: MarkedCall[];
  /** Asks for the page after this one; null when there is none. Safe in a URL. */
  next: string | null;
  /** As what `text` was understood: empty without one, or when nothing has it. */
  readAs: 'name' | 'phone' | 'lead' | 'agent' | 'person' | '';
  /** Set when the look ended for its length: older calls that fit are found from `next` on. */
  lookedBackTo: Instant | null;
}

export type SearchDeps = Pick<Deps, 'store' | 'dialers' | 'platforms' | 'readPhone'>;

const nothing: CallsAnswer = { calls: [], next: null, readAs: '', lookedBackTo: null };

/** Finds calls for people who look, newest first. A text is taken for the strongest thing that it can be and hits. */
export async function searchCalls(deps: SearchDeps, question: CallQuestion): Promise<CallsAnswer> {
  const search = searchOf(deps, question);
  if (search === null) return nothing;
  const text = question.text?.trim() ?? '';
  if (text === '') return look(deps, search, '');

  if (!search.after) {
    const named = await findByName(deps, text);
    if (named.length > 0) return { ...nothing, calls: await marked(deps, named), readAs: 'name' };
  }
  for (const { readAs, ...meaning } of meaningsOf(deps, text)) {
    const answer = await look(deps, { ...search, ...meaning }, readAs);
    if (answer.calls.length > 0 || answer.next) return answer;
  }
  return nothing;
}

/** Null when nothing can fit: a number that is none. */
function searchOf(deps: SearchDeps, question: CallQuestion): CallSearch | null {
  const { phone, lead, dialer, campaign, outcome, agent, person, from, before, after, limit } = question;
  const numbers = phone ? phonesOf(deps, phone) : [];
  if (phone && numbers.length === 0) return null;
  const place = after ? readPlace(after) : null;
  return {
    ...(numbers[0] && { phone: numbers[0] }),
    ...(lead && { lead }),
    ...(dialer && { dialer }),
    ...(campaign && { campaign }),
    ...(outcome && { outcome: outcome === 'none' ? '' : outcome }),
    ...(agent && { agent }),
    ...(person && { person }),
    ...(from && { from }),
    ...(before && { before }),
    ...(place && { after: place }),
    limit,
  };
}

type Meaning = Pick<CallSearch, 'phone' | 'lead' | 'agent' | 'person'> & { readAs: CallsAnswer['readAs'] };

function meaningsOf(deps: SearchDeps, text: string): Meaning[] {
  return [
    ...phonesOf(deps, text).map((phone): Meaning => ({ phone, readAs: 'phone' })),
    { lead: text, readAs: 'lead' },
    { person: text, readAs: 'person' },
    { agent: text, readAs: 'agent' },
  ];
}

/** A number reads differently where dialers are in several countries. */
function phonesOf({ dialers, readPhone }: SearchDeps, text: string): string[] {
  const countries = new Set([...dialers.values()].map(({ settings }) => settings.country));
  return [...new Set([...countries].map((country) => readPhone(text, country)).filter(Boolean))];
}

async function look({ store }: SearchDeps, search: CallSearch, readAs: CallsAnswer['readAs']): Promise<CallsAnswer> {
  const { calls, next, isCut } = await store.searchCalls(search);
  return {
    calls,
    next: next && writePlace(next),
    readAs,
    lookedBackTo: isCut && next ? next.registeredAt : null,
  };
}

async function marked({ store }: SearchDeps, calls: readonly Call[]): Promise<MarkedCall[]> {
  return store.markedCalls(calls.map(({ correlationId }) => correlationId));
}

function writePlace({ registeredAt, correlationId }: CallPlace): string {
  return `${registeredAt}_${correlationId}`;
}

/** Somebody may have typed it: what can't be a place is none. */
function readPlace(text: string): CallPlace | null {
  const [, registeredAt = '', correlationId = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([\w-]{0,64})$/.exec(text) ?? [];
  return registeredAt && !Number.isNaN(Date.parse(registeredAt)) ? { registeredAt, correlationId } : null;
}
