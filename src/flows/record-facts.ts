import type { Call, CallRef, Instant } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import { deriveCorrelationId, isCorrelationId, mintCorrelationId } from '../domain/correlation-id.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { Fact } from '../domain/fact.ts';
import { bases, decideOutcome } from '../domain/outcome.ts';
import { possibleNumbers } from '../domain/possible-numbers.ts';
import { campaignSettings, ofCampaign } from '../domain/settings.ts';
import type { FactToRecord, RecordedFact } from '../store/store.ts';
import type { Deps } from './deps.ts';
import { isOutcomeReadNote } from './note-outcome-read.ts';
import { hasOpenStage, settleStages } from './settle-stages.ts';

export type RecordResult =
  | { kind: 'recorded'; results: RecordedFact[] }
  /** The store did not answer in time: the facts lie flushed on disk, and are drained later. */
  | { kind: 'spooled' };

export interface RecordOptions {
  /** Milliseconds of the machine's clock for the store, before the spool takes the facts. */
  budgetMs: number;
  /** The ID for a call that may be new. It counts as given away when the facts go to the spool. */
  announcedId?: string;
  /** True: without the store nothing is kept, and the promise rejects with `store_away`. */
  isStoreOnly?: boolean;
  /** When the calls will be placed, where that is later than now: a new ID holds from then on. */
  startsAt?: Instant;
  /** Milliseconds of the machine's clock for the spool. (Default: 3000) */
  spoolMs?: number;
}

/**
 * Appends what a system told us about calls: the outcome is derived and the write-backs are planned in one transaction.
 * When it resolves the facts are durable, and the sender may be acknowledged. Rejects only when neither store nor spool
 * took them.
 */
export async function recordFacts(deps: Deps, facts: readonly Fact[], options: RecordOptions): Promise<RecordResult> {
  const entries = facts.filter((fact) => !isDroppedByDrill(deps, fact)).map((fact) => entryOf(deps, fact, options));
  if (entries.length === 0) return { kind: 'spooled' };
  // Before they are stored: their write-backs may be sent before the store's answer is heard.
  traceAbout(
    deps,
    facts.flatMap(({ refs }) =>
      refs.flatMap(({ kind, key }) => (kind === 'correlation' && isCorrelationId(key) ? key : [])),
    ),
  );

  const record = (settled: readonly FactToRecord[]) =>
    deps.store.recordFacts({ facts: settled, now: instantOf(deps.clock) });
  const answer = await deps.gate.write(options.budgetMs, () =>
    hasOpenStage(entries) ? settleStages(deps, entries).then(record) : record(entries),
  );
  if (answer.kind === 'away' && options.isStoreOnly) throw storeAway();
  if (answer.kind === 'away') {
    const isAnnounced = options.announcedId !== undefined;
    const kept = Promise.all(entries.map((entry) => deps.spool.append({ ...entry, isAnnounced })));
    await within(options.spoolMs ?? 3000, kept);
    deps.failAt('spool.written');
    for (const { fact } of entries) learnFromSpooled(deps, fact, facts);
    for (const fact of facts) deps.count.factRecorded(fact.body.kind, 'spooled');
    return { kind: 'spooled' };
  }
  deps.failAt('facts.stored');
  tellAll(deps, entries, answer.value);
  traceAbout(
    deps,
    answer.value.map(({ call }) => call.correlationId),
  );
  return { kind: 'recorded', results: answer.value };
}

/** What runs is about a call, where it is about one alone. */
function traceAbout(deps: Deps, ids: readonly string[]): void {
  const [only, ...others] = new Set(ids);
  if (only && others.length === 0) deps.tracing.about(only);
}

/** What lies in the spool only must hold for live calls at once: an outcome, and above all an opt-out. */
function learnFromSpooled(deps: Deps, fact: Fact, toldTogether: readonly Fact[]): void {
  const told = decideOutcome([fact]);
  if (!told) return;
  // A call that this process never saw may be told with its leg, or with the numbers that it can be of.
  for (const phone of told.optedOutAt ? phonesIn(toldTogether) : []) deps.memory.rememberOptOut(phone);
  const known = fact.refs.map((ref) => deps.memory.callByRef(ref)).find((call) => call !== undefined);
  if (!known) return;
  if (fact.body.kind === 'ended') deps.capacity.ended(known.correlationId, false);
  const before = known.outcome;
  const isStronger = !before || bases.indexOf(told.basis) <= bases.indexOf(before.basis);
  const outcome = isStronger ? told : before;
  const optedOutAt = before?.optedOutAt ?? told.optedOutAt;
  const kept = { ...(optedOutAt && { optedOutAt }), ...(before?.shadow && { shadow: before.shadow }) };
  const call: Call = { ...known, outcome: { ...outcome, ...kept } };
  deps.memory.rememberCall(call, fact.refs);
  deps.waiters.wake(call);
}

function phonesIn(facts: readonly Fact[]): string[] {
  const legs = facts.flatMap(({ body }) => (body.kind === 'registered' ? body.leg.phone : []));
  return [...legs, ...possibleNumbers(facts)].filter(Boolean);
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const what = `the spool took longer than ${Math.round(ms)} ms`;
      reject(new ConnectorError('store_away', what, { retryable: true, hint: 'See what keeps the disk busy.' }));
    }, ms);
  });
  work.catch(() => undefined);
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Wakes and nudges after facts are durable: once for a call, however much of it was told together. */
export function tellAll(deps: Deps, entries: readonly FactToRecord[], results: readonly RecordedFact[]): void {
  let isDue = false;
  for (let start = 0; start < results.length; ) {
    const end = nextCall(results, start);
    if (tellCall(deps, entries.slice(start, end), results.slice(start, end))) isDue = true;
    start = end;
  }
  if (isDue) deps.nudge();
}

