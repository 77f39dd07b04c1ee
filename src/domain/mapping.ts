import type { CampaignPlan, PlanRules } from './plan-write-backs.ts';
import { type CampaignSettings, type DialerSettings, ofCampaign } from './settings.ts';

/** What a call ends in at its dialer, as its campaign says: a call keeps that of the moment at which it began. */
export type CampaignMapping = Pick<
  CampaignSettings,
  'dispositions' | 'fields' | 'mirror' | 'safeRoute' | 'routes' | 'screenPop' | 'transfers'
>;

/** By dialer, then by campaign; `*` stands for every other one. Plain data: it is kept in the store under its version. */
export type Mapping = Readonly<Record<string, Readonly<Record<string, CampaignMapping>>>>;

/** A mapping with its name: the same content has the same one, in every process. */
export interface NamedMapping {
  version: string;
  mapping: Mapping;
}

export const noMapping: NamedMapping = { version: '', mapping: {} };

/** The mapping part of the settings of all dialers. */
export function mappingOf(dialers: Readonly<Record<string, Pick<DialerSettings, 'campaigns'>>>): Mapping {
  return mapValues(dialers, ({ campaigns }) =>
    mapValues(campaigns, ({ dispositions, fields, mirror, safeRoute, routes, screenPop, transfers }) => ({
      ...{ dispositions, fields, safeRoute, routes, screenPop, transfers },
      ...(mirror && { mirror }),
    })),
  );
}

/** The present rules with the campaigns as a call began with them. What its own mapping says nothing of is as it is today. */
export function rulesByMapping(today: PlanRules, own: Mapping): PlanRules {
  const dialers = mapValues(today.dialers, (plan, id) => ({
    ...plan,
    campaigns: campaignsBy(own[id], plan.campaigns),
  }));
  return { ...today, dialers };
}

/** The same for what a dialer's scripts are answered. */
export function settingsByMapping(today: DialerSettings, own: Mapping[string] | undefined): DialerSettings {
  return { ...today, campaigns: campaignsBy(own, today.campaigns) };
}

function campaignsBy<Campaign extends CampaignPlan & Partial<CampaignMapping>>(
  own: Readonly<Record<string, CampaignMapping>> | undefined,
  today: Readonly<Record<string, Campaign>>,
): Readonly<Record<string, Campaign>> {
  if (!own) return today;
  const merged: Record<string, Campaign> = {};
  for (const name of new Set([...Object.keys(today), ...Object.keys(own)])) {
    const [begunWith, present] = [ofCampaign(own, name), ofCampaign(today, name)];
    const campaign = begunWith ? campaignBy(begunWith, present) : present;
    if (campaign) merged[name] = campaign;
  }
  return merged;
}

function campaignBy<Campaign extends CampaignPlan & Partial<CampaignMapping>>(
  own: CampaignMapping,
  today: Campaign | undefined,
): Campaign {
  const { mirror: _, ...present } = today ?? ({} as Campaign);
  const isNew = (outcome: string) => own.dispositions[outcome] === undefined && own.routes[outcome] === undefined;
  const routes = Object.entries(today?.routes ?? {}).filter(([outcome]) => isNew(outcome));
  return {
    ...present,
    ...own,
    dispositions: { ...today?.dispositions, ...own.dispositions },
    routes: { ...Object.fromEntries(routes), ...own.routes },
  } as Campaign;
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  turn: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, turn(value, key)]));
}
