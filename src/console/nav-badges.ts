import { messageOf } from '../domain/errors.ts';
import type { ConsoleDeps } from './console-deps.ts';
import type { NavBadge, Room } from './page.ts';

/** What stands beside the doors, by their paths. */
export type NavBadges = ReadonlyMap<string, NavBadge>;

/** Milliseconds of the machine's clock. */
const freshMs = 3000;
const waitMs = 40;

/**
 * Asks the rooms for their badges, for all who look together. A page never waits long for them: it shows those that were
 * known last.
 */
export function createNavBadges(deps: ConsoleDeps, rooms: readonly Room[]): () => Promise<NavBadges> {
  const known = new Map<string, NavBadge>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    for (const { nav } of rooms) {
      if (!nav?.badge) continue;
      try {
        const badge = await nav.badge(deps);
        if (badge && badge.count > 0) known.set(nav.path, badge);
        else known.delete(nav.path);
      } catch (error) {
        deps.log.debug({ room: nav.path, reason: messageOf(error) }, 'a count for the navigation could not be read');
      }
    }
  }

  return async () => {
    if (!asking && performance.now() - askedAt > freshMs) {
      asking = ask().finally(() => {
        askedAt = performance.now();
        asking = undefined;
      });
    }
    if (asking !== undefined) await Promise.race([asking, waited()]);
    return new Map(known);
  };
}

function waited(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, waitMs));
}
