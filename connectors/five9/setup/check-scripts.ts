import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import type { Five9 } from '../five9.ts';
import { auditContext } from '../ivr/audit/audit-context.ts';
import { auditScript } from '../ivr/audit/audit-script.ts';
import type { Finding } from '../ivr/audit/finding.ts';
import { partsOf, scriptName } from '../ivr/script/config.ts';
import { createScriptOperations } from '../ivr/script/script-operations.ts';
import { readScript } from '../ivr/script-model.ts';
import { readXml } from '../ivr/xml.ts';
import { campaignWay, numbersOf } from './campaign-ways.ts';
import { configuredWays } from './check-campaigns.ts';
import { checkOf, fail, ok, warn } from './check-results.ts';

/** The IVR scripts of the configured campaigns, and the number for handoff B. */
export function scriptChecks(five9: Five9): Check[] {
  const inbound = inboundScripts(five9);
  return [
    checkOf('scripts.audit', 'The IVR scripts stand the audit', () => audit(five9)),
    ...(inbound.length > 0
      ? [checkOf('handoff.number', 'The AI can transfer to Five9 (handoff B)', () => handoffNumber(five9, inbound))]
      : []),
  ];
}

/** A script, and the campaign that it is judged for; empty for several. */
interface Wanted {
  campaign: string;
  script: string;
}

async function audit(five9: Five9): Promise<CheckResult> {
  const { id, config, api, deps } = five9;
  const operations = createScriptOperations(api);
  const contactFields = new Set((await api.contactFields()).map(({ name }) => name));
  const missing: string[] = [];
  const bad: string[] = [];
  const open: string[] = [];
  const wanted = await wantedScripts(five9);
  for (const { campaign, script } of wanted) {
    const found = await operations.find(script);
    if (!found) {
      missing.push(script);
      continue;
    }
    const context = { ...auditContext(id, deps.publicUrl, config, campaign), contactFields };
    const findings = findingsOf(found.xml, context);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) bad.push(summaryOf(script, errors));
    else if (findings.some(isToMend)) open.push(summaryOf(script, findings.filter(isToMend)));
  }
  const fix = `See npx patchbay ${id} audit --domain, and change the modules in the VCC Administrator → IVR Scripts.`;
  if (missing.length > 0) {
    const found = `not in Five9: ${missing.join(', ')}`;
    return fail(found, 'Without its script no call reaches the AI.', `Run npx patchbay ${id} script --all --apply.`);
  }
  if (bad.length > 0) return fail(bad.join('; '), 'Calls will go wrong.', fix);
  if (open.length > 0) return warn(open.join('; '), 'Calls may go wrong, or something is still to be chosen.', fix);
  return ok(wanted.length === 0 ? 'no campaign runs a script' : `${wanted.length} looked through, nothing found`);
}

/**
 * Those that the configuration describes, and those that the campaigns run; each once. What several campaigns run is
 * judged by what any of them needs.
 */
async function wantedScripts(five9: Five9): Promise<Wanted[]> {
  const described = Object.entries(five9.config.campaigns).flatMap(([campaign, { script }]) =>
    script ? partsOf(script).map((part) => ({ campaign, script: scriptName(campaign, script, part) })) : [],
  );
  const bound = (await configuredWays(five9)).map(({ name, script }) => ({ campaign: name, script }));
  const campaignOf = new Map<string, string>();
  for (const { campaign, script } of [...described, ...bound]) {
    if (script) campaignOf.set(script, (campaignOf.get(script) ?? campaign) === campaign ? campaign : '');
  }
  return [...campaignOf].map(([script, campaign]) => ({ script, campaign }));
}

function findingsOf(xml: string, context: Parameters<typeof auditScript>[1]): Finding[] {
  try {
    return auditScript(readScript(readXml(xml)), context);
  } catch (error) {
    const what = `it can not be read: ${messageOf(error)}`;
    return [{ rule: 'script.read', severity: 'error', module: '', moduleId: '', line: 0, what, change: '' }];
  }
}

/** A script that does not talk to Patchbay is none of ours, but a configured campaign runs it. */
function isToMend({ rule, severity }: Finding): boolean {
  return severity !== 'remark' || rule === 'script.not-ours';
}

function summaryOf(script: string, findings: readonly Finding[]): string {
  const [first, ...others] = findings;
  const where = first?.module ? ` in "${first.module}"` : '';
  return `${script}: ${first?.what ?? ''}${where}${others.length > 0 ? `, and ${others.length} more` : ''}`;
}

/** Names of the scripts that the AI transfers to. */
function inboundScripts({ config }: Five9): string[] {
  return Object.entries(config.campaigns).flatMap(([campaign, { script }]) =>
    script?.handoff === 'B' ? [scriptName(campaign, script, 'inbound')] : [],
  );
}

/** An inbound campaign has to run the script that asks for the context, and needs a number that the AI can dial. */
async function handoffNumber({ id, api }: Five9, wanted: readonly string[]): Promise<CheckResult> {
  const numbers = new Map<string, string[]>();
  for (const { name, type } of await api.campaigns()) {
    if (type !== 'INBOUND') continue;
    const { script } = await campaignWay(api, name, type);
    if (!wanted.includes(script)) continue;
    numbers.set(script, [...(numbers.get(script) ?? []), ...(await numbersOf(api, name))]);
  }
  const without = wanted.filter((script) => (numbers.get(script)?.length ?? 0) === 0);
  if (without.length === 0)
    return ok(wanted.map((script) => `${numbers.get(script)?.join(', ')}: ${script}`).join('; '));
  return fail(
    `no inbound campaign with a number runs ${without.join(', ')}`,
    'The AI transfers to a number of Five9; without one the customer is cut off.',
    `Install the script (npx patchbay ${id} script --all --apply). VCC Administrator → Campaigns → Inbound: choose it in the IVR Schedule, add a number under DNIS, and enter that number in SigmaMind's Transfer Call.`,
  );
}
