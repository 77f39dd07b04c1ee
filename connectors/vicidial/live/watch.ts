import type { Job } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import type { HeldLease } from '../../../src/domain/lease.ts';
import type { Vicidial } from '../vicidial.ts';
import { createHandOverWatch } from './watch-hand-overs.ts';
import { createPeopleWatch } from './watch-people.ts';

const sweepEveryMs = 60_000;

/**
 * Looks through the dialer's own records again and again: every call that went to a line is known, even when no header
 * and no URL told of it, and so is what people make of its lead afterwards. Needs the tables.
 */
export function watchJobs({ database, ...vicidial }: Vicidial): Job[] {
  const { config, deps, id } = vicidial;
  const { everySec } = config.watch;
  if (everySec === 0 || !database) return [];
  const reading = { ...vicidial, database };
  const people = createPeopleWatch(reading);
  const handOvers = createHandOverWatch(reading, people.note);
  let sweptAt = Number.NEGATIVE_INFINITY;
  let isAway = false;

  async function look(signal: AbortSignal, lease: HeldLease | undefined): Promise<void> {
    const now = deps.clock.now();
    const isSweep = now - sweptAt >= sweepEveryMs;
    await handOvers.look(now, isSweep, signal, lease);
    if (!isSweep) return;
    await people.look(now, signal);
    sweptAt = now;
  }

  /** Comes again in some seconds, so only the beginning and the end of a trouble are worth a line. */
  async function run(signal: AbortSignal, lease?: HeldLease): Promise<void> {
    try {
      await look(signal, lease);
      if (isAway) deps.log.info({ dialer: id }, 'the log of calls that went to the AI can be read again');
      isAway = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!isAway)
        deps.log.warn({ dialer: id, reason: messageOf(error) }, 'the log of calls that went to the AI can not be read');
      isAway = true;
    }
  }

  return [{ name: 'watch', schedule: { everyMs: everySec * 1000 }, isExclusive: true, run }];
}
