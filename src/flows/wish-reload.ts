import { instantOf } from '../domain/clock.ts';
import { goneAfterSec, type SeenProcess } from '../domain/link-report.ts';
import { type ReloadWish, reloadWishCursor } from '../domain/reload.ts';
import type { Deps } from './deps.ts';

/** Has every process take up the configuration as it lies there for it now. They see the wish within a second. */
export async function wishReload(deps: Pick<Deps, 'store' | 'clock' | 'newId'>, by: string): Promise<ReloadWish> {
  const wish = { id: deps.newId(), by, at: instantOf(deps.clock) };
  await deps.store.writeCursor(reloadWishCursor, JSON.stringify(wish));
  return wish;
}

/** The last wish; null when there never was one. */
export async function readReloadWish({ store }: Pick<Deps, 'store'>): Promise<ReloadWish | null> {
  const text = await store.readCursor(reloadWishCursor);
  return text ? (JSON.parse(text) as ReloadWish) : null;
}

/** The processes that run now, as they told of themselves. */
export async function runningProcesses({ store }: Pick<Deps, 'store'>): Promise<SeenProcess[]> {
  return (await store.processes()).filter(({ silentSec }) => silentSec < goneAfterSec);
}
