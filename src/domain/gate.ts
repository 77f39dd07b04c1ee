import type { Route } from './call.ts';
import type { CallingHours } from './calling-hours.ts';
import { campaignSettings, type DialerSettings } from './settings.ts';

/** Why a call is not for the AI, or may not be placed; strongest first. A call that is only paused may go to the AI still. */
export const gateReasons = [
  'opt_out',
  'outside_hours',
  'no_consent',
  'scrubbed',
  'ai_unwell',
  'no_capacity',
  'paused',
] as const;
export type GateReason = (typeof gateReasons)[number];

/** How calls that ask for their route are held to what a platform takes at once. */
export interface CapacityRules {
  /** How long a customer waits on the line for a slot. */
  waitMs: number;
  /** A call of which nobody tells the end holds its slot no longer. */
  longestCallMin: number;
}

/** What has to be known of a customer's consent. */
export interface ConsentRule {
  /** The lead field that holds it. */
  field: string;
  /** Values that mean yes, whatever their case. None: every value does. */
  accepts: readonly string[];
  /** The lead field that says where it was given; kept as evidence. */
  sourceField?: string | undefined;
}

/** What a campaign asks of a call before the AI gets it. */
export interface GateSettings {
  hours: CallingHours;
  isHoursChecked: boolean;
  /** Null: none is asked for. */
  consent: ConsentRule | null;
  isScrubbed: boolean;
  capacity: CapacityRules;
  /** What the dialer's script shall do then. */
  routes: Readonly<Record<GateReason, Route>>;
}

/** What one campaign has otherwise. */
export interface CampaignGate {
  hours?: boolean | undefined;
  consent?: ConsentRule | undefined;
  scrub?: boolean | undefined;
  routes?: Readonly<Partial<Record<GateReason, Route | undefined>>> | undefined;
}

/** The settings of a campaign: what it has otherwise, else what holds for all. */
export function gateOf(standard: GateSettings, dialer: DialerSettings | undefined, campaign: string): GateSettings {
  const own = dialer && campaignSettings(dialer, campaign).gate;
  if (!own) return standard;
  const routes = { ...standard.routes };
  for (const reason of gateReasons) routes[reason] = own.routes?.[reason] ?? routes[reason];
  return {
    hours: standard.hours,
    isHoursChecked: own.hours ?? standard.isHoursChecked,
    consent: own.consent ?? null,
    isScrubbed: own.scrub ?? standard.isScrubbed,
    capacity: standard.capacity,
    routes,
  };
}

/** True when the lead's fields hold a consent that the rule accepts. */
export function hasConsent(rule: ConsentRule, fields: Readonly<Record<string, string>>): boolean {
  const value = (fields[rule.field] ?? '').trim().toLowerCase();
  if (rule.accepts.length === 0) return value !== '';
  return rule.accepts.some((accepted) => accepted.trim().toLowerCase() === value);
}
