import { type LineBook, type LineControl, planLines } from '../../domain/ai-lines.ts';
import { fenceOf, type HeldLease } from '../../domain/lease.ts';
import type { Deps } from '../deps.ts';

type LineDeps = Pick<Deps, 'store' | 'log' | 'controls'>;

/**
 * Brings a dialer's lines to the AI to the share that holds, whoever set it. What was there before is kept before anything
 * is changed, and comes back. Gives how many groups were set.
 */
export async function steerLines(
  deps: LineDeps,
  dialer: string,
  lines: LineControl,
  lease: HeldLease | undefined,
): Promise<number> {
  const book = await readLineBook(deps, dialer);
  const isUntouched = Object.keys(book).length === 0;
  if (isUntouched && !deps.controls.now().all.some(({ kind }) => kind === 'share')) return 0;

  const controls = deps.controls.now();
  const percentOf = (campaign: string) => controls.shareOf(dialer, campaign)?.percent ?? 100;
  const plan = planLines(book, await lines.read(), percentOf);
  const text = JSON.stringify(plan.book);
  if (text !== JSON.stringify(book)) {
    await deps.store.writeCursor(cursorOf(dialer), text, lease && fenceOf(lease));
  }
  for (const group of plan.left) {
    deps.log.warn({ dialer, group }, 'lines were changed by hand: the autopilot leaves them alone');
  }
  for (const { key, to } of plan.sets) {
    if (lease && !lease.isOurs()) return 0;
    await lines.set(key, to);
    deps.log.info({ dialer, group: key, lines: to.isOn ? to.lines : 0 }, 'lines to the AI were set');
  }
  return plan.sets.length;
}

/** What was done to a dialer's lines and is not undone yet. */
export async function readLineBook({ store }: Pick<Deps, 'store'>, dialer: string): Promise<LineBook> {
  const text = await store.readCursor(cursorOf(dialer));
  return text === '' ? {} : (JSON.parse(text) as LineBook);
}

function cursorOf(dialer: string): string {
  return `lines:${dialer}`;
}
