import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { XmlNode } from '../xml.ts';
import { callSteps } from './call-steps.ts';
import { type Five9Script, scriptName } from './config.ts';
import { createEnds } from './ends.ts';
import { emptyFrame, fillFrame } from './frame.ts';
import { layOut, type Step } from './layout.ts';
import { hangupData, systemDispositions } from './modules.ts';
import { declare } from './operands.ts';
import { inboundSteps } from './outcome-steps.ts';
import { type Blank, planScript, type ScriptInput } from './plan.ts';

export interface GeneratedScript {
  name: string;
  root: XmlNode;
  /** What has to be chosen by hand in Five9, since neither the configuration, nor the seed, nor the domain tells it. */
  blanks: readonly Blank[];
}

/**
 * Makes the IVR script of a campaign. The same input gives the same text.
 *
 * @throws ConnectorError `bad_request` when the campaign has no script in the configuration
 */
export function generateScript(input: ScriptInput): GeneratedScript {
  const script = scriptOf(input);
  const name = nameOf(input);
  const plan = planScript(input, script, name);
  const ends = createEnds(plan, input.config, input.campaign);
  const steps = input.part === 'inbound' ? inboundSteps(plan, ends) : callSteps(plan, ends);
  const modules = layOut(name, [...steps, ...ends.steps()]);
  const declared = new Map(plan.variables.map((variable) => [variable.name, declare(variable)]));
  for (const [variable, entry] of input.seed?.variables ?? []) {
    if (!declared.has(variable) && modules.some((node) => hasText(node, variable))) declared.set(variable, entry);
  }
  const sorted = [...declared].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
  const root = fillFrame(input.frame ?? emptyFrame(), {
    modules,
    modulesOnHangup: layOut(name, hangupSteps),
    userVariables: sorted,
  });
  return { name, root, blanks: plan.blanks };
}

/** @throws ConnectorError `bad_request` when the campaign has none */
export function scriptOf({ config, campaign }: Pick<ScriptInput, 'config' | 'campaign'>): Five9Script {
  const script = config.campaigns[campaign]?.script;
  if (script) return script;
  throw new ConnectorError('bad_request', `the campaign "${campaign}" has no script in the configuration`, {
    hint: `Give \`campaigns.${campaign}.script\` at least \`transferTo\` and \`skill\`.`,
  });
}

/** Name of the script in Five9. */
export function nameOf({ config, campaign, part }: Pick<ScriptInput, 'config' | 'campaign' | 'part'>): string {
  return scriptName(campaign, scriptOf({ config, campaign }), part ?? 'call');
}

/** What runs when the caller hangs up: the call keeps what it has, and Patchbay writes the outcome afterwards. */
const hangupSteps: readonly Step[] = [
  { tag: 'startOnHangup', name: 'Caller hung up', next: 'End', data: null },
  { tag: 'hangup', name: 'End', data: hangupData(systemDispositions.callerDisconnected, false) },
];

function hasText(node: XmlNode, text: string): boolean {
  return node.text.trim() === text || node.children.some((child) => hasText(child, text));
}

/** A blank as a line for people. */
export function describeBlank({ kind, name, module, fix }: Blank): string {
  return `${kind}${name && ` "${name}"`} in module "${module}": ${fix}`;
}
