import type { Clock } from '../../domain/clock.ts';
import type { CallDescription } from '../../domain/connector.ts';
import type { Dialer } from '../../domain/dialer.ts';
import { messageOf } from '../../domain/errors.ts';
import { firstLegs } from '../../domain/legs.ts';
import type { Platform } from '../../domain/platform.ts';
import type { TestCall, TestCallState, TestCalls } from '../../domain/test-call.ts';
import { buildHeaders } from '../build-headers.ts';
import type { Deps } from '../deps.ts';
import { describeCall } from '../describe-calls.ts';
import { completeSighting } from '../find-lead.ts';
import { findUnheard } from './find-unheard.ts';
import { wantedDisposition } from './judge-disposition.ts';
import { variableName } from './judge-variables.ts';
import type { Seen, SentHeader } from './seen.ts';

export interface ObservedCall {
  dialer: Dialer & { testCalls: TestCalls };
  test: TestCall;
  /** Calls of this number that were there before. */
  earlier: ReadonlySet<string>;
  /** From when on calls are looked for: a little before the test began. */
  since: string;
}

export interface ObserveOptions {
  /** Systems that count requests are not asked more often. */
  askEveryMs: number;
}

const leadMs = 3000;

/**
 * Looks at one test call, again and again: what the store holds each time, dialer and platform now and then. It runs beside
 * the service, so it takes nothing from memory.
 */
export function createObserver(deps: Deps, observed: ObservedCall, options: ObserveOptions): () => Promise<Seen> {
  const { dialer, test } = observed;
  const reached = new Set<TestCallState['stage']>();
  const mayAsk = pacer(deps.clock, options.askEveryMs);
  let state: TestCallState | null = null;
  let headers: readonly SentHeader[] | null = null;
  let record: Seen['record'] = null;
  let held: Seen['held'] = null;
  let unheard = '';

  async function askDialer(): Promise<void> {
    if (state?.stage === 'over' || !mayAsk('dialer')) return;
    try {
      state = await dialer.testCalls.look(test);
      reached.add(state.stage);
    } catch (error) {
      state = { stage: state?.stage ?? 'waiting', why: `the dialer could not be asked: ${messageOf(error)}` };
    }
  }

  async function askPlatform(call: CallDescription): Promise<void> {
    const shown = new Set(record?.variables.map(variableName));
    const isWhole = record?.isOver && headers?.every(({ isSent, name }) => !isSent || shown.has(variableName(name)));
    const place = conversationOf(deps, call);
    if (isWhole || !place?.platform.readCall || !mayAsk('platform')) return;
    const found = await place.platform.readCall(place.key).catch(() => null);
    if (!found) return;
    const variables = found.events.flatMap((event) => Object.keys(event.variables));
    record = { variables: [...new Set([...(record?.variables ?? []), ...variables])], isOver: found.isOver };
  }

  async function lookAtRecord(call: CallDescription): Promise<void> {
    const row = wantedDisposition({ call });
    if (row?.state !== 'confirmed' || held?.kind === 'as-wanted' || !dialer.look || !mayAsk('look')) return;
    try {
      held = (await dialer.look([row])).get(row.id) ?? null;
    } catch (error) {
      held = { kind: 'unknown', why: messageOf(error) };
    }
  }

  return async () => {
    const call = await findTestCall(deps, observed);
    await askDialer();
    if (call) {
      if (!headers && mayAsk('lead')) headers = await headersOf(deps, dialer, call);
      await askPlatform(call);
      // What is known to the store needs no search.
      if (!conversationOf(deps, call) && mayAsk('list')) {
        unheard = await findUnheard(deps, { dialer, test, correlationId: call.call.correlationId });
      }
      await lookAtRecord(call);
    }
    return {
      dialer: state,
      reached,
      call,
      headers,
      record,
      unheard,
      hasRecords: call === null || conversationOf(deps, call)?.platform.readCall !== undefined,
      held,
      canLook: dialer.look !== undefined,
    };
  };
}

/** The first call of the number and dialer that was not there before the test. */
export async function findTestCall(
  deps: Pick<Deps, 'store'>,
  { dialer, test, earlier, since }: Omit<ObservedCall, 'dialer'> & { dialer: Pick<Dialer, 'id'> },
): Promise<CallDescription | null> {
  const calls = await deps.store.callsByPhone(test.phone, since);
  const own = calls.filter((call) => call.dialer === dialer.id && !earlier.has(call.correlationId));
  const oldest = own.at(-1);
  return oldest ? describeCall(deps, oldest) : null;
}

/** The platform's own name of the conversation, once it is known to be this call. */
export function conversationOf(
  deps: Pick<Deps, 'platforms'>,
  { refs }: Pick<CallDescription, 'refs'>,
): { platform: Platform; key: string } | null {
  for (const { instance, kind, key } of refs) {
    const platform = deps.platforms.get(instance);
    if (platform && kind === 'call-id') return { platform, key };
  }
  return null;
}

/** What the configuration and the lead make for this call: the same that a live call gets. */
async function headersOf(
  deps: Deps,
  dialer: Dialer,
  { call, refs, facts }: CallDescription,
): Promise<SentHeader[] | null> {
  const [leg] = firstLegs(facts).filter((each) => each.dialer === dialer.id);
  if (!leg) return null;
  const told = facts.flatMap(({ body }) => (body.kind === 'registered' ? [body.fields] : []));
  const fields: Record<string, string> = Object.assign({}, ...told);
  const { sighting, isComplete } = await completeSighting(deps, dialer, { refs, leg, fields }, leadMs);
  if (!isComplete) return null;
  const { all, sent } = buildHeaders(dialer.settings, call.correlationId, sighting);
  const names = new Set(sent.map(([name]) => name));
  return all.map(([name]) => ({ name, isSent: names.has(name) }));
}

/** True for the first, and then once in so many milliseconds, for each name by itself. */
function pacer(clock: Pick<Clock, 'now'>, everyMs: number): (name: string) => boolean {
  const asked = new Map<string, number>();
  return (name) => {
    const now = clock.now();
    if (now - (asked.get(name) ?? Number.NEGATIVE_INFINITY) < everyMs) return false;
    asked.set(name, now);
    return true;
  };
}
