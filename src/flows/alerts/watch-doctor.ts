import type { AlertSign } from '../../domain/alert.ts';
import type { CheckResult } from '../../domain/connector.ts';
import type { HeldLease } from '../../domain/lease.ts';
import type { Deps } from '../deps.ts';
import type { DoctorDesk, SeenCheck } from '../doctor/doctor-desk.ts';

/** What the last run by itself found, as it is kept between runs and processes. */
interface KeptRun {
  at: string;
  checks: Readonly<Record<string, { title: string; status: CheckResult['status']; wasOk: boolean }>>;
}

type DoctorDeps = Pick<Deps, 'store' | 'clock' | 'log' | 'settings'>;

const cursor = 'alerts:doctor';
/** A run that began is looked at so often, by the machine's clock. */
const lookEveryMs = 1000;
const longestRunMs = 15 * 60_000;

/** Has the whole doctor run when its time has come, and keeps what it found: a check is an alert when it turned. */
export async function watchDoctor(
  deps: DoctorDeps,
  desk: DoctorDesk,
  { lease, signal }: { lease: HeldLease; signal: AbortSignal },
): Promise<void> {
  const before = await lastRun(deps);
  const now = deps.clock.now();
  if (before && now - Date.parse(before.at) < deps.settings.alerts.doctorHours * 3_600_000) return;
  await desk.start({ only: '', by: 'schedule' });
  const checks = await whenThrough(desk, signal);
  if (!checks) return;
  const kept = checks.flatMap(({ id, title, last }) => {
    if (!last) return [];
    const { status } = last.checked;
    return [[id, { title, status, wasOk: status === 'ok' || before?.checks[id]?.wasOk === true }] as const];
  });
  const run: KeptRun = { at: new Date(now).toISOString(), checks: Object.fromEntries(kept) };
  await deps.store.writeCursor(cursor, JSON.stringify(run), lease);
}

/**
 * A check that fails is told; a lesser one only when it was ok before: what a site has lived with from the beginning needs
 * nobody. What was found stays out, since it may name somebody.
 */
export async function readDoctorSigns(deps: DoctorDeps): Promise<AlertSign[]> {
  if (deps.settings.alerts.doctorHours === 0) return [];
  const run = await lastRun(deps);
  return Object.entries(run?.checks ?? {}).flatMap(([id, { title, status, wasOk }]): AlertSign[] => {
    if (status === 'ok' || (status !== 'fail' && !wasOk)) return [];
    return [{ kind: 'doctor-check', key: id, size: 1, words: `The doctor: ${id} ${words[status]} (${title})` }];
  });
}

const words = { fail: 'fails', warn: 'warns', unknown: 'can not be told any more' } as const;

async function lastRun({ store }: Pick<Deps, 'store'>): Promise<KeptRun | null> {
  const text = await store.readCursor(cursor);
  return text ? (JSON.parse(text) as KeptRun) : null;
}

/** Null when the run broke off, or does not end. */
async function whenThrough(desk: DoctorDesk, signal: AbortSignal): Promise<readonly SeenCheck[] | null> {
  const end = performance.now() + longestRunMs;
  while (!signal.aborted && performance.now() < end) {
    const { run, checks } = await desk.picture();
    if (run?.endedAt) return run.fault ? null : checks;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs).unref());
  }
  return null;
}
