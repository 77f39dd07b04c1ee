import type { AiRoute, DialerView, ViewReader } from '../../../../src/domain/site-view.ts';
import type { Five9 } from '../../five9.ts';
import { readOperand } from '../../ivr/audit/operands.ts';
import { headersSent } from '../../ivr/audit/rules-headers.ts';
import type { IvrModule } from '../../ivr/script-model.ts';
import { childOf } from '../../ivr/xml.ts';
import type { SiteScript } from './read-scripts.ts';
import { rightsCheck } from './results.ts';
import { type ConfiguredWay, createSite, type Site } from './site.ts';

/** The ways on which the calls of this domain reach the AI: one per campaign with a script. */
export function viewOf(five9: Five9): ViewReader<DialerView> {
  return {
    // What these see is not to be told once more by those that compare with the platform.
    needs: [rightsCheck, 'campaigns.script', 'scripts.number', 'scripts.send-data', 'headers.names'],
    read: async () => ({ routes: await readRoutes(createSite(five9)) }),
  };
}

async function readRoutes(site: Site): Promise<AiRoute[]> {
  const [scripts, ways] = [await site.scripts(), await site.aiWays()];
  return ways.flatMap((way) => {
    const script = scripts.find(({ name }) => name === way.script) ?? describedFor(scripts, way.name);
    return script && script.part !== 'inbound' ? [routeOf(site, way, script)] : [];
  });
}

function describedFor(scripts: readonly SiteScript[], campaign: string): SiteScript | undefined {
  return scripts.find(({ part, campaigns }) => part === 'call' && campaigns.includes(campaign));
}

/** What is installed counts; where it can't be read, what is configured. */
function routeOf({ five9, config }: Site, way: ConfiguredWay, { name, view }: SiteScript): AiRoute {
  const settings = config.campaigns[way.name];
  const [module] = view?.toAi ?? [];
  const installed = module ? e164Of(numberOfTransfer(module), config) : null;
  return {
    campaign: way.name,
    where: `IVR script ${name}${module ? `, module ${module.name}` : ''}`,
    number: installed ?? settings?.script?.transferTo ?? '',
    sipHost: '',
    transport: settings?.connection === 'carrier' ? 'unknown' : 'trunk',
    headers: view && module ? headersSent(view, module) : null,
    lines: way.lines ?? settings?.lines ?? null,
    linesSetting: `dialers.${five9.id}.campaigns.${way.name}.lines`,
    isActive: way.script === name,
  };
}

/** The number of a 3rd Party Transfer as it is written; null when a variable holds it. */
export function numberOfTransfer({ data }: IvrModule): string | null {
  const operand = readOperand(childOf(data, 'thirdPartyNumber'));
  return operand.kind === 'constant' ? operand.text.trim() : null;
}

function e164Of(written: string | null, { country }: Site['config']): string | null {
  if (!written) return null;
  if (/^\+\d{7,15}$/.test(written)) return written;
  if (/^011\d{7,13}$/.test(written)) return `+${written.slice(3)}`;
  if (/^1?\d{10}$/.test(written) && /^(US|CA)$/.test(country)) return `+1${written.slice(-10)}`;
  return written;
}
