import type { Call, CallRef, Instant } from '../../domain/call.ts';
import { messageOf } from '../../domain/errors.ts';
import type { StoredFact } from '../../domain/fact.ts';
import type { PlatformRecord } from '../../domain/platform.ts';
import type { Deps } from '../deps.ts';
import type { Judgement } from './seen.ts';

/** What can be seen of a call that a softphone makes past the dialer. */
export const softphoneStages = ['picked-up', 'event', 'variables', 'outcome'] as const;
export type SoftphoneStageId = (typeof softphoneStages)[number];

export const softphoneTitles: Readonly<Record<SoftphoneStageId, string>> = {
  'picked-up': 'AI picked up',
  event: 'event came',
  variables: 'variables seen',
  outcome: 'outcome',
};

export interface SoftphoneReport extends Judgement {
  id: SoftphoneStageId;
  afterSec: number;
}

export interface SoftphoneOptions {
  /** The number that is called, as E.164; empty: any. */
  number: string;
  timeoutSec: number;
  /** From now on a call is seen; one that came before is not. */
  onReady(): void;
  onStage(report: SoftphoneReport): void;
  signal: AbortSignal;
  /** How long the platform's event, and the outcome after the end, may take. (Default: 30 s) */
  patienceSec?: number;
  /** (Default: 2 s of the clock) */
  pollMs?: number;
}

interface SeenThere {
  ref: CallRef;
  record: PlatformRecord | null;
  call: Call | null;
  facts: readonly StoredFact[];
}

/** Waits for a new conversation on the number, by the platform's own list and by the events that came, and watches it. */
export async function watchSoftphone(deps: Deps, options: SoftphoneOptions): Promise<SoftphoneReport[]> {
  const { timeoutSec, patienceSec = 30, pollMs = 2000, signal, onStage } = options;
  const { clock } = deps;
  const begunAt = clock.now();
  const since = new Date(begunAt - 60_000).toISOString();
  const earlier = new Set((await conversations(deps, since)).map(({ ref }) => nameOf(ref)));
  options.onReady();
  const settled = new Map<SoftphoneStageId, SoftphoneReport>();
  let ref: CallRef | null = null;
  let pickedUpAt = 0;
  let endedAt = 0;

  for (;;) {
    const found = (await conversations(deps, since)).filter((each) => !earlier.has(nameOf(each.ref)));
    const mine: Found | undefined = ref
      ? found.find((each) => nameOf(each.ref) === nameOf(ref as CallRef))
      : pick(deps, found, options);
    ref ??= mine?.ref ?? null;
    const seen = ref ? await look(deps, ref, mine?.record ?? null) : null;
    const now = clock.now();
    if (seen) pickedUpAt ||= now;
    if (seen && (seen.record?.isOver || seen.facts.some(({ body }) => body.kind === 'ended'))) endedAt ||= now;
    const isLate = now - begunAt >= timeoutSec * 1000;
    const hasWaited = (from: number) => isLate || (from > 0 && now - from >= patienceSec * 1000);
    for (const [id, judgement] of Object.entries(judge(seen, endedAt > 0)) as [SoftphoneStageId, Judgement][]) {
      if (settled.has(id)) continue;
      const isOverdue = hasWaited(id === 'picked-up' ? 0 : id === 'event' ? pickedUpAt : endedAt);
      if (judgement.status === 'waiting' && !isOverdue) continue;
      const status = judgement.status === 'done' ? 'done' : 'failed';
      const report = { id, ...judgement, status, afterSec: Math.round((now - begunAt) / 100) / 10 } as const;
      settled.set(id, report);
      onStage(report);
      if (id === 'picked-up' && status === 'failed') return [report];
    }
    if (settled.size === softphoneStages.length || isLate || signal.aborted) {
      return softphoneStages.flatMap((id) => settled.get(id) ?? []);
    }
    await clock.sleep(pollMs, signal);
  }
}

