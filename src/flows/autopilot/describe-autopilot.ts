import { type AutopilotPolicy, shareOfStep, waitMs } from '../../domain/autopilot.ts';
import type { Control } from '../../domain/controls.ts';
import type { Deps } from '../deps.ts';
import { type HealthMeasures, readAutopilot } from './autopilot-cursor.ts';
import { readLineBook } from './steer-lines.ts';

/** How the AI is for one dialer, and what is done about it, for people. */
export interface AutopilotView {
  dialer: string;
  /** Percent of the calls that may go to the AI. */
  share: number;
  /** Who set a share below all, why and since when; null: all calls go. */
  control: Control | null;
  verdict: string;
  why: string;
  measures: HealthMeasures;
  /** Epoch ms; 0: it was never looked at. */
  lookedAt: number;
  /** Epoch ms before which it does not go up again; null where it does not wait for time alone. */
  waitsUntil: number | null;
  falls: number;
  /** Line groups of the dialer that are not as they were. */
  lines: readonly { key: string; was: number; now: number; isLeft: boolean }[];
}

/** Every dialer, in the order of the configuration. */
export async function describeAutopilot(
  deps: Pick<Deps, 'store' | 'clock' | 'dialers' | 'controls'>,
  settings: AutopilotPolicy,
): Promise<AutopilotView[]> {
  await deps.controls.look();
  return Promise.all([...deps.dialers.keys()].map((dialer) => describe(deps, dialer, settings)));
}

async function describe(
  deps: Pick<Deps, 'store' | 'clock' | 'controls'>,
  dialer: string,
  settings: AutopilotPolicy,
): Promise<AutopilotView> {
  const [{ state, lookedAt, measures }, book] = await Promise.all([
    readAutopilot(deps, dialer, settings),
    readLineBook(deps, dialer),
  ]);
  const control = deps.controls.now().shareOf(dialer, '') ?? null;
  // What it would do is in its memory alone.
  const own = settings.dryRun ? shareOfStep(settings, state.step) : 100;
  return {
    dialer,
    share: control?.percent ?? own,
    control,
    verdict: state.verdict.kind,
    why: state.verdict.why,
    measures,
    lookedAt,
    waitsUntil: state.isRising ? null : state.since + waitMs(state.falls, settings),
    falls: state.falls,
    lines: Object.entries(book).map(([key, { was, to, isLeft }]) => ({
      key,
      was: was.lines,
      now: to.isOn ? to.lines : 0,
      isLeft: isLeft ?? false,
    })),
  };
}
