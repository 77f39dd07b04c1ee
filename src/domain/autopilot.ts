import { type HealthLimits, type HealthSignals, type HealthVerdict, judgeHealth } from './ai-health.ts';

/** How the autopilot steers. Seconds of business time. */
export interface AutopilotSettings extends HealthLimits {
  /** The shares of calls on the way back, in percent, the last of which is 100. */
  steps: readonly number[];
  /** Least time on each step. */
  stepSec: number;
  /** Least time between going down and going up again; it doubles with each relapse, up to the other. */
  waitSec: number;
  maxWaitSec: number;
  /** After so long at 100 % relapses are forgotten. */
  calmSec: number;
}

/** What a site has configured of it. */
export interface AutopilotPolicy extends AutopilotSettings {
  /** False: it looks at nothing, and only lines follow a share that a person holds. */
  enabled: boolean;
  /** It says what it would do, and does nothing. */
  dryRun: boolean;
  everySec: number;
  /** While the store is away for longer, scripts are sent past the AI; 0: never. */
  storeAwaySec: number;
}

/** How far one dialer's calls go to the AI. */
export interface AutopilotState {
  /** 0: none does. Else the how manieth of `steps` holds. */
  step: number;
  /** When it began, epoch ms: only calls that were given since speak for it or against it. */
  since: number;
  /** When it went up last, or a person said how many. */
  risenAt: number;
  /** Which way it went last. */
  isRising: boolean;
  /** How often it turned down since it was last calm. */
  falls: number;
  /** Whether the platform has ever told of a start, or of anything, in time: a site may have no such webhook. */
  hearsStarts: boolean;
  hearsEvents: boolean;
  verdict: HealthVerdict;
  /** Why it went down last. */
  cause: string;
}

/** The probe: so few calls that a dead AI harms next to nobody. */
const probeStep = 1;

/** All calls go to the AI, and nothing is known. */
export function restingState({ steps }: Pick<AutopilotSettings, 'steps'>, at: number): AutopilotState {
  return {
    step: steps.length,
    since: at,
    risenAt: at,
    isRising: true,
    falls: 0,
    hearsStarts: false,
    hearsEvents: false,
    verdict: { kind: 'unproven', signal: '', why: 'nothing was seen yet' },
    cause: '',
  };
}

/**
 * One look: down to nothing at once on strong proof, else a step down; up a step at a time, each by proof of its own. Who
 * turned down waits before turning up, longer after each relapse, so that a flapping AI makes no flapping routes. Pure.
 */
export function stepAutopilot(
  before: AutopilotState,
  signals: HealthSignals,
  settings: AutopilotSettings,
): AutopilotState {
  const { at } = signals;
  const heard = learn(before, signals, settings);
  const { step, hearsStarts, hearsEvents } = heard;
  // What was on its way when the last share was taken is no news.
  const [since, silentSince] = step === 0 ? [never, never] : [heard.since, heard.risenAt];
  const trust = step === settings.steps.length ? 'full' : step === probeStep ? 'probe' : 'rising';
  const judged = { since, silentSince, trust, hearsStarts, hearsEvents } as const;
  // A customer is no way to find out what our own requests tell already.
  const isVain = step === 0 && signals.isPlatformAway;
  const state = { ...heard, verdict: isVain ? unreachable : judgeHealth(signals, settings, judged) };
  const { kind } = state.verdict;
  const isOver = at - state.since >= settings.stepSec * 1000;

  if (step > 0 && kind === 'dead') return fall(state, 0, at, settings);
  if (step > 0 && kind === 'sick') return isOver ? fall(state, step - 1, at, settings) : state;
  if (step === settings.steps.length || kind === 'sick') return state;
  // From nothing there is no proof to be had but by trying.
  if (step > 0 && kind !== 'well') return state;
  const isDue = state.isRising ? isOver : at - state.since >= waitMs(state.falls, settings);
  return isDue ? { ...state, step: step + 1, since: at, risenAt: at, isRising: true } : state;
}

const unreachable: HealthVerdict = {
  kind: 'sick',
  signal: 'platform',
  why: 'the platform does not answer our own requests: no call tries it before it does',
};
const never = Number.POSITIVE_INFINITY;

/** In percent. */
export function shareOfStep({ steps }: Pick<AutopilotSettings, 'steps'>, step: number): number {
  return step === 0 ? 0 : (steps[step - 1] ?? 100);
}

/** The highest step that gives no more than this. */
export function stepOfShare({ steps }: Pick<AutopilotSettings, 'steps'>, percent: number): number {
  return steps.filter((share) => share <= percent).length;
}

/** From where a person left off: what was decided by hand says nothing about health. */
export function takenOver(
  state: AutopilotState,
  percent: number,
  at: number,
  settings: Pick<AutopilotSettings, 'steps'>,
): AutopilotState {
  const step = stepOfShare(settings, percent);
  if (step === state.step) return state;
  const isDown = step < settings.steps.length;
  return {
    ...state,
    step,
    since: at,
    risenAt: at,
    isRising: !isDown,
    falls: isDown ? Math.max(1, state.falls) : state.falls,
  };
}

/** How long it waits after its last step down before it turns up. */
export function waitMs(falls: number, { waitSec, maxWaitSec }: AutopilotSettings): number {
  return 1000 * Math.min(maxWaitSec, waitSec * 2 ** Math.max(0, falls - 1));
}

function fall(state: AutopilotState, step: number, at: number, settings: AutopilotSettings): AutopilotState {
  const isCalm = state.step === settings.steps.length && at - state.since >= settings.calmSec * 1000;
  const falls = state.isRising ? (isCalm ? 0 : state.falls) + 1 : state.falls;
  return { ...state, step, since: at, isRising: false, falls, cause: state.verdict.why };
}

function learn(state: AutopilotState, { calls }: HealthSignals, { answerSec }: HealthLimits): AutopilotState {
  if (state.hearsStarts && state.hearsEvents) return state;
  const isPrompt = (at: number | null, givenAt: number) => at !== null && at - givenAt <= answerSec * 1000;
  return {
    ...state,
    hearsStarts: state.hearsStarts || calls.some(({ heardAt, givenAt }) => isPrompt(heardAt, givenAt)),
    hearsEvents: state.hearsEvents || calls.some(({ eventAt }) => eventAt !== null),
  };
}