function judge(seen: SeenThere | null, isOver: boolean): Record<SoftphoneStageId, Judgement> {
  if (!seen) {
    const fix =
      'See that the account is registered, that the number dialled is the one shown, and that an agent answers it.';
    const nothing = { status: 'waiting', found: 'no new conversation' } as const;
    return { 'picked-up': { ...nothing, fix }, event: nothing, variables: nothing, outcome: nothing };
  }
  const { ref, record, call, facts } = seen;
  const names = [...new Set(record?.events.flatMap(({ variables }) => Object.keys(variables)) ?? [])];
  const hasEvent = facts.some(({ source }) => source === ref.instance);
  const outcome = call?.outcome;
  return {
    'picked-up': { status: 'done', found: `${ref.instance} has the conversation ${ref.key}` },
    event: hasEvent
      ? {
          status: 'done',
          found: call?.isRegistered ? `it belongs to the call ${call.correlationId}` : 'no call of a dialer',
        }
      : {
          status: 'waiting',
          found: 'the platform has the conversation, but its webhook told Patchbay nothing of it',
          fix: "Give the agent's webhook Patchbay's URL, with all events.",
        },
    variables:
      names.length > 0 || isOver
        ? { status: 'done', found: names.join(', ') || 'none: a softphone by itself sends no X- headers' }
        : { status: 'waiting', found: 'none yet' },
    outcome: outcome
      ? { status: 'done', found: `${outcome.code} (${outcome.basis})` }
      : { status: 'waiting', found: isOver ? 'it is over, and nothing told how it ended' : 'it goes on' },
  };
}

/** On the number that is called; not one that a dialer's customer has. */
function pick(deps: Deps, found: readonly Found[], { number }: SoftphoneOptions): Found | undefined {
  const country = [...deps.dialers.values()][0]?.settings.country ?? 'US';
  return found.find(({ record, isOfLead }) => {
    const own = record?.events.flatMap(({ numbers }) => numbers?.own || [])[0] ?? '';
    const called = own && deps.readPhone(own, country);
    return !isOfLead && (!called || !number || called === number);
  });
}

interface Found {
  ref: CallRef;
  record: PlatformRecord | null;
  isOfLead: boolean;
}

/** What platforms list, and what events told of conversations that are no dialer's call. */
async function conversations(deps: Deps, since: Instant): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const { call, name } of await deps.store.shellsNamed({ kind: 'call-id', since, limit: 50 })) {
    const refs = await deps.store.refsOf(call.correlationId);
    const ref = refs.find(({ instance, key }) => key === name && deps.platforms.has(instance));
    if (ref) found.set(nameOf(ref), { ref, record: await readRecord(deps, ref), isOfLead: false });
  }
  for (const platform of deps.platforms.values()) {
    const page = await platform.listCalls?.(since, '').catch((error: unknown) => {
      deps.log.warn(
        { platform: platform.id, reason: messageOf(error) },
        'the platform could not be asked for its calls',
      );
      return null;
    });
    for (const record of page?.records ?? []) {
      const ref = { instance: platform.id, kind: 'call-id', key: record.callKey };
      const call = await deps.store.callByRef(ref);
      found.set(nameOf(ref), { ref, record, isOfLead: call?.isRegistered === true && call.leadKey !== '' });
    }
  }
  return [...found.values()];
}

async function look(deps: Deps, ref: CallRef, record: PlatformRecord | null): Promise<SeenThere> {
  const call = await deps.store.callByRef(ref);
  const facts = call ? await deps.store.factsOf(call.correlationId) : [];
  return { ref, record: record ?? (await readRecord(deps, ref)), call, facts };
}

async function readRecord({ platforms }: Deps, { instance, key }: CallRef): Promise<PlatformRecord | null> {
  const reading = platforms.get(instance)?.readCall?.(key);
  return (await reading?.catch(() => null)) ?? null;
}

function nameOf({ instance, key }: CallRef): string {
  return `${instance} ${key}`;
}
