import { instantOf } from '../domain/clock.ts';
import { ourInstance } from '../domain/connector.ts';
import type { OptOutClock } from '../domain/opt-out-clock.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { readOptOuts } from './watch-opt-outs.ts';

const kind = 'shadow-opt-out';
const place = 'opt-outs:shadow';
const rowsAtOnce = 200;
const mostShown = 10_000;

const lookBackMs = 600_000;

/**
 * Shows the opt-outs that calls in shadow told: our own gate holds them, and no dialer's list does by us. Each until it is
 * written, not wanted any more, or a person has seen to it. One process at a time.
 */
export async function watchShadowOptOuts(
  deps: Pick<Deps, 'store' | 'clock' | 'dialers' | 'settings' | 'log'>,
): Promise<void> {
  const { store } = deps;
  const seen = await store.readCursor(place);
  // A row may be kept later than another that is due after it: processes have clocks of their own, and wait for locks.
  let after = { dueAt: seen && new Date(Date.parse(seen) - lookBackMs).toISOString(), row: '' };
  for (;;) {
    const query = { state: 'shadow', aspect: 'dnc', order: 'oldest', limit: rowsAtOnce } as const;
    const page = await store.writeBackPage({ ...query, ...(after.dueAt && { after }) });
    await showNew(deps, page.rows);
    const last = page.rows.at(-1);
    if (last) await store.writeCursor(place, last.dueAt);
    if (!page.next) break;
    after = page.next;
  }
  await settleOver(deps);
}

/** The rows of the last moment that was seen come once more. */
async function showNew(
  deps: Pick<Deps, 'store' | 'clock' | 'dialers' | 'settings' | 'log'>,
  rows: readonly WriteBack[],
): Promise<void> {
  const rowsOf = Map.groupBy(rows, ({ correlationId }) => correlationId);
  for (const [correlationId, own] of rowsOf) {
    const [known] = await deps.store.attentionNamed({ kind, key: correlationId });
    if (known && own.every(({ createdAt }) => createdAt <= known.lastAt)) continue;
    const [clock] = await readOptOuts(deps, { calls: [correlationId], limit: 1 });
    if (!clock || clock.isUndone) continue;
    const details = detailsOf(clock, own);
    await deps.store.raiseAttention([{ kind, key: correlationId, correlationId, details }], instantOf(deps.clock));
    const dialers = own.map(({ dialer }) => dialer);
    deps.log.warn({ correlationId, dialers }, 'an opt-out was told in shadow: no dialer is told of it');
  }
}

function detailsOf({ toldAt, legalBy, phones }: OptOutClock, rows: readonly WriteBack[]): Record<string, string> {
  const dialers = [...new Set(rows.map(({ dialer }) => dialer))].sort().join(', ');
  const ids = rows.map(({ id }) => id).join(' ');
  return {
    toldAt,
    legalBy,
    numbers: phones.join(', '),
    dialer: dialers,
    hint: `List the numbers in ${dialers} by hand, or have it written: npx patchbay replay ${ids}`,
  };
}

async function settleOver({ store, clock }: Pick<Deps, 'store' | 'clock'>): Promise<void> {
  for (const { key } of await store.attention({ kind, isOpen: true, limit: mostShown })) {
    const rows = await store.writeBacksOf(key);
    if (rows.some(({ aspect, state }) => aspect === 'dnc' && state === 'shadow')) continue;
    const settlement = 'it is written now, or not wanted any more';
    await store.settleAttention({ kind, key, by: ourInstance, settlement, now: instantOf(clock) });
  }
}
