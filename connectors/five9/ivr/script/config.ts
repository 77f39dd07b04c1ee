import { z } from 'zod';

const RouteAction = z.strictObject({
  do: z
    .enum(['skill', 'hangup', 'dnc'])
    .describe('Hand over to people, hang up with the disposition of the outcome, or put on the DNC list and hang up.'),
  skill: z.string().min(1).optional().describe('Skill for `do: skill`. (Default: the skill of the script)'),
});
export type RouteAction = z.infer<typeof RouteAction>;

/** What `npx patchbay <dialer> script` makes for a campaign. */
export const Five9Script = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe('Name of the script in Five9. (Default: Patchbay and the campaign)'),
  transferTo: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +12125550100')
    .describe('Number of the AI agent, as it is registered at the AI platform, in E.164.'),
  skill: z.string().min(1).describe('Skill that takes the calls that go to people.'),
  handoff: z
    .enum(['A', 'B'])
    .default('A')
    .describe(
      'A: Five9 takes the call back after the AI and asks for the outcome. B: the AI transfers to a Five9 number, whose inbound script asks for the context.',
    ),
  maxCallSec: z.int().min(60).max(14_400).default(1800).describe('Longest call with the AI, in seconds.'),
  sendFields: z
    .array(z.string().min(1))
    .max(60)
    .optional()
    .describe('Contact fields that register is told. (Default: the key field and those that the headers take)'),
  receiveHeaders: z
    .boolean()
    .default(true)
    .describe('Whether Five9 takes X- headers of the hang-up (BYE) of the AI; they may bring the outcome.'),
  outcomeTries: z
    .int()
    .min(1)
    .max(10)
    .default(3)
    .describe('How often the script asks for the outcome while it is pending; each waits budgets.outcomeMs at most.'),
  routes: z
    .record(z.string().min(1).max(35), RouteAction)
    .default({})
    .describe('What the script does on a route, where it differs from the built-in one, and on routes of your own.'),
  inboundName: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe('Handoff B: name of the inbound script. (Default: the name and inbound)'),
  inboundCampaign: z
    .string()
    .min(1)
    .optional()
    .describe('Handoff B: inbound campaign that takes the calls that the AI hands back. (Default: bound by hand)'),
  inboundNumber: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +12125550177')
    .optional()
    .describe('Handoff B: number of that campaign, which the AI dials, in E.164. (Default: assigned by hand)'),
  correlationVariable: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Handoff B: variable of the inbound script that holds the correlation ID, where the trunk brings it. (Default: by ANI only)',
    ),
});
export type Five9Script = z.infer<typeof Five9Script>;

/** What the scripts of a domain have in common. */
export const IvrConfig = z.strictObject({
  authProfile: z
    .string()
    .min(1)
    .default('Patchbay')
    .describe('Name of the authorization profile in Five9 that holds the API key for Patchbay.'),
  seedScript: z
    .string()
    .min(1)
    .optional()
    .describe('Script of the domain to learn ids and blocks from; see `script --how-to-seed`. (Default: none)'),
  callVariableGroup: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Group of call variables that scripts fill for the screen pop: outcome, summary, callback_at, correlation_id and the names of screenPop. (Default: none are filled)',
    ),
  sipServer: z
    .string()
    .min(1)
    .default('28y698lhv2f.sip.livekit.cloud')
    .describe("SIP server of the AI platform, to which a carrier's trunk sends the calls."),
  contactPrefix: z
    .enum(['Contact', 'Customer'])
    .default('Contact')
    .describe('How scripts of this domain write contact fields: Contact.first_name or Customer.first_name.'),
});

/** Routes of the outcome answer that every script knows. */
export const builtInRoutes: readonly string[] = ['skill', 'callback', 'dnc', 'hangup'];

type Campaigns = Readonly<
  Record<string, { safeRoute: string; routes: Readonly<Record<string, string>>; script?: Five9Script | undefined }>
>;

/** What is wrong with the scripts of a configuration as a whole: the key of the script, and why. */
export function scriptFaults(campaigns: Campaigns): { campaign: string; key: string; message: string }[] {
  const faults: { campaign: string; key: string; message: string }[] = [];
  const takenBy = new Map<string, string>();
  for (const [campaign, { safeRoute, routes, script }] of Object.entries(campaigns)) {
    if (!script) continue;
    for (const route of new Set([safeRoute, ...Object.values(routes)])) {
      if (builtInRoutes.includes(route) || route in script.routes) continue;
      const message = `does not say what the script shall do on the route "${route}"`;
      faults.push({ campaign, key: 'routes', message });
    }
    if (script.inboundNumber && !script.inboundCampaign) {
      const message = 'is needed to know which campaign gets `inboundNumber`';
      faults.push({ campaign, key: 'inboundCampaign', message });
    }
    for (const part of partsOf(script)) {
      const name = scriptName(campaign, script, part);
      const other = takenBy.get(name);
      const key = part === 'inbound' ? 'inboundName' : 'name';
      if (other) faults.push({ campaign, key, message: `is "${name}", as the script of ${other} is called` });
      takenBy.set(name, campaign);
    }
  }
  return faults;
}

/** `call`: with the AI in it. `inbound`: for the number that the AI transfers to. */
export type ScriptPart = 'call' | 'inbound';

/** The scripts of a campaign: handoff B has one more. */
export function partsOf({ handoff }: Five9Script): readonly ScriptPart[] {
  return handoff === 'B' ? ['call', 'inbound'] : ['call'];
}

/** Name of a script in Five9. */
export function scriptName(campaign: string, script: Five9Script, part: ScriptPart): string {
  const name = script.name ?? (campaign === '*' ? 'Patchbay' : `Patchbay ${campaign}`);
  return part === 'inbound' ? (script.inboundName ?? `${name} inbound`) : name;
}
