import { seedScript } from '../../simulators/five9/ivr/seed-script.ts';
import { doByHand, sigmamindCast, undoByHand } from '../healthy/sigmamind.ts';
import type { FreshSite } from './fresh-site.ts';

type Site = Pick<FreshSite, 'five9' | 'sigmamind' | 'runbook' | 'secrets'>;

/** At Five9: the authorization profile, and the seed script that the designer makes of it and the new dispositions. */
export function makeSeed({ five9, runbook, secrets }: Site): void {
  const [name = '', , user = '', password = ''] = runbook()
    .step('five9', 'Authorization profile of the Query modules')
    .rows.map(([, value = '']) => value);
  const [, client = ''] = /`([\w-]+)`/.exec(user) ?? [];
  const [, secret = ''] = /as `(\w+)`/.exec(password) ?? [];
  if (name !== 'Patchbay' || client !== 'five9-ivr')
    throw new Error(`the simulator has no profile ${name} of ${client}`);
  five9.pointAt({ ivrKey: secrets()[secret] ?? '' });

  const { text } = runbook().step('five9', 'IVR scripts');
  const [, script = ''] = /The script `([^`]+)` of your domain/.exec(text) ?? [];
  const [, hangUps = ''] = /one Hang-up per disposition, and choose it there: (.*)\./.exec(text) ?? [];
  const dispositions = [...hangUps.matchAll(/"([^"]+)"/g)].map(([, disposition = '']) => disposition);
  five9.seed({ scripts: [{ name: script, xmlDefinition: seedScript(dispositions) }] });
}

export function deleteSeed({ five9 }: Site): void {
  five9.change(({ scripts }) => void scripts.delete('Patchbay seed'));
}

export function setCampaigns({ five9 }: Site, state: 'RUNNING' | 'NOT_RUNNING'): void {
  five9.change(({ campaigns }) => {
    for (const campaign of [...campaigns.values()]) campaigns.set(campaign.name, { ...campaign, state });
  });
}

/** At SigmaMind: tools attached, End Call given, agents published. The simulated agent uses the tools that it has. */
export async function publishAgents({ sigmamind, secrets }: Site): Promise<void> {
  await doByHand(sigmamind);
  const { integrations } = (await sigmamind.ask('GET', '/_sim/state')) as {
    integrations: { tools: { name: string; url: string }[] }[];
  };
  const urlOf = (name: string) => integrations[0]?.tools.find((tool) => tool.name === name)?.url;
  // What its bearer token is, the platform shows to nobody.
  const tools = {
    commitUrl: urlOf('commit_outcome'),
    endCallUrl: urlOf('end_call'),
    token: secrets().SIGMAMIND_TOOLS_KEY,
  };
  await sigmamind.ask('PUT', '/_sim/wiring', { tools });
}

export async function takeAgentsBack({ sigmamind }: Site): Promise<void> {
  await undoByHand(sigmamind);
  for (const agentId of Object.values(sigmamindCast.agents)) {
    await sigmamind.ask('PATCH', `/v1/agents/${agentId}`, { status: 'Draft' });
  }
}

/** Where calls come by a carrier: SigmaMind asks us about each, at the address that the runbook gives. */
export async function enterInboundUrl({ sigmamind, runbook, secrets }: Site): Promise<void> {
  const { text } = runbook().step('sigmamind', 'Let SigmaMind ask us about calls that come in without headers');
  const [, url = ''] = /Inbound Webhook URL: `([^`]+)`/.exec(text) ?? [];
  const inboundWebhookUrl = url.replace('<token>', secrets().SIGMAMIND_INBOUND_TOKEN ?? '');
  await sigmamind.ask('PUT', '/_sim/wiring', { inboundWebhookUrl });
}
