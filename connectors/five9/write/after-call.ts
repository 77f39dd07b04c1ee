import { correlationRef } from '../../../src/domain/connector.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { type Answers, notYet } from './answers.ts';

/** The end of a call comes as an event, mostly seconds after the agent's word: asked about again after so long. */
const lookMs = 15_000;
const readsAtOnce = 20;

/**
 * The rows whose call is over; the others wait. When a call ends, Five9 sets its record's disposition, by the script or by
 * itself: what was written before that would be gone. An end that nobody tells of is waited for `settle.maxWaitSec`.
 */
export async function afterCall<R extends WriteBack>(five9: Five9, answers: Answers, rows: readonly R[]): Promise<R[]> {
  const free = new Set<R>();
  for (let start = 0; start < rows.length; start += readsAtOnce) {
    await Promise.all(
      rows.slice(start, start + readsAtOnce).map(async (row) => {
        const leftMs = (await overAt(five9, row)) - five9.deps.clock.now();
        if (leftMs <= 0) free.add(row);
        else answers.set(row.id, notYet(five9, Math.min(leftMs, lookMs), 'waits until the call is over'));
      }),
    );
  }
  return rows.filter((row) => free.has(row));
}

/** When Five9 is done with the call (epoch ms); with a call of another dialer, and one from long ago, it is. */
async function overAt({ config, deps }: Five9, row: WriteBack): Promise<number> {
  const { afterEndSec, maxWaitSec } = config.settle;
  const latest = Date.parse(row.createdAt) + maxWaitSec * 1000;
  if (row.target.callKey === '' || latest <= deps.clock.now()) return 0;
  const [call] = await deps.describeCalls({ refs: [correlationRef(row.correlationId)] });
  const end = call?.facts.find(({ body }) => body.kind === 'ended');
  // A script asks again while it waits, each time another process perhaps: what that one was asked is in the store.
  const reads = call?.facts.filter(({ body }) => body.kind === 'noted' && body.event === 'outcome-read') ?? [];
  const askedAt = [deps.takenBackAt(row.correlationId) ?? 0, ...reads.map(({ at }) => Date.parse(at))];
  const endedAt = Math.max(...askedAt) || (end ? Date.parse(end.at) : 0);
  return endedAt === 0 ? latest : Math.min(latest, endedAt + afterEndSec * 1000);
}
