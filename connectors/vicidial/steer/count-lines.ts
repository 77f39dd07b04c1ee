import { lineUser } from '../line-users.ts';
import type { Vicidial } from '../vicidial.ts';

/** The daemon loops every 2 s; a line logs in with the next one or two. */
const lookEveryMs = 3000;
const looks = 5;

/**
 * Counts the first lines of a remote agent whose heartbeat moves: a row may linger when its line is gone, and clocks may
 * differ. Looks again for some seconds until the expected number is there.
 */
export async function countBeatingLines(
  { reads, deps }: Pick<Vicidial, 'reads' | 'deps'>,
  first: string,
  lines: number,
  expected: number,
): Promise<number> {
  const users = new Set(Array.from({ length: Math.max(1, lines) }, (_, line) => lineUser(first, line)));
  const readBeats = async () => {
    const own = (await reads.liveLines()).filter(({ user }) => users.has(user));
    return new Map(own.map(({ user, updated }) => [user, updated]));
  };

  let before = await readBeats();
  let beating = 0;
  for (let look = 0; look < looks; look += 1) {
    await deps.clock.sleep(lookEveryMs);
    const now = await readBeats();
    beating = [...now].filter(([user, updated]) => updated > (before.get(user) ?? 0)).length;
    if (beating === expected) break;
    before = now;
  }
  return beating;
}
