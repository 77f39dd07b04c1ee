import { autopilotName } from '../../domain/controls.ts';
import type { Deps } from '../deps.ts';
import { replaceControl, setControl } from '../set-control.ts';
import { personsShare, shareScope } from './run-autopilot.ts';

/** A person decides how many of a dialer's calls go to the AI: the autopilot keeps its hands off until it is released. */
export async function holdShare(
  deps: Deps,
  { dialer, percent, why, by }: { dialer: string; percent: number; why: string; by: string },
): Promise<void> {
  await setControl(deps, { kind: 'share', scope: shareScope(dialer), percent, note: why, by });
}

/**
 * Gives the share back. Where the autopilot is on, it goes on from there, and up by proof; else all calls go to the AI.
 * False when nobody held it for this dialer alone.
 */
export async function releaseShare(deps: Deps, { dialer, by }: { dialer: string; by: string }): Promise<boolean> {
  const scope = shareScope(dialer);
  for (let tries = 0; tries < mostTries; tries += 1) {
    await deps.controls.look();
    const seen = personsShare(deps.controls.now(), dialer);
    if (seen?.scope.dialer !== dialer) return false;
    const { percent } = seen;
    const note = 'a person released what was held';
    const to = isSteering(deps) && percent < 100 ? { percent, note, by: autopilotName } : null;
    if (await replaceControl(deps, { kind: 'share', scope, seen, to, by })) return true;
  }
  return false;
}

/** Somebody may hold it anew meanwhile: then that is released. */
const mostTries = 5;

/** Whether the autopilot acts on what it sees. */
export function isSteering({ settings }: Pick<Deps, 'settings'>): boolean {
  return settings.autopilot.enabled && !settings.autopilot.dryRun;
}
