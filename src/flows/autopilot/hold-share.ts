import { autopilotName } from '../../domain/controls.ts';
import type { Deps } from '../deps.ts';
import { liftControl, setControl } from '../set-control.ts';
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
  await deps.controls.look();
  const held = personsShare(deps, dialer);
  const scope = shareScope(dialer);
  if (held?.scope.dialer !== dialer) return false;
  const isLifted = await liftControl(deps, { kind: 'share', scope, by });
  if (isLifted && isSteering(deps) && held.percent < 100) {
    const note = `${by} released what was held`;
    await setControl(deps, { kind: 'share', scope, percent: held.percent, note, by: autopilotName });
  }
  return isLifted;
}

/** Whether the autopilot acts on what it sees. */
export function isSteering({ settings }: Pick<Deps, 'settings'>): boolean {
  return settings.autopilot.enabled && !settings.autopilot.dryRun;
}
