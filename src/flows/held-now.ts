import type { Dialer, HeldState } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';

/**
 * What the dialers hold now of what these rows want, by the rows' ids. Asks all of them side by side within the budget, in
 * milliseconds of the machine's clock. Never rejects: what nobody told in time is unknown, with the reason.
 */
export async function heldNow(
  { dialers }: Pick<Deps, 'dialers'>,
  rows: readonly WriteBack[],
  budgetMs = 3000,
): Promise<Map<string, HeldState>> {
  const held = new Map<string, HeldState>();
  const byDialer = Map.groupBy(rows, ({ dialer }) => dialer);
  await Promise.all(
    [...byDialer].map(async ([id, own]) => {
      const told = await ask(dialers.get(id), own, budgetMs);
      for (const row of own) held.set(row.id, told.get(row.id) ?? { kind: 'unknown', why: 'it was not told' });
    }),
  );
  return held;
}

async function ask(
  dialer: Dialer | undefined,
  rows: readonly WriteBack[],
  budgetMs: number,
): Promise<ReadonlyMap<string, HeldState>> {
  const unknown = (why: string) => new Map(rows.map(({ id }) => [id, { kind: 'unknown', why } as const]));
  if (!dialer) return unknown('the dialer is not configured');
  if (!dialer.look) return unknown('what this dialer holds is not shown by it');
  const signal = AbortSignal.timeout(budgetMs);
  // The signal ends the wait even when the connector does not heed it.
  const late = new Promise<never>((_resolve, reject) => {
    const tell = () => reject(new Error(`the dialer did not answer within ${budgetMs / 1000} s`));
    signal.addEventListener('abort', tell, { once: true });
  });
  try {
    return await Promise.race([dialer.look(rows, signal), late]);
  } catch (error) {
    return unknown(messageOf(error));
  }
}
