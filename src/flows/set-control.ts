import { instantOf } from '../domain/clock.ts';
import { type Control, type ControlKind, type ControlScope, scopeText } from '../domain/controls.ts';
import type { Deps } from './deps.ts';

type ControlDeps = Pick<Deps, 'store' | 'clock' | 'controls'>;

/** Decides something live, on every process within a second. Audited. */
export async function setControl(
  deps: ControlDeps,
  wanted: Pick<Control, 'kind' | 'scope' | 'percent' | 'note' | 'by'>,
): Promise<void> {
  const at = instantOf(deps.clock);
  const { kind, scope, percent, note, by } = wanted;
  const details = { percent: String(percent), note };
  const audit = { at, by, ...acts[kind].set, subject: scopeText(scope), details };
  await deps.store.setControl({ kind, scope, percent, note, by, at }, audit);
  await deps.controls.look();
}

/** Takes it back. False when there was nothing to take back. Audited, with why where that is said. */
export async function liftControl(
  deps: ControlDeps,
  { kind, scope, by, note = '' }: { kind: ControlKind; scope: ControlScope; by: string; note?: string },
): Promise<boolean> {
  const details: Readonly<Record<string, string>> = note ? { note } : {};
  const audit = { at: instantOf(deps.clock), by, ...acts[kind].lift, subject: scopeText(scope), details };
  const isLifted = await deps.store.liftControl({ kind, scope }, audit);
  await deps.controls.look();
  return isLifted;
}

/** What is set, and what shall be in its place. */
export interface Replacement {
  kind: ControlKind;
  scope: ControlScope;
  /** As it was read; null: nothing was set. */
  seen: Control | null;
  /** Null: it is only taken back. */
  to: Pick<Control, 'percent' | 'note' | 'by'> | null;
  /** Who does it. */
  by: string;
}

/** Puts one decision in the place of another in one step. False, and nothing is changed, when somebody decided otherwise meanwhile. Audited. */
export async function replaceControl(deps: ControlDeps, { kind, scope, seen, to, by }: Replacement): Promise<boolean> {
  const at = instantOf(deps.clock);
  const subject = scopeText(scope);
  const lifted = seen && seen.by !== to?.by ? [{ at, by, ...acts[kind].lift, subject, details: {} }] : [];
  const details = { percent: String(to?.percent), note: to?.note ?? '' };
  const set = to ? [{ at, by: to.by, ...acts[kind].set, subject, details }] : [];
  const control = to && { kind, scope, ...to, at };
  const audit = [...lifted, ...set];
  const isReplaced = await deps.store.replaceControl({ of: { kind, scope }, seen, to: control, audit });
  await deps.controls.look();
  return isReplaced;
}

const acts: Readonly<Record<ControlKind, { set: { act: string }; lift: { act: string } }>> = {
  pause: { set: { act: 'pause-set' }, lift: { act: 'pause-lifted' } },
  stage: { set: { act: 'stage-set' }, lift: { act: 'stage-lifted' } },
  share: { set: { act: 'share-set' }, lift: { act: 'share-lifted' } },
};
