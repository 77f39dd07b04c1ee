import { hash } from 'node:crypto';
import type { Call } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import type { Dialer, LegRecord } from '../domain/dialer.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import type { Fact, StoredFact } from '../domain/fact.ts';
import { firstWord } from '../domain/first-word.ts';
import type { Fence } from '../domain/lease.ts';
import { firstLegs } from '../domain/legs.ts';
import type { Deps } from './deps.ts';
import { readPlatformRecording } from './read-platform-recording.ts';
import { recordFacts } from './record-facts.ts';

/** So long after a call was registered its dialer is asked, until its record and recording are there. */
const passMinutes = [10, 30, 150] as const;
/** By then the platform's own recording is there, and its late events. */
const platformMinutes = 30;
const minuteMs = 60_000;
/** Calls are read in spans of so long, and at most so many in one run: the next one goes on there. */
const sliceMs = 10 * minuteMs;
const callsPerRun = 500;
const keepMs = 2000;

/**
 * Keeps what a dialer's own records say of calls that are over: when the customer answered, when it ended, and where its
 * recordings are. Once per call it is measured how long the AI's first word took. Gives how many calls were looked at.
 */
export async function readLegRecords(deps: Deps, dialer: Dialer, signal: AbortSignal, under?: Fence): Promise<number> {
  let count = 0;
  for (const minutes of passMinutes) {
    // Of who tells nothing by itself only the platform is asked, when its recording had its time to come in.
    if (dialer.readLegRecord || minutes >= platformMinutes)
      count += await readPass(deps, dialer, minutes, signal, under);
  }
  return count;
}

async function readPass(
  deps: Deps,
  dialer: Dialer,
  minutes: number,
  signal: AbortSignal,
  under: Fence | undefined,
): Promise<number> {
  const cursor = `leg-records:${dialer.id}:${minutes}`;
  const until = deps.clock.now() - minutes * minuteMs;
  const kept = Date.parse(await deps.store.readCursor(cursor));
  let from = kept || until - sliceMs;
  // Where it begins is kept before anything can fail: the next run must not begin later.
  if (!kept) await deps.store.writeCursor(cursor, instant(from), under);
  let count = 0;
  while (from < until && count < callsPerRun) {
    const before = Math.min(from + sliceMs, until);
    const calls = await deps.store.callsRegistered({ dialer: dialer.id, from: instant(from), before: instant(before) });
    for (const call of calls) {
      signal.throwIfAborted();
      await readOne(deps, dialer, call, minutes, signal);
    }
    count += calls.length;
    from = before;
    await deps.store.writeCursor(cursor, instant(from), under);
  }
  return count;
}

async function readOne(
  deps: Deps,
  dialer: Dialer,
  { correlationId }: Call,
  minutes: number,
  signal: AbortSignal,
): Promise<void> {
  const isLast = minutes === passMinutes.at(-1);
  const facts = await deps.store.factsOf(correlationId);
  // Nothing is gathered again of what was erased.
  if (facts.some(({ body }) => body.kind === 'erased')) return;
  if (minutes >= platformMinutes) await readPlatformRecording(deps, correlationId, facts, signal);
  const known = facts.filter(({ body }) => body.kind === 'leg-record' && body.dialer === dialer.id);
  const hasRecording = known.some(({ body }) => body.kind === 'leg-record' && body.recordingUrls.length > 0);
  const leg = firstLegs(facts).find((each) => each.dialer === dialer.id);
  const record = leg && !hasRecording ? await ask(deps, dialer, () => dialer.readLegRecord?.(leg, signal)) : null;
  const fact = leg && record ? factOf(deps, correlationId, leg.callKey, dialer.id, record) : null;
  const isNew = fact !== null && !known.some(({ key }) => key === fact.key);
  if (isNew) await recordFacts(deps, [fact], { budgetMs: keepMs });
  // The first word of the dialer counts; without one, what we know by ourselves, in the end.
  if (known.length === 0 ? isNew || isLast : isLast && !dialer.readLegRecord) {
    measure(deps, dialer, isNew ? [...facts, fact] : facts);
  }
}

/** A dialer that is away is asked again about all of them; a single answer that makes no sense is left out. */
async function ask(
  deps: Deps,
  dialer: Dialer,
  read: () => Promise<LegRecord | null> | undefined,
): Promise<LegRecord | null> {
  try {
    return (await read()) ?? null;
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'dialer_odd') throw error;
    deps.log.warn({ dialer: dialer.id, reason: messageOf(error) }, "a call's own record could not be read");
    return null;
  }
}

function factOf(deps: Deps, correlationId: string, callKey: string, dialer: string, record: LegRecord): Fact {
  const { answeredAt, endedAt, recordingUrls } = record;
  const digest = hash('sha256', JSON.stringify([answeredAt, endedAt, recordingUrls])).slice(0, 8);
  return {
    refs: [correlationRef(correlationId)],
    source: dialer,
    key: `leg-record:${callKey}:${digest}`,
    at: endedAt ?? answeredAt ?? instantOf(deps.clock),
    body: {
      kind: 'leg-record',
      dialer,
      ...(answeredAt && { answeredAt }),
      ...(endedAt && { endedAt }),
      recordingUrls: [...recordingUrls],
    },
  };
}

function measure(deps: Deps, dialer: Dialer, facts: readonly Pick<StoredFact, 'at' | 'body'>[]): void {
  const word = firstWord(facts);
  if (word.kind === 'unknown') return;
  deps.count.firstWord(dialer.id, word.answer, word.kind === 'measured' ? word.seconds : null);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
