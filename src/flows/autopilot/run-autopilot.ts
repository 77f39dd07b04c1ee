import {
  type AutopilotPolicy,
  type AutopilotState,
  shareOfStep,
  stepAutopilot,
  takenOver,
} from '../../domain/autopilot.ts';
import { instantOf } from '../../domain/clock.ts';
import { autopilotName, type Control, type ControlScope } from '../../domain/controls.ts';
import { messageOf } from '../../domain/errors.ts';
import { fenceOf, type HeldLease } from '../../domain/lease.ts';
import type { SeenProcess } from '../../domain/link-report.ts';
import type { Deps } from '../deps.ts';
import { liftControl, setControl } from '../set-control.ts';
import { type KeptAutopilot, measuresOf, readAutopilot, writeAutopilot } from './autopilot-cursor.ts';
import { readHealth } from './read-health.ts';
import { steerLines } from './steer-lines.ts';

/** Looks once at how the AI is for each dialer, decides its share, and brings its lines there. */
export async function runAutopilot(
  deps: Deps,
  lease?: HeldLease,
  settings: AutopilotPolicy = deps.settings.autopilot,
): Promise<void> {
  const isSteering = settings.enabled && !settings.dryRun;
  const processes = settings.enabled ? await deps.store.processes() : [];
  // What a person decided a moment ago must not be undone.
  await deps.controls.look();
  for (const { id, lines } of deps.dialers.values()) {
    try {
      if (!isSteering) await withdraw(deps, id);
      if (settings.enabled) await steerShare(deps, id, settings, processes, lease);
      if (lines) await steerLines(deps, id, lines, lease);
    } catch (error) {
      deps.log.warn({ dialer: id, reason: messageOf(error) }, 'the autopilot could not steer a dialer; it tries again');
    }
  }
}

/** The share that the autopilot sets: that of a whole dialer. */
export function shareScope(dialer: string): ControlScope {
  return { dialer, campaign: '', aspect: '' };
}

/** What a person decided for all calls of a dialer. */
export function personsShare({ controls }: Pick<Deps, 'controls'>, dialer: string): Control | undefined {
  const share = controls.now().shareOf(dialer, '');
  return share?.by === autopilotName ? undefined : share;
}

async function steerShare(
  deps: Deps,
  dialer: string,
  settings: AutopilotPolicy,
  processes: readonly SeenProcess[],
  lease: HeldLease | undefined,
): Promise<void> {
  const signals = await readHealth(deps, dialer, settings, processes);
  const before = await readAutopilot(deps, dialer, settings);
  const wasHeld = before.heldBy !== '';
  const person = settings.dryRun ? undefined : personsShare(deps, dialer);
  const begun = settings.dryRun ? before.state : asControlled(deps, dialer, before.state, signals.at, settings);
  const stepped = stepAutopilot(begun, signals, settings);
  const { hearsStarts, hearsEvents, verdict } = stepped;
  // While somebody holds the share nothing is done, and what is learnt is kept.
  const state = person ? { ...begun, hearsStarts, hearsEvents, verdict } : stepped;
  if (lease && !lease.isOurs()) return;

  await announce(
    deps,
    dialer,
    { before: before.state, begun, state, isTakenOver: person !== undefined && !wasHeld },
    settings,
  );
  const measures = measuresOf(signals);
  const kept: KeptAutopilot = { state, lookedAt: signals.at, heldBy: person?.by ?? '', measures };
  await writeAutopilot(deps, dialer, kept, lease && fenceOf(lease));
}

/** Controls are what holds: another hand may have moved them since the last look, or a process ended in between. */
function asControlled(
  { controls }: Deps,
  dialer: string,
  state: AutopilotState,
  at: number,
  settings: AutopilotPolicy,
): AutopilotState {
  const percent = controls.now().shareOf(dialer, '')?.percent ?? 100;
  return percent === shareOfStep(settings, state.step) ? state : takenOver(state, percent, at, settings);
}

interface Turn {
  /** As the last look left it. */
  before: AutopilotState;
  /** With what a person did since. */
  begun: AutopilotState;
  state: AutopilotState;
  /** A person took the share over since. */
  isTakenOver: boolean;
}

/** Sets the share where it changed, and tells of it: the log, the audit log, and what needs a person. */
async function announce(deps: Deps, dialer: string, turn: Turn, settings: AutopilotPolicy): Promise<void> {
  const { before, begun, state, isTakenOver } = turn;
  const { falls, verdict } = state;
  const { signal } = verdict;
  const [percent, was] = [shareOfStep(settings, state.step), shareOfStep(settings, begun.step)];
  const why = was === 0 && percent > 0 ? 'a few calls try whether the AI is back' : verdict.why;
  if (percent !== was) {
    const said = { dialer, percent, was, signal, why, falls, dryRun: settings.dryRun };
    if (percent < was) deps.log.warn(said, 'the AI is unwell: fewer calls go to it');
    else deps.log.info(said, 'the AI does better: more calls go to it');
  }
  if (settings.dryRun) return;

  const [kind, scope, by] = ['share', shareScope(dialer), autopilotName] as const;
  if (percent !== was && percent < 100) {
    // First who must know: a share that could not be set is set, and told, with the next look.
    const details = { dialer, share: `${percent} %`, why: state.cause };
    await deps.store.raiseAttention([{ kind: 'ai-unwell', key: dialer, details }], instantOf(deps.clock));
    await setControl(deps, { kind, scope, percent, note: why, by });
  } else if (percent !== was) await liftControl(deps, { kind, scope, by });
  if (before.step === settings.steps.length) return;
  if (percent === 100) await settle(deps, dialer, `all calls may go to the AI again: ${why}`);
  else if (isTakenOver) await settle(deps, dialer, 'a person holds the share');
}

/** Switched off, or only looking: what it set itself does not stay. */
async function withdraw(deps: Deps, dialer: string): Promise<void> {
  const control = deps.controls.now().all.find((each) => isOwn(each, dialer));
  if (!control) return;
  deps.log.info({ dialer, was: control.percent }, 'the autopilot is off: its share is lifted');
  await liftControl(deps, { kind: 'share', scope: shareScope(dialer), by: autopilotName });
  await settle(deps, dialer, 'the autopilot was switched off');
}

function isOwn({ kind, by, scope }: Control, dialer: string): boolean {
  return kind === 'share' && by === autopilotName && scope.dialer === dialer && scope.campaign === '';
}

async function settle({ store, clock }: Deps, dialer: string, settlement: string): Promise<void> {
  await store.settleAttention({
    kind: 'ai-unwell',
    key: dialer,
    by: autopilotName,
    settlement,
    now: instantOf(clock),
  });
}
