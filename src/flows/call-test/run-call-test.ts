import { instantOf } from '../../domain/clock.ts';
import type { CallDescription } from '../../domain/connector.ts';
import type { Dialer } from '../../domain/dialer.ts';
import { ConnectorError, messageOf } from '../../domain/errors.ts';
import type { TestCall, TestCalls } from '../../domain/test-call.ts';
import type { Deps } from '../deps.ts';
import { createObserver, findTestCall } from './observe.ts';
import { hasPickedUp } from './seen.ts';
import { type StageLimits, type StageReport, stageLimits, watchStages } from './watch-stages.ts';

export interface CallTestOrder {
  dialer: Dialer & { testCalls: TestCalls };
  campaign: string;
  /** E.164. */
  phone: string;
  /** Who tests, for the audit log. */
  by: string;
}

export interface CallTestOptions {
  timeoutSec: number;
  /** Leaves in the dialer what was made for the test. */
  keeps: boolean;
  onStage(stage: StageReport): void;
  /** Ends the test early; what was made is taken back all the same. */
  signal: AbortSignal;
  limits?: Partial<StageLimits>;
  /** (Default: 1 s of the clock) */
  pollMs?: number;
  /** How often dialer and platform are asked. (Default: 3 s of the clock) */
  askEveryMs?: number;
}

export interface CallTestResult {
  stages: readonly StageReport[];
  /** The first stage that failed; null when every one came. */
  failed: StageReport | null;
  /** The outcome stands in the dialer. */
  isWritten: boolean;
  /** Null when Patchbay never knew the call. */
  call: CallDescription | null;
  /** Why what was made is there still; empty when it was taken back, or was to stay. */
  leftOver: string;
}

/** How far the clocks of this machine and of the service may differ. */
const marginMs = 60_000;

/** Has one number called by a dialer, and watches what becomes of it, stage after stage. */
export async function runCallTest(deps: Deps, order: CallTestOrder, options: CallTestOptions): Promise<CallTestResult> {
  const { dialer, campaign, phone } = order;
  await refuseUnfit(deps, order);
  const since = new Date(deps.clock.now() - marginMs).toISOString();
  const earlier = new Set((await deps.store.callsByPhone(phone, since)).map(({ correlationId }) => correlationId));

  if (options.signal.aborted) {
    throw new ConnectorError('bad_request', 'the test was interrupted', { hint: 'Nobody was called.' });
  }
  const test = await dialer.testCalls.begin({ campaign, phone });
  let watched: Awaited<ReturnType<typeof watchStages>> | null = null;
  let leftOver = '';
  try {
    await audit(deps, order, `${dialer.id}:${test.leadKey}`);
    const look = createObserver(deps, { dialer, test, earlier, since }, { askEveryMs: options.askEveryMs ?? 3000 });
    watched = await watchStages(deps, look, {
      timeoutSec: options.timeoutSec,
      limits: { ...stageLimits, ...options.limits },
      pollMs: options.pollMs ?? 1000,
      onStage: options.onStage,
      signal: options.signal,
    });
  } finally {
    // Looked at anew: it may have begun since the last look.
    const begun = await findTestCall(deps, { dialer, test, earlier, since }).catch(() => null);
    if (!options.keeps) leftOver = await takeBack(dialer, test, begun);
  }

  const call = await findTestCall(deps, { dialer, test, earlier, since });
  if (call) await audit(deps, order, call.call.correlationId);
  const { stages } = watched;
  return {
    stages,
    failed: stages.find(({ status }) => status === 'failed') ?? null,
    isWritten: stages.some(({ id, status }) => id === 'disposition' && status === 'done'),
    call,
    leftOver,
  };
}

async function refuseUnfit(deps: Deps, { dialer, campaign, phone }: CallTestOrder): Promise<void> {
  if (await deps.store.isOptedOut(phone)) {
    const hint = 'Take another phone of your own; `npx patchbay opt-outs` shows when it was told.';
    throw new ConnectorError('bad_request', 'the number has opted out: it must not be called, not even for a test', {
      hint,
    });
  }
  const campaigns = await dialer.testCalls.campaigns();
  if (campaigns.includes(campaign)) return;
  throw new ConnectorError('bad_request', `${dialer.id} has no campaign "${campaign}" for test calls`, {
    hint: campaigns.length > 0 ? `It has: ${campaigns.join(', ')}.` : 'See `npx patchbay doctor`.',
  });
}

/** Marks the call as a test, so that evidence and score cards can leave it out. */
async function audit(deps: Deps, { dialer, campaign, by }: CallTestOrder, subject: string): Promise<void> {
  const details = { dialer: dialer.id, campaign };
  await deps.store.appendAudit({ at: instantOf(deps.clock), by, act: 'call-test', subject, details });
}

/** What is still to be written has its lead to be written to: without it, it would be refused, and ask for a person. */
async function takeBack(
  dialer: CallTestOrder['dialer'],
  test: TestCall,
  call: CallDescription | null,
): Promise<string> {
  const what = `what was made for the test in ${dialer.id} (lead ${test.leadKey})`;
  if (call && isWriteAwaited(call)) {
    return `${what} stays: its outcome is still on its way. The next test of this number takes it back, or delete it by hand.`;
  }
  try {
    await dialer.testCalls.end(test);
    return '';
  } catch (error) {
    const hint = error instanceof ConnectorError && error.hint ? ` ${error.hint}` : '';
    return `${what} could not be taken back: ${messageOf(error)}.${hint}`;
  }
}

/** The agent talks, or a write-back is under way. */
function isWriteAwaited(call: CallDescription): boolean {
  if (!call.call.outcome) return hasPickedUp({ call });
  return call.writeBacks.some(
    ({ dialer, aspect, state }) => dialer === call.call.dialer && aspect !== 'dnc' && underWay.includes(state),
  );
}

const underWay: readonly string[] = ['pending', 'claimed', 'submitted'];