/** Where the results end that are of the same call as this one, one behind the other. */
function nextCall(results: readonly RecordedFact[], start: number): number {
  const first = results[start];
  const isAlike = (other: RecordedFact | undefined) =>
    other?.call.correlationId === first?.call.correlationId && other?.isPurged === first?.isPurged;
  let end = start + 1;
  while (end < results.length && isAlike(results[end])) end += 1;
  return end;
}

/** True when there is something to deliver. */
function tellCall(deps: Deps, entries: readonly FactToRecord[], results: readonly RecordedFact[]): boolean {
  const last = results.at(-1);
  for (const [index, { isAdded, isPurged }] of results.entries()) {
    const { body, source } = (entries[index] as FactToRecord).fact;
    deps.count.factRecorded(body.kind, isAdded ? 'recorded' : 'duplicate');
    if (isPurged) deps.log.info({ kind: body.kind, source }, 'a late word about a purged call was not kept');
  }
  if (!last || last.isPurged) return false;
  const { call } = last;
  remember(deps, call, entries);
  for (const { optedOut = [] } of results) for (const phone of optedOut) deps.memory.rememberOptOut(phone);
  const added = entries.filter((_, index) => results[index]?.isAdded);
  if (added.length === 0) return false;
  deps.changes.tell(call.correlationId);
  if (added.some(({ fact }) => leavesAi(fact))) deps.capacity.ended(call.correlationId, true);
  for (const { fact } of added) {
    const { source, body } = fact;
    deps.log.debug({ correlationId: call.correlationId, kind: body.kind, source }, 'fact recorded');
  }
  // A note that a script was told the outcome changes nothing of it.
  if (!call.outcome || added.every(({ fact }) => isOutcomeReadNote(fact.body))) return false;
  warnOfUnmapped(deps, call);
  deps.waiters.wake(call);
  return results.some((result) => result.isDue);
}

/** The store counts the call at its platform no more, however late the platform tells its end. */
function leavesAi({ body }: Fact): boolean {
  return body.kind === 'ended' || body.kind === 'dispositioned' || (body.kind === 'steered' && body.result === 'done');
}

/** The campaign's write-backs of this outcome wait until the mapping has it. */
function warnOfUnmapped(deps: Deps, { correlationId, dialer: id, campaign, outcome, mapping }: Call): void {
  const dialer = deps.dialers.get(id);
  if (!dialer || !outcome || outcome.basis === 'human') return;
  if (campaignSettings(dialer.settings, campaign).dispositions[outcome.code]) return;
  const begunWith = deps.mappings.known(mapping ?? '')?.[id] ?? {};
  if (ofCampaign(begunWith, campaign)?.dispositions[outcome.code]) return;
  const hint = campaign
    ? `Add it to dialers.${id}.campaigns.${campaign}.dispositions.`
    : `The call was registered without a campaign: have its script name one, or add it to dialers.${id}.campaigns.*.dispositions.`;
  deps.log.warn(
    { dialer: id, campaign, outcome: outcome.code, correlationId, hint },
    'an outcome has no disposition: its write-back is held',
  );
}

function remember(deps: Deps, call: Call, entries: readonly FactToRecord[]): void {
  const refs = [correlationRef(call.correlationId)];
  for (const [index, { fact }] of entries.entries()) {
    if (fact.refs !== entries[index - 1]?.fact.refs) refs.push(...fact.refs);
    if (fact.body.kind === 'registered') deps.memory.rememberLeg(call.correlationId, fact.body.leg);
  }
  deps.memory.rememberCall(call, refs);
}

function entryOf(deps: Deps, fact: Fact, options: RecordOptions): FactToRecord {
  const named = fact.refs.find((ref) => ref.kind === 'correlation' && isCorrelationId(ref.key));
  return {
    fact,
    receivedAt: instantOf(deps.clock),
    freshId: options.announcedId ?? named?.key ?? freshIdOf(deps, fact.refs),
    isAnnounced: false,
    expiresAt: new Date(startsMs(deps, options) + deps.settings.idHours * 3_600_000).toISOString(),
  };
}

function startsMs(deps: Deps, { startsAt }: RecordOptions): number {
  return Math.max(deps.clock.now(), startsAt ? Date.parse(startsAt) : 0);
}

function storeAway(): ConnectorError {
  return new ConnectorError('store_away', 'the store did not answer, so nothing was noted and nobody is called', {
    retryable: true,
    hint: 'See that the database runs, then do it again: who was called already is not called twice.',
  });
}

/** The ID that a call gets when it turns out to be new: it follows from the strongest of its names. */
export function freshIdOf(deps: Pick<Deps, 'keyedHash' | 'randomBytes'>, refs: readonly CallRef[]): string {
  const [strongest] = refs;
  return strongest ? deriveCorrelationId(deps.keyedHash, strongest) : mintCorrelationId(deps.randomBytes);
}

const droppedCalls = new WeakMap<object, { seen: Set<string>; dropped: string }>();

/** In a drill that proves the measure: every commit of the n-th call is acknowledged and thrown away. */
function isDroppedByDrill(deps: Deps, fact: Fact): boolean {
  const nth = deps.settings.drill.dropsCommitOfCall;
  if (nth === 0 || fact.body.kind !== 'committed') return false;
  const state = droppedCalls.get(deps.settings) ?? { seen: new Set<string>(), dropped: '' };
  droppedCalls.set(deps.settings, state);
  const name = fact.refs[0]?.key ?? '';
  state.seen.add(name);
  if (state.seen.size === nth && !state.dropped) state.dropped = name;
  return state.dropped === name;
}
