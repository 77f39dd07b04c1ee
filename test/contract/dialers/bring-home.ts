import type { Instant } from '../../../src/domain/call.ts';
import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Desired, WriteBack, WriteBackTarget } from '../../../src/domain/write-back.ts';

export interface DeliveryRun {
  dialer: Dialer;
  clock: { now(): number };
  passTimeTo(instant: Instant): Promise<void>;
  /** The rows as the store would have them by now, for a dialer that asks what else is wanted for a call. */
  keepRows?(rows: readonly WriteBack[]): void;
}

const maxRounds = 40;
const finalKinds: readonly string[] = ['done', 'refused', 'overtaken'];

/**
 * Plays the worker: delivers rows, waits as the dialer says, confirms receipts, and tries again, until each row has a
 * final answer. Time goes by on the fixture's clock only.
 */
export async function bringHome(run: DeliveryRun, rows: readonly WriteBack[]): Promise<Map<string, DeliveryAnswer>> {
  const last = new Map<string, DeliveryAnswer>();
  let open = [...rows];
  const settled: WriteBack[] = [];
  for (let round = 0; round < maxRounds && open.length > 0; round += 1) {
    run.keepRows?.([...open, ...settled]);
    const submitted = open.filter((row) => row.state === 'submitted');
    const fresh = open.filter((row) => row.state !== 'submitted');
    for (const [id, answer] of await deliverAll(run, fresh)) last.set(id, answer);
    for (const [id, answer] of await confirmAll(run, submitted)) last.set(id, answer);

    const settledAt = new Date(run.clock.now()).toISOString();
    const done = open.filter((row) => last.get(row.id)?.kind === 'done');
    settled.push(...done.map((row) => ({ ...row, state: 'confirmed' as const, settledAt })));
    open = open
      .filter((row) => !finalKinds.includes(last.get(row.id)?.kind ?? ''))
      .map((row) => following(row, last.get(row.id)));
    const next = open.map((row) => row.dueAt).sort()[0];
    if (next) await run.passTimeTo(later(next, run.clock.now()));
  }
  return last;
}

/** Delivers in batches of the dialer's size. What is thrown becomes the answer of every row of its batch. */
export async function deliverAll(run: DeliveryRun, rows: readonly WriteBack[]): Promise<Map<string, DeliveryAnswer>> {
  const answers = new Map<string, DeliveryAnswer>();
  for (let start = 0; start < rows.length; start += run.dialer.batchSize) {
    const batch = rows.slice(start, start + run.dialer.batchSize);
    await gather(answers, batch, () => run.dialer.deliver(batch));
  }
  return answers;
}

async function confirmAll(run: DeliveryRun, rows: readonly WriteBack[]): Promise<Map<string, DeliveryAnswer>> {
  const answers = new Map<string, DeliveryAnswer>();
  for (const [receipt, batch] of Map.groupBy(rows, (row) => row.receipt)) {
    await gather(answers, batch, async () => (await run.dialer.confirm?.(receipt, batch)) ?? new Map());
  }
  return answers;
}

async function gather(
  answers: Map<string, DeliveryAnswer>,
  batch: readonly WriteBack[],
  act: () => Promise<ReadonlyMap<string, DeliveryAnswer>>,
): Promise<void> {
  try {
    for (const [id, answer] of await act()) answers.set(id, answer);
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError)) throw thrown;
    const { message: why, hint, inDoubt } = thrown;
    for (const row of batch) {
      answers.set(row.id, thrown.retryable ? { kind: 'retry', why, hint, inDoubt } : { kind: 'refused', why, hint });
    }
  }
}

function following(row: WriteBack, answer: DeliveryAnswer | undefined): WriteBack {
  switch (answer?.kind) {
    case 'submitted':
      return { ...row, state: 'submitted', receipt: answer.receipt, dueAt: answer.at ?? row.dueAt };
    case 'notYet':
      return { ...row, dueAt: answer.until, inDoubt: row.inDoubt || (answer.inDoubt ?? false) };
    case 'retry': {
      // What was submitted is asked about again, unless the dialer may have lost it.
      const state = row.state === 'submitted' && !answer.inDoubt ? 'submitted' : 'pending';
      return { ...row, state, attempts: row.attempts + 1, inDoubt: row.inDoubt || (answer.inDoubt ?? false) };
    }
    default:
      return { ...row, inDoubt: true, attempts: row.attempts + 1 };
  }
}

function later(instant: Instant, now: number): Instant {
  return new Date(Math.max(Date.parse(instant), now + 1000)).toISOString();
}

let minted = 0;

/** A pending row with this wish, as the store would hand it out. */
export function writeBackFor(target: WriteBackTarget, desired: Desired): WriteBack {
  minted += 1;
  return {
    id: `row-${minted}`,
    correlationId: `call-${minted}`,
    dialer: 'under-test',
    aspect: desired.aspect,
    revision: 1,
    target,
    desired,
    state: 'pending',
    dueAt: target.calledAt,
    attempts: 0,
    inDoubt: false,
    receipt: '',
    why: '',
    hint: '',
    createdAt: target.calledAt,
    settledAt: null,
  };
}
