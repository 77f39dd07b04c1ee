import { Five9Config } from '../../connectors/five9/config.ts';
import { generateScript } from '../../connectors/five9/ivr/script/generate.ts';
import { learnSeed } from '../../connectors/five9/ivr/script/seed.ts';
import { readXml, writeXml } from '../../connectors/five9/ivr/xml.ts';
import { seedScript } from '../simulators/five9/ivr/seed-script.ts';
import { post } from './requests.ts';
import { five9Campaign } from './seed.ts';
import * as site from './site.ts';

/** Gives the simulated Five9 the script that Patchbay generates for the campaign, from a seed script of its domain. */
export async function installFive9Script(five9Url: string, dialer: unknown, publicUrl: string): Promise<void> {
  const { name, root } = generateScript({
    id: 'five9',
    publicUrl,
    config: Five9Config.parse(dialer),
    campaign: five9Campaign.name,
    seed: learnSeed(readXml(seedScript(Object.values(site.five9Dispositions)))),
  });
  await post(`${five9Url}/_sim/seed`, {
    scripts: [{ name, xmlDefinition: writeXml(root) }],
    campaigns: [{ ...five9Campaign, script: name }],
  });
}
