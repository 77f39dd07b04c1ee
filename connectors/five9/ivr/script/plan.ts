import { type CampaignSettings, campaignSettings, sharedScreenPop } from '../../../../src/domain/settings.ts';
import type { Five9Config } from '../../config.ts';
import { leadFieldOf } from '../../read/contact-to-lead.ts';
import type { XmlNode } from '../xml.ts';
import type { Five9Script, RouteAction, ScriptPart } from './config.ts';
import { choice } from './modules.ts';
import type { Operand, Variable } from './operands.ts';
import type { Seed } from './seed.ts';

/** What a script can not know of the domain: it is there by its name, and has to be learned or chosen by hand. */
export interface Blank {
  kind: 'authorization profile' | 'disposition' | 'skill' | 'KVList to send' | 'KVList to receive' | 'Set DNC';
  /** Of the disposition, skill …; empty where the module says it all. */
  name: string;
  module: string;
  /** What to do about it. */
  fix: string;
}

/** What a script is made from. */
export interface ScriptInput {
  /** Of the dialer in the configuration. */
  id: string;
  publicUrl: string;
  config: Five9Config;
  /** Name in the configuration; `*` makes one for all other campaigns. */
  campaign: string;
  /** (Default: call) */
  part?: ScriptPart;
  seed?: Seed | undefined;
  /** Ids by skill, where the domain could be asked. */
  skills?: ReadonlyMap<string, string> | undefined;
  /** Definition that is filled in; everything but its modules and variables stays. (Default: an empty one of our own) */
  frame?: XmlNode | undefined;
}

/** One script in the making: what it is made from, and what was found missing. */
export interface Plan {
  script: Five9Script;
  campaign: CampaignSettings;
  seed: Seed | undefined;
  name: string;
  /** Address of an endpoint of ours. */
  url(endpoint: 'register' | 'outcome' | 'context'): string;
  profileFor(module: string): XmlNode;
  dispositionId(disposition: string, module: string): string;
  skillId(skill: string, module: string): string;
  actionOf(route: string): RouteAction;
  /** Header with the variable that register fills. */
  headers: readonly { name: string; variable: string }[];
  /** Contact fields that register is told. */
  contactFields: readonly (readonly [key: string, value: Operand])[];
  /** Field of the screen pop with the variable that the answer fills. */
  popFields: readonly { name: string; variable: string }[];
  /** Call variable of the screen pop with the variable of the script that it is filled from. */
  popVariables: readonly (readonly [target: string, source: string])[];
  blank(kind: Blank['kind'], name: string, module: string, fix: string): void;
  declare(...variables: readonly Variable[]): void;
  blanks: readonly Blank[];
  variables: readonly Variable[];
}

const builtInActions: Readonly<Record<string, RouteAction>> = {
  callback: { do: 'hangup' },
  dnc: { do: 'dnc' },
  hangup: { do: 'hangup' },
};

/** @param script settings of the campaign's script */
export function planScript(input: ScriptInput, script: Five9Script, name: string): Plan {
  const { id, publicUrl, config, seed, skills } = input;
  const campaign = campaignSettings(config, input.campaign);
  const isOwn = (field: string) => campaign.screenPop.includes(field);
  // The inbound script asks for a context, whose answer has the fields of every campaign in one order.
  const popNames = input.part === 'inbound' ? sharedScreenPop(config).filter(isOwn) : campaign.screenPop;
  const popFields = variablesFor('pop_', popNames);
  const blanks: Blank[] = [];
  const variables = new Map<string, Variable>();
  const blank: Plan['blank'] = (kind, what, module, fix) => {
    blanks.push({ kind, name: what, module, fix });
  };
  return {
    script,
    campaign,
    seed,
    name,
    blanks,
    blank,
    get variables() {
      return [...variables.values()];
    },
    declare(...added) {
      for (const variable of added) variables.set(variable.name, variable);
    },
    url: (endpoint) => `${publicUrl}/v1/ivr/${encodeURIComponent(id)}/${endpoint}`,
    profileFor(module) {
      const profile = config.ivr.authProfile;
      const profiles = seed?.profiles ?? new Map<string, XmlNode>();
      // The only one is meant, whatever it is called; of several only the one that is configured.
      const learned = profiles.get(profile) ?? (profiles.size === 1 ? [...profiles.values()][0] : undefined);
      if (learned) return learned;
      blank('authorization profile', profile, module, 'Choose the authorization profile in the module.');
      return choice('authProfileHolder', '0', profile);
    },
    dispositionId(disposition, module) {
      const known = seed?.dispositions.get(disposition);
      if (known === undefined) blank('disposition', disposition, module, 'Choose the disposition in the module.');
      return known ?? '0';
    },
    skillId(skill, module) {
      const known = skills?.get(skill) ?? seed?.skills.get(skill);
      if (known === undefined) blank('skill', skill, module, 'Choose the skill in the module.');
      return known ?? '0';
    },
    actionOf: (route) => script.routes[route] ?? builtInActions[route] ?? { do: 'skill' },
    headers: variablesFor(
      'x_',
      config.headers.map(({ name: header }) => header.slice(2)),
    ).map(({ name: header, variable }) => ({ name: `X-${header}`, variable })),
    contactFields: fieldsForRegister(config, script).map(
      (field) => [field, { variable: `${config.ivr.contactPrefix}.${field}` }] as const,
    ),
    popFields,
    popVariables: popVariablesOf(config, popFields),
  };
}

/** A group that is not configured is not there: then nothing is filled. */
function popVariablesOf({ ivr }: Five9Config, fields: Plan['popFields']): [string, string][] {
  if (!ivr.callVariableGroup) return [];
  const always = ['outcome', 'summary', 'callback_at', 'correlation_id'].map((key) => [key, `ai_${key}`] as const);
  const own = fields.map(({ name, variable }) => [name, variable] as const);
  return [...always, ...own].map(([key, source]) => [`${ivr.callVariableGroup}.${key}`, source]);
}

/** A variable per name, no two alike: names may differ only in what a variable's name can't have. */
function variablesFor(prefix: string, names: readonly string[]): { name: string; variable: string }[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const plain = `${prefix}${name.replace(/\W/g, '_')}`;
    const variable = taken.has(plain.toLowerCase()) ? `${plain}_${index + 1}` : plain;
    taken.add(variable.toLowerCase());
    return { name, variable };
  });
}

/** What register knows of a call without being told a contact field. */
const knownOfCall = ['correlation_id', 'caller_code', 'call_id', 'lead_id', 'campaign', 'list', 'phone', 'dialer'];

/** The contact fields that a script tells `register` of. */
export function fieldsForRegister(config: Five9Config, script: Five9Script): string[] {
  if (script.sendFields) return [...new Set([config.keyField, ...script.sendFields])];
  const { leadFields } = config.sync;
  const wanted = config.headers.map(({ from }) => from).filter((from) => !knownOfCall.includes(from));
  const renamed = [...Object.keys(leadFields), 'zip'];
  const fields = wanted.map((from) => renamed.find((field) => leadFieldOf(field, leadFields) === from) ?? from);
  return [...new Set([config.keyField, ...fields])];
}
