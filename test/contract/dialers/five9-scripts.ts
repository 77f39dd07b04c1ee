import type { Five9Config } from '../../../connectors/five9/config.ts';
import { Five9Script } from '../../../connectors/five9/ivr/script/config.ts';
import { generateScript } from '../../../connectors/five9/ivr/script/generate.ts';
import { learnSeed } from '../../../connectors/five9/ivr/script/seed.ts';
import { readXml, writeXml } from '../../../connectors/five9/ivr/xml.ts';
import { seedScript } from '../../simulators/five9/ivr/seed-script.ts';

/** The script that Patchbay generates for each configured campaign, named as the campaign. */
export function scriptsFor(config: Five9Config, publicUrl: string): { name: string; xmlDefinition: string }[] {
  return Object.entries(config.campaigns).map(([name, settings]) => {
    const script = Five9Script.parse({ transferTo: '+12125550100', skill: 'Sales' });
    const { root } = generateScript({
      id: 'five9',
      publicUrl,
      config: { ...config, campaigns: { [name]: { ...settings, script } } },
      campaign: name,
      seed: learnSeed(readXml(seedScript(Object.values(settings.dispositions)))),
    });
    return { name, xmlDefinition: writeXml(root) };
  });
}
