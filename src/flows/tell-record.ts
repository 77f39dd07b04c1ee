import type { CallRef } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef, ourInstance } from '../domain/connector.ts';
import { readCorrelationId } from '../domain/correlation-id.ts';
import { erasedMark } from '../domain/erased-mark.ts';
import { messageOf } from '../domain/errors.ts';
import type { StoredFact } from '../domain/fact.ts';
import type { Platform, PlatformEvent, PlatformRecord } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { keepEvent } from './keep-event.ts';
import { keepTranscript } from './keep-transcript.ts';
import { matchEvent } from './match-event.ts';

export interface ToldRecord {
  /** Facts that we did not have; in a dry run, that we would have got. */
  added: number;
  /** Our call, when there is one by now. */
  correlationId: string;
  /** True when a dialer has told us about that call. */
  isMatched: boolean;
  /** What a webhook said of the end, where the record says otherwise; empty where they agree. */
  contradiction: string;
  /** True when the call was erased for a person's sake: nothing is told of it, and its record is deleted. */
  isErased: boolean;
}

export interface TellOptions {
  isDryRun?: boolean;
  /** Further names for the call: what was waiting for the record goes up in it. */
  refs?: readonly CallRef[];
  /** How many records may still be asked for one by one, where the list shows less of them. (Default: any number) */
  asks?: { left: number };
  signal?: AbortSignal;
}

const budgets = { matchMs: 3000, recordMs: 5000 };

/** Appends what the platform's own record of a call tells and no webhook has told. */
export async function tellRecord(
  deps: Deps,
  platform: Platform,
  listed: PlatformRecord,
  { isDryRun = false, refs = [], asks, signal }: TellOptions = {},
): Promise<ToldRecord> {
  const known = await readKnown(deps, listed);
  const mayAsk = !known.isMatched && (!asks || (known.correlationId === '' && asks.left > 0));
  const record = mayAsk ? await whole(platform, listed, { asks, signal }) : listed;
  if (await isErased(deps, record, known)) {
    if (!isDryRun) await eraseAgain(deps, platform, record.callKey, known);
    return { added: 0, correlationId: '', isMatched: false, contradiction: '', isErased: true };
  }
  const missing = record.events.filter(({ key }) => !known.keys.has(`${platform.id} ${key}`));
  const isStranger = !known.isMatched && known.correlationId !== '' && missing.length === 0 && refs.length === 0;
  const isTold = isDryRun || (isStranger && !(await mayBeOurs(deps, platform, record)));
  let added = isDryRun ? missing.length : 0;
  if (!isTold) {
    // A shell may go up in its call by a name that only the record has: then nothing is new, but everything is told.
    for (const event of known.isMatched && refs.length === 0 ? missing : record.events) {
      const named = { ...event, refs: [...event.refs, ...refs] };
      if ((await keepEvent(deps, platform.id, named, budgets)) === 'recorded') added += 1;
    }
  }
  const isUnchanged = known.isMatched && (isDryRun || missing.length === 0);
  const now = isUnchanged ? known : await (isDryRun ? foresee(deps, platform, record) : readKnown(deps, record));
  const { correlationId, isMatched } = now;
  if (correlationId && record.isOver && !isTold) {
    await keepTranscript(deps, platform.id, correlationId, record.transcript);
  }
  return { added, correlationId, isMatched, contradiction: contradictionIn(record, known.facts), isErased: false };
}

/** By our ID or the platform's own name of the call; the record may be there still, or have come after the erasure. */
async function isErased({ store }: Deps, { events }: PlatformRecord, known: Known): Promise<boolean> {
  if (known.isMatched) return known.facts.some(({ body }) => body.kind === 'erased');
  const [{ refs = [], variables = {} } = {}] = events;
  const ownId = readCorrelationId(variables.correlation_id ?? '');
  for (const ref of ownId ? [correlationRef(ownId), ...refs] : refs) {
    if (await store.readCursor(erasedMark(ref))) return true;
  }
  return false;
}

/** There, and here where an event that came late has told it anew. */
async function eraseAgain(deps: Deps, platform: Platform, callKey: string, known: Known): Promise<void> {
  const { correlationId, isMatched } = known;
  const erasure = { platforms: [platform.id], names: {}, by: ourInstance, now: instantOf(deps.clock) };
  if (correlationId && !isMatched) await deps.store.eraseCall({ correlationId, ...erasure });
  try {
    await platform.eraseCall?.(callKey);
    deps.log.info({ platform: platform.id }, 'a record of an erased call was there still, and was deleted');
  } catch (error) {
    const reason = messageOf(error);
    deps.log.warn(
      { platform: platform.id, reason },
      'a record of an erased call is there still: the next run tries again',
    );
  }
}

interface Known {
  correlationId: string;
  isMatched: boolean;
  facts: readonly StoredFact[];
  /** Source and key of each. */
  keys: ReadonlySet<string>;
}

async function readKnown({ store }: Deps, { events }: PlatformRecord): Promise<Known> {
  const [ref] = events[0]?.refs ?? [];
  const call = ref ? await store.callByRef(ref) : null;
  const facts = call ? await store.factsOf(call.correlationId) : [];
  const keys = new Set(facts.map(({ source, key }) => `${source} ${key}`));
  return { correlationId: call?.correlationId ?? '', isMatched: call?.isRegistered ?? false, facts, keys };
}

/** What was told of a conversation that fits no call needs no second telling, unless it fits one by now. */
async function mayBeOurs(deps: Deps, platform: Platform, { events: [event] }: PlatformRecord): Promise<boolean> {
  const match = event && (await matchEvent(deps, platform.id, event, budgets.matchMs));
  return match?.kind === 'named' || match?.kind === 'found';
}

/** The call that the record would be told of. */
async function foresee(
  deps: Deps,
  platform: Platform,
  { events: [event] }: PlatformRecord,
): Promise<Pick<Known, 'correlationId' | 'isMatched'>> {
  const match = event && (await matchEvent(deps, platform.id, event, budgets.matchMs));
  let call = match?.kind === 'found' || match?.kind === 'known' ? match.call : null;
  for (const ref of match?.kind === 'named' ? match.names.refs : []) call ??= await deps.store.callByRef(ref);
  return { correlationId: call?.correlationId ?? '', isMatched: call?.isRegistered ?? false };
}

/** A list may show less of a call than its own record does. */
async function whole(
  platform: Platform,
  listed: PlatformRecord,
  { asks, signal }: Pick<TellOptions, 'asks' | 'signal'>,
): Promise<PlatformRecord> {
  const isNamed = listed.events.some(({ variables }) => Object.keys(variables).length > 0);
  if (isNamed || !listed.isOver || !platform.readCall) return listed;
  if (asks) asks.left -= 1;
  return (await platform.readCall(listed.callKey, signal)) ?? listed;
}

/** A fact is never changed: where the record says otherwise, a person must look. */
function contradictionIn({ events }: PlatformRecord, facts: readonly StoredFact[]): string {
  for (const { key, body } of events) {
    const told = facts.find((fact) => fact.key === key)?.body;
    if (body.kind === 'ended' && told?.kind === 'ended' && endOf(body) !== endOf(told)) return endOf(told);
  }
  return '';
}

function endOf({ outcome }: Extract<PlatformEvent['body'], { kind: 'ended' }>): string {
  return outcome;
}
