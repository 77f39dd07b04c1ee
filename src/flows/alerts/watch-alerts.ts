import { decideAlerts } from '../../domain/decide-alerts.ts';
import type { HeldLease } from '../../domain/lease.ts';
import type { Letter } from '../../domain/letter.ts';
import type { Deps } from '../deps.ts';
import { readSiteState } from '../site-state.ts';
import { gatherSigns } from './gather-signs.ts';
import { digestDue, makeDigest } from './make-digest.ts';

/** Of the machine's time: nobody waits for it. */
const readWithinMs = 10_000;

/**
 * Looks at the site, and writes the letters that are due because of it: together with who was told what, so that a process
 * that dies in between neither forgets nor repeats one. One process at a time. Nothing is judged while the store is away.
 */
export async function watchAlerts(deps: Deps, lease: HeldLease): Promise<void> {
  const state = await readSiteState(deps, readWithinMs);
  if (state.isStoreAway) return;
  const now = deps.clock.now();
  const at = new Date(now).toISOString();
  const { rules, digest } = deps.settings.alerts;
  const [signs, known, due] = await Promise.all([gatherSigns(deps, state), deps.store.openAlerts(), digestDue(deps)]);
  const { changed, letters } = decideAlerts(known, signs, { rules, now, newId: deps.newId });

  const posts: { id: string; channel: string; letter: Letter }[] = letters.map(({ channel, items }) => ({
    id: deps.newId(),
    channel,
    letter: { kind: 'alerts', at, items },
  }));
  if (due?.isToSend) {
    const letter: Letter = { kind: 'digest', at, digest: await makeDigest(deps, state) };
    for (const channel of digest?.to ?? []) posts.push({ id: deps.newId(), channel, letter });
  }
  if (changed.length + posts.length === 0 && !due) return;

  const place = due && { place: due.place };
  await deps.store.keepAlerts({ alerts: changed, letters: posts, ...place, now: at, under: lease });
  for (const { channel, items } of letters) {
    deps.log.info({ channel, alerts: items.map(({ kind, what }) => `${kind} ${what}`) }, 'alerts are told');
  }
  if (due?.isToSend) deps.log.info({ channels: digest?.to }, 'the digest of yesterday is sent');
}
