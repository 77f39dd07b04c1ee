import type { CallEvidence } from './fact.ts';
import type { CampaignGate } from './gate.ts';

/** The settings that every dialer has, whatever its kind. A connector's own configuration adds to them. */
export interface DialerSettings {
  type: string;
  /** ISO 3166 alpha-2; national numbers of this dialer are read as this country's. */
  country: string;
  /** By the dialer's campaign name; `*` stands for every other campaign. */
  campaigns: Readonly<Record<string, CampaignSettings>>;
  /** Dispositions by which people say that somebody must not be called, whatever the campaigns map to. */
  optOutDispositions: readonly string[];
  /** SIP headers in order of priority. */
  headers: readonly HeaderSettings[];
  headerBudget: { bytes: number; count: number; charset: 'utf8' | 'ascii' };
  budgets: EndpointBudgets;
}

/** Milliseconds in which an endpoint must have answered, whatever is away. */
export interface EndpointBudgets {
  registerMs: number;
  outcomeMs: number;
  headersMs: number;
  contextMs: number;
}

export interface HeaderSettings {
  /** `X-` and letters, digits, `_`, `-`. */
  name: string;
  /** `correlation_id`, `caller_code`, `lead_id`, `campaign`, `list`, `phone`, `dialer`, or a lead field. */
  from: string;
}

/** The header names of these dialers, each once, in order of priority. */
export function headerNames(dialers: readonly Pick<DialerSettings, 'headers'>[]): string[] {
  return [...new Set(dialers.flatMap(({ headers }) => headers.map(({ name }) => name)))];
}

export interface CampaignSettings {
  dispositions: Readonly<Record<string, string>>;
  /** The dialer's field → `outcome`, `summary`, `correlation_id`, `recording_url`, `callback_at`, or a field of the outcome. */
  fields: Readonly<Record<string, string>>;
  mirror?: { dialer: string; campaign: string };
  /** The platform that its calls go to. (Default: the only one there is) */
  platform?: string | undefined;
  /** What an IVR script shall do while we know nothing better. */
  safeRoute: string;
  /** Outcome code → route; what is not named here follows the built-in table (see routes.ts). */
  routes: Readonly<Record<string, string>>;
  /** Keys of the outcome's fields, or `campaign`, `lead_id`, `dialer`: what the outcome answer carries for the screen pop. */
  screenPop: readonly string[];
  /** What an agent calls a group of people → the dialer's own target. `default`: where the agent names none. */
  transfers: Readonly<Record<string, string>>;
  /** What is asked of a call before the AI gets it, where it differs from what holds for all. */
  gate?: CampaignGate | undefined;
  /** What is kept of each call as evidence. */
  evidence?: CampaignEvidence | undefined;
}

/** For whom and what a campaign calls. `consentField`: the lead field that says where consent was given. */
export type CampaignEvidence = Omit<CallEvidence, 'consentSource'> & { consentField: string };

const emptyCampaign: CampaignSettings = {
  dispositions: {},
  fields: {},
  safeRoute: 'skill',
  routes: {},
  screenPop: [],
  transfers: {},
};

/** The settings of a campaign: its own, else those of `*`, else nothing mapped and a safe route to people. */
export function campaignSettings(settings: DialerSettings, campaign: string): CampaignSettings {
  return ofCampaign(settings.campaigns, campaign) ?? emptyCampaign;
}

/** A campaign's own value, else that of `*`. The name comes from outside: `constructor` is one like any other. */
export function ofCampaign<T>(campaigns: Readonly<Record<string, T>>, campaign: string): T | undefined {
  return Object.hasOwn(campaigns, campaign) ? campaigns[campaign] : campaigns['*'];
}

/**
 * The screen-pop fields of every campaign, each once: one script may serve them all. Always in this order, whatever the
 * campaign of the call: an expression reads keys in the order in which they come.
 */
export function sharedScreenPop({ campaigns }: Pick<DialerSettings, 'campaigns'>): string[] {
  return [...new Set(Object.values(campaigns).flatMap(({ screenPop }) => screenPop))];
}

/**
 * The outcome that a disposition stands for: the mapping read backwards, when exactly one outcome has it. One that can mean
 * an opt-out is one: of several outcomes, in another campaign, or by the dialer's own meaning.
 */
export function outcomeOfDisposition(
  settings: DialerSettings,
  campaign: string,
  disposition: string,
): string | undefined {
  const entries = Object.entries(campaignSettings(settings, campaign).dispositions);
  const outcomes = entries.flatMap(([outcome, code]) => (code === disposition ? outcome : []));
  const [first, ...others] = outcomes;
  if (first && others.length === 0) return first;
  const all = Object.values(settings.campaigns).map(({ dispositions }) => dispositions.opt_out);
  const isOptOut = first
    ? outcomes.includes('opt_out')
    : [...all, ...settings.optOutDispositions].includes(disposition);
  return isOptOut ? 'opt_out' : undefined;
}
