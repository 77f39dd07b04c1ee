import { messageOf } from '../../../../src/domain/errors.ts';
import type { Five9 } from '../../five9.ts';
import { auditContext } from '../../ivr/audit/audit-context.ts';
import { auditScript } from '../../ivr/audit/audit-script.ts';
import type { Finding } from '../../ivr/audit/finding.ts';
import { createView, type View } from '../../ivr/audit/view.ts';
import { partsOf, type ScriptPart, scriptName } from '../../ivr/script/config.ts';
import type { ScriptOperations } from '../../ivr/script/script-operations.ts';
import { type IvrScript, readScript } from '../../ivr/script-model.ts';
import { readXml } from '../../ivr/xml.ts';

/** A script that the configuration describes, or by which a configured campaign hands calls to the AI. */
export interface SiteScript {
  name: string;
  /** Which the configuration describes it as; empty for one that is only run. */
  part: ScriptPart | '';
  /** Campaigns that it is for. */
  campaigns: readonly string[];
  /** `missing`, why it can't be read, or empty. */
  why: string;
  view: View | null;
  findings: readonly Finding[];
}

/** Reads and judges the scripts in one request. What several campaigns run is judged by what any of them needs. */
export async function readScripts(
  five9: Five9,
  operations: ScriptOperations,
  ways: readonly { name: string; script: string }[],
): Promise<SiteScript[]> {
  const { id, config, api, deps } = five9;
  const wanted = wantedScripts(config, ways);
  const found = await operations.findAll([...wanted.keys()]);
  const contactFields = new Set((await api.contactFields()).map(({ name }) => name));
  const isDescribed = (campaign: string) => config.campaigns[campaign]?.script !== undefined;
  const read = [...wanted].map(([name, { part, campaigns }]): SiteScript => {
    const xml = found.get(name)?.xml;
    const script = xml === undefined ? 'missing' : parse(xml);
    if (typeof script === 'string') return { name, part, campaigns, why: script, view: null, findings: [] };
    const campaign = campaigns.length === 1 ? campaigns[0] : '';
    const context = { ...auditContext(id, deps.publicUrl, config, campaign), contactFields };
    const view = createView(script, context);
    return { name, part, campaigns, why: '', view, findings: auditScript(script, context) };
  });
  // What else a campaign runs whose calls people take is none of ours.
  return read.filter(
    ({ campaigns, view }) => campaigns.some(isDescribed) || view?.isOurs || (view?.toAi.length ?? 0) > 0,
  );
}

function wantedScripts(config: Five9['config'], ways: readonly { name: string; script: string }[]) {
  const wanted = new Map<string, { part: ScriptPart | ''; campaigns: string[] }>();
  const add = (name: string, part: ScriptPart | '', campaign: string) => {
    const known = wanted.get(name) ?? { part, campaigns: [] };
    if (!known.campaigns.includes(campaign)) known.campaigns.push(campaign);
    wanted.set(name, known);
  };
  for (const [campaign, { script }] of Object.entries(config.campaigns)) {
    for (const part of script ? partsOf(script) : [])
      if (script) add(scriptName(campaign, script, part), part, campaign);
  }
  for (const { name, script } of ways) if (script) add(script, '', name);
  return wanted;
}

function parse(xml: string): IvrScript | string {
  try {
    return readScript(readXml(xml));
  } catch (error) {
    return `it can not be read: ${messageOf(error)}`;
  }
}
