import { type Job, ourInstance } from '../domain/connector.ts';
import type { HeldLease } from '../domain/lease.ts';
import type { OwnAlarm } from '../flows/alerts/own-alarm.ts';
import type { Deps } from '../flows/deps.ts';
import type { DoctorDesk } from '../flows/doctor/doctor-desk.ts';

const watchEveryMs = 15_000;
const sendEveryMs = 5000;
const doctorEveryMs = 300_000;
const sweepEveryMs = 3_600_000;
const dayMs = 86_400_000;
const alertDays = 90;
const letterDays = 30;
/** Who looks writes down each minute that an alert still holds. */
const unwatchedMs = 600_000;

/**
 * What looks for alerts and tells them; where the site has no channel to tell them by, only what ends those of before. Each
 * loads its code when it runs first: a service without channels carries none of it.
 */
export function alertJobs(deps: Deps, doctor: DoctorDesk | null): { owner: string; job: Job }[] {
  if (deps.alertChannels.size === 0) {
    const job = exclusive('alerts-sweep', sweepEveryMs, async (signal, lease) => {
      await endUnwatched(deps, lease);
      // What waits for a channel that is gone is given up, so that it is not sent when one comes back.
      await (await import('../flows/alerts/send-letters.ts')).sendLetters(deps, lease, signal);
      await sweep(deps);
    });
    return [{ owner: ourInstance, job }];
  }
  let alarm: OwnAlarm | undefined;
  const ownAlarm: Job = {
    name: 'own-alarm',
    schedule: { everyMs: sendEveryMs },
    isExclusive: false,
    async run() {
      alarm ??= (await import('../flows/alerts/own-alarm.ts')).createOwnAlarm(deps);
      await alarm.look();
    },
  };
  const jobs = [
    ownAlarm,
    exclusive('alerts', watchEveryMs, async (_signal, lease) =>
      (await import('../flows/alerts/watch-alerts.ts')).watchAlerts(deps, lease),
    ),
    exclusive('alert-letters', sendEveryMs, async (signal, lease) =>
      (await import('../flows/alerts/send-letters.ts')).sendLetters(deps, lease, signal),
    ),
    exclusive('alerts-sweep', sweepEveryMs, () => sweep(deps)),
  ];
  if (doctor && deps.settings.alerts.doctorHours > 0) {
    const watch = async (signal: AbortSignal, lease: HeldLease) =>
      (await import('../flows/alerts/watch-doctor.ts')).watchDoctor(deps, doctor, { lease, signal });
    jobs.push(exclusive('alert-doctor', doctorEveryMs, watch));
  }
  return jobs.map((job) => ({ owner: ourInstance, job }));
}

function exclusive(
  name: string,
  everyMs: number,
  run: (signal: AbortSignal, lease: HeldLease) => Promise<unknown>,
): Job {
  return {
    name,
    schedule: { everyMs },
    isExclusive: true,
    async run(signal, lease) {
      if (lease) await run(signal, lease);
    },
  };
}

/** The last channel was taken out while they held: nobody sees their end. Another process may still look, which shows. */
async function endUnwatched({ store, clock }: Pick<Deps, 'store' | 'clock'>, under: HeldLease): Promise<void> {
  const now = clock.now();
  const left = (await store.openAlerts()).filter(({ lastAt }) => now - Date.parse(lastAt) >= unwatchedMs);
  if (left.length === 0) return;
  const alerts = left.map((alert) => ({ ...alert, endedAt: alert.endedAt ?? alert.lastAt, isClosed: true, told: {} }));
  await store.keepAlerts({ alerts, letters: [], now: new Date(now).toISOString(), under });
}

function sweep({ store, clock }: Pick<Deps, 'store' | 'clock'>): Promise<number> {
  const before = (days: number) => new Date(clock.now() - days * dayMs).toISOString();
  return store.dropOldAlerts({ alertsBefore: before(alertDays), lettersBefore: before(letterDays) });
}
