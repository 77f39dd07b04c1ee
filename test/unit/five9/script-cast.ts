import { readFileSync } from 'node:fs';
import { generateScript } from '../../../connectors/five9/ivr/script/generate.ts';
import type { ScriptInput } from '../../../connectors/five9/ivr/script/plan.ts';
import { learnSeed, type Seed } from '../../../connectors/five9/ivr/script/seed.ts';
import { type IvrModule, readScript } from '../../../connectors/five9/ivr/script-model.ts';
import { readXml, type XmlNode } from '../../../connectors/five9/ivr/xml.ts';
import { configOf } from './cast.ts';

/** The campaign Spring: everything that a call can end as has a disposition. */
export function springConfig(script: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) {
  return configOf({
    callbackList: 'AI callbacks',
    ...rest,
    campaigns: {
      Spring: {
        dispositions: {
          sale: 'AI - Sale',
          not_interested: 'AI - Not interested',
          callback: 'AI - Callback',
          opt_out: 'AI - Do not call',
          no_answer: 'AI - No contact',
          voicemail: 'AI - No contact',
          qualified: 'AI - Qualified',
        },
        script: { transferTo: '+12125550100', skill: 'Sales', ...script },
      },
    },
  });
}

export function inputOf(overrides: Partial<ScriptInput> = {}): ScriptInput {
  return {
    id: 'five9',
    publicUrl: 'https://patchbay.example.com',
    config: springConfig(),
    campaign: 'Spring',
    ...overrides,
  };
}

export function seedText(): string {
  return readFileSync(new URL('seed.five9ivr', import.meta.url), 'utf8');
}

export function madeUpSeed(): Seed {
  return learnSeed(readXml(seedText()));
}

/** The modules of a generated script by name. */
export function modulesOf(root: XmlNode): Map<string, IvrModule> {
  return new Map(readScript(root).modules.map((module) => [module.name, module]));
}

export function generated(overrides: Partial<ScriptInput> = {}) {
  const { root, blanks } = generateScript(inputOf(overrides));
  return { root, blanks, modules: modulesOf(root) };
}
