import {
  type AutopilotPolicy,
  type AutopilotState,
  shareOfStep,
  stepAutopilot,
  takenOver,
} from '../../domain/autopilot.ts';
import { instantOf } from '../../domain/clock.ts';
import { autopilotName, type Control, type ControlScope, type Controls } from '../../domain/controls.ts';
import { messageOf } from '../../domain/errors.ts';
import { fenceOf, type HeldLease } from '../../domain/lease.ts';
import type { SeenProcess } from '../../domain/link-report.ts';
import type { Deps } from '../deps.ts';
import { type Replacement, replaceControl } from '../set-control.ts';
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
  if (!deps.controls.isKnown()) return;
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
export function personsShare(controls: Controls, dialer: string): Control | undefined {
  const share = controls.shareOf(dialer, '');
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
  // What is decided from here on is seen when the share is written.
  const controls = deps.controls.now();
  const person = settings.dryRun ? undefined : personsShare(controls, dialer);
  const begun = settings.dryRun ? before.state : asControlled(controls, dialer, before.state, signals.at, settings);
  const stepped = stepAutopilot(begun, signals, settings);
  const { hearsStarts, hearsEvents, verdict } = stepped;
  // While somebody holds the share nothing is done, and what is learnt is kept.
  const state = person ? { ...begun, hearsStarts, hearsEvents, verdict } : stepped;
  if (lease && !lease.isOurs()) return;

  const isTakenOver = person !== undefined && !wasHeld;
  const isReleased = person === undefined && wasHeld;
  const turn = { before: before.state, begun, state, isTakenOver, isReleased, seen: ownShare(controls, dialer) };
  if (!(await announce(deps, dialer, turn, settings))) return;
  const measures = measuresOf(signals);
  const kept: KeptAutopilot = { state, lookedAt: signals.at, heldBy: person?.by ?? '', measures };
  await writeAutopilot(deps, dialer, kept, lease && fenceOf(lease));
}

/** Controls are what holds: another hand may have moved them since the last look, or a process ended in between. */
function asControlled(
  controls: Controls,
  dialer: string,
  state: AutopilotState,
  at: number,
  settings: AutopilotPolicy,
): AutopilotState {
  const percent = controls.shareOf(dialer, '')?.percent ?? 100;
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
  /** A person gave it back since: what they took on themselves needs a person again. */
  isReleased: boolean;
  /** The share that the autopilot has set and this look goes by. */
  seen: Control | null;
}

/**
 * Sets the share where it changed, and tells of it: the log, the audit log, and what needs a person. False when somebody
 * decided in this very moment: then that holds, and the next look goes by it.
 */
async function announce(deps: Deps, dialer: string, turn: Turn, settings: AutopilotPolicy): Promise<boolean> {
  const { before, begun, state, isTakenOver, isReleased, seen } = turn;
  const { falls, verdict } = state;
  const { signal } = verdict;
  const [percent, was] = [shareOfStep(settings, state.step), shareOfStep(settings, begun.step)];
  const why = was === 0 && percent > 0 ? 'a few calls try whether the AI is back' : verdict.why;
  if (percent !== was) {
    const said = { dialer, percent, was, signal, why, falls, dryRun: settings.dryRun };
    if (percent < was) deps.log.warn(said, 'the AI is unwell: fewer calls go to it');
    else deps.log.info(said, 'the AI does better: more calls go to it');
  }
  if (settings.dryRun) return true;

  // First who must know: a share that could not be set is set, and told, with the next look.
  if (percent < 100 && (percent !== was || isReleased)) {
    const details = { dialer, share: `${percent} %`, why: state.cause || verdict.why };
    await deps.store.raiseAttention([{ kind: 'ai-unwell', key: dialer, details }], instantOf(deps.clock));
  }
  if (percent !== was) {
    const to = percent < 100 ? { percent, note: why, by: autopilotName } : null;
    if (!(await replaceShare(deps, dialer, seen, to))) return false;
  }
  if (before.step === settings.steps.length) return true;
  if (percent === 100) await settle(deps, dialer, `all calls may go to the AI again: ${why}`);
  else if (isTakenOver) await settle(deps, dialer, 'a person holds the share');
  return true;
}

/** Switched off, or only looking: what it set itself does not stay. */
async function withdraw(deps: Deps, dialer: string): Promise<void> {
  const control = ownShare(deps.controls.now(), dialer);
  if (!control) return;
  deps.log.info({ dialer, was: control.percent }, 'the autopilot is off: its share is lifted');
  if (await replaceShare(deps, dialer, control, null)) await settle(deps, dialer, 'the autopilot was switched off');
}

function ownShare({ all }: Controls, dialer: string): Control | null {
  const isOwn = ({ kind, by, scope }: Control) =>
    kind === 'share' && by === autopilotName && scope.dialer === dialer && scope.campaign === '';
  return all.find(isOwn) ?? null;
}

/** Only where what holds is what was seen: a person's word, however fresh, is never written over. */
async function replaceShare(deps: Deps, dialer: string, seen: Control | null, to: Replacement['to']): Promise<boolean> {
  const change = { kind: 'share', scope: shareScope(dialer), seen, to, by: autopilotName } as const;
  if (await replaceControl(deps, change)) return true;
  deps.log.info({ dialer }, 'somebody decided the share meanwhile: the autopilot goes by that');
  // It may also have been the autopilot of another process.
  if (personsShare(deps.controls.now(), dialer)) await settle(deps, dialer, 'somebody decided the share');
  return false;
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
