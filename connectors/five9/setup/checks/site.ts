import { z } from 'zod';
import type { Five9 } from '../../five9.ts';
import { createScriptOperations } from '../../ivr/script/script-operations.ts';
import type { Contact } from '../../soap/schema.ts';
import { type CampaignWay, campaignWay, numbersOf } from '../campaign-ways.ts';
import { planCallVariables } from '../plan-call-variables.ts';
import { planContactFields } from '../plan-contact-fields.ts';
import { planDispositions } from '../plan-dispositions.ts';
import { knock } from './knock.ts';
import { readScripts } from './read-scripts.ts';

/** A campaign of the configuration that Five9 has, with how its calls go. */
export interface ConfiguredWay extends CampaignWay {
  name: string;
  type: string;
  state: string;
}

/** A number that nobody has, for questions that need one. */
const nobodysNumber = { national: '2025550143', e164: '+12025550143' } as const;

const Lists = z.preprocess(
  (value) => (Array.isArray(value) ? value : value == null ? [] : [value]),
  z.array(z.object({ name: z.string(), size: z.coerce.number().default(0) })),
);

/** What one run of the doctor reads of a domain: each question is asked once, however many checks want the answer. */
export type Site = ReturnType<typeof createSite>;

export function createSite(given: Five9) {
  const campaigns = once(() => given.api.campaigns());
  const contactFields = once(() => given.api.contactFields());
  // The plans ask for these too.
  const five9: Five9 = { ...given, api: { ...given.api, campaigns, contactFields } };
  const { api, config } = five9;
  const operations = createScriptOperations(api);
  const lists = new Map<string, Promise<string[]>>();

  const ways = once(async () => {
    const named = new Set(namedCampaigns(config));
    const found: ConfiguredWay[] = [];
    for (const { name, type, state } of await campaigns()) {
      if (named.has(name)) found.push({ name, type, state, ...(await campaignWay(api, name, type)) });
    }
    return found;
  });

  const scripts = once(async () => readScripts(five9, operations, await ways()));

  return {
    five9,
    config,
    /** Whether anything answers at the address, and what time it is there. */
    door: once(() => knock(five9)),
    users: once(() => api.askEachUser()),
    versions: once(() => api.versions()),
    counters: once(() => api.counters()),
    campaigns,
    ways,
    /** Those of them whose calls are for the AI. Of others, only results are written: people take their calls, as they like. */
    aiWays: once(async () => {
      const all = await ways();
      const isDescribed = ({ name }: ConfiguredWay) => config.campaigns[name]?.script !== undefined;
      const needsLook = all.some((way) => way.script !== '' && !isDescribed(way));
      // Who describes no script may have no right to read any.
      const read = needsLook ? await scripts().catch(() => []) : [];
      const judged = new Set(read.map(({ name }) => name));
      return all.filter((way) => isDescribed(way) || judged.has(way.script));
    }),
    /** How the calls of all inbound campaigns go, with the numbers that reach them. */
    inbound: once(async () => {
      const found: { name: string; script: string; numbers: string[] }[] = [];
      for (const { name, type } of await campaigns()) {
        if (type !== 'INBOUND') continue;
        const { script } = await campaignWay(api, name, type);
        found.push({ name, script, numbers: await numbersOf(api, name) });
      }
      return found;
    }),
    contactFields,
    /** One part of the contacts, at most 1,000: what is wrong everywhere shows there. */
    sample: once((): Promise<Contact[]> => {
      const [part] = config.sync.partitions;
      return api.contacts(part?.values[0] ? { [part.field]: part.values[0] } : {});
    }),
    fieldPlan: once(() => planContactFields(five9)),
    dispositionPlan: once(() => planDispositions(five9)),
    variablePlan: once(() => planCallVariables(five9)),
    /** Sizes by list. */
    lists: once(async () => {
      const found = await api.call('getListsInfo', {}, Lists, { purpose: 'interactive' });
      return new Map(found.map(({ name, size }) => [name, size]));
    }),
    listsOf(campaign: string): Promise<string[]> {
      const known = lists.get(campaign) ?? api.listsOfCampaign(campaign);
      lists.set(campaign, known);
      return known;
    },
    /** Ids by skill. */
    skills: once(() => operations.skills()),
    scripts,
    seedScript: once(async () => (config.ivr.seedScript ? operations.find(config.ivr.seedScript) : null)),
    dnc: once(() => api.checkDnc([nobodysNumber[config.numberFormat]])),
  };
}

/** `*` stands for all other campaigns, and is none itself. */
export function namedCampaigns(config: Five9['config']): string[] {
  return Object.keys(config.campaigns).filter((name) => name !== '*');
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
