import type { Instant } from './call.ts';
import type { Aspect } from './write-back.ts';

/** Where a control holds. Empty text: everywhere. */
export interface ControlScope {
  dialer: string;
  campaign: string;
  aspect: Aspect | '';
}

/**
 * `pause`: nothing is sent to the dialer. `stage`: of so many percent of the leads the calls are written to the dialer, the
 * others run in shadow. `share`: so many percent of the calls may go to the AI.
 */
export const controlKinds = ['pause', 'stage', 'share'] as const;
export type ControlKind = (typeof controlKinds)[number];

/** What somebody in charge has decided, live, beside the configuration. One per kind and scope. */
export interface Control {
  kind: ControlKind;
  scope: ControlScope;
  /** 0 to 100. Of a pause always 0. */
  percent: number;
  /** Why, in the words of who set it. */
  note: string;
  /** Who set it, as in the audit log. */
  by: string;
  at: Instant;
}

/** All controls of a moment. */
export interface Controls {
  all: readonly Control[];
  /** Why write-backs of this aspect may not be sent; undefined when they may. The widest pause is named. */
  pauseOf(dialer: string, campaign: string, aspect: Aspect): Control | undefined;
  /** All pauses that hold something of a dialer back. */
  pausesOn(dialer: string): readonly Control[];
  /** Why nothing at all is written for calls of a campaign: a pause of one aspect does not count. */
  pauseOfCalls(dialer: string, campaign: string): Control | undefined;
  /** The narrowest that holds for the campaign: its own, else its dialer's, else that of everywhere. One of an aspect is none. */
  stageOf(dialer: string, campaign: string): Control | undefined;
  /** The same; what a person decided goes before what the autopilot did. */
  shareOf(dialer: string, campaign: string): Control | undefined;
}

export const everywhere: ControlScope = { dialer: '', campaign: '', aspect: '' };

export function controlsOf(all: readonly Control[]): Controls {
  const widestFirst = [...all].sort((a, b) => widthOf(a.scope) - widthOf(b.scope));
  const pauses = widestFirst.filter(({ kind }) => kind === 'pause');
  const narrowestFirst = widestFirst.toReversed();
  const narrowest = (kind: ControlKind, dialer: string, campaign: string) =>
    narrowestFirst.find(
      (control) => control.kind === kind && control.scope.aspect === '' && isWithin(control.scope, dialer, campaign),
    );
  return {
    all: widestFirst,
    pauseOf: (dialer, campaign, aspect) =>
      pauses.find(({ scope }) => isWithin(scope, dialer, campaign) && (scope.aspect === '' || scope.aspect === aspect)),
    pausesOn: (dialer) => pauses.filter(({ scope }) => scope.dialer === '' || scope.dialer === dialer),
    pauseOfCalls: (dialer, campaign) =>
      pauses.find(({ scope }) => scope.aspect === '' && isWithin(scope, dialer, campaign)),
    stageOf: (dialer, campaign) => narrowest('stage', dialer, campaign),
    shareOf: (dialer, campaign) =>
      narrowestFirst.find((each) => isShareOf(each, dialer, campaign) && each.by !== autopilotName) ??
      narrowest('share', dialer, campaign),
  };
}

/** Who sets shares by the AI's health, as the audit log names it. */
export const autopilotName = 'autopilot';

export const noControls: Controls = controlsOf([]);

/** `vicidial / TESTCAMP / callback`, `everywhere`: for people, and for the audit log. */
export function scopeText({ dialer, campaign, aspect }: ControlScope): string {
  const parts = [dialer || (campaign && '*'), campaign, aspect].filter(Boolean);
  return parts.length > 0 ? parts.join(' / ') : 'everywhere';
}

/** Whether a control is the pause of exactly this scope. */
export function isPauseOf(scope: ControlScope): (control: Control) => boolean {
  return (control) => control.kind === 'pause' && scopeText(control.scope) === scopeText(scope);
}

/** The same as options of a command line. */
export function scopeOptions({ dialer, campaign, aspect }: ControlScope): string {
  const quoted = campaign && (/^[\w.-]+$/.test(campaign) ? campaign : `"${campaign}"`);
  return `${dialer && ` --dialer ${dialer}`}${quoted && ` --campaign ${quoted}`}${aspect && ` --aspect ${aspect}`}`;
}

function isShareOf({ kind, scope }: Control, dialer: string, campaign: string): boolean {
  return kind === 'share' && isWithin(scope, dialer, campaign);
}

function isWithin(scope: ControlScope, dialer: string, campaign: string): boolean {
  return (scope.dialer === '' || scope.dialer === dialer) && (scope.campaign === '' || scope.campaign === campaign);
}

function widthOf({ dialer, campaign, aspect }: ControlScope): number {
  return (campaign ? 4 : 0) + (dialer ? 2 : 0) + (aspect ? 1 : 0);
}
