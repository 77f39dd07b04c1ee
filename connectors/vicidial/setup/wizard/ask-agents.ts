import type { Asker, WizardSite } from '../../../../src/domain/setup.ts';
import type { RemoteAgentSetUp } from '../../tables/site-rows.ts';
import type { SiteSetUp } from '../../tables/site-set-up.ts';
import { presentText, presentValue } from './present.ts';

type Site = Pick<WizardSite<never>, 'id' | 'present'>;

export interface AgentAnswer {
  user: string;
  lines: number;
  campaign: string;
  server?: string;
}

/** The remote agent of each campaign: as VICIdial has it, else as it shall be made. */
export async function askAgents(
  ask: Asker,
  site: Site,
  campaigns: readonly string[],
  prefix: string,
  found: SiteSetUp | null,
): Promise<AgentAnswer[]> {
  const agents: AgentAnswer[] = [];
  for (const campaign of campaigns) {
    const held = (found?.remoteAgents ?? []).filter(
      (agent) => agent.campaign === campaign && agent.extension.startsWith(prefix),
    );
    for (const agent of held) ask.say(`${campaign}: remote agent ${agent.user} with ${agent.lines} lines is there.`);
    const asked = held.length > 0 ? held : [null];
    for (const agent of asked) agents.push(await askAgent(ask, site, campaign, agent, found, agents));
  }
  return agents;
}

async function askAgent(
  ask: Asker,
  { id, present }: Site,
  campaign: string,
  held: RemoteAgentSetUp | null,
  found: SiteSetUp | null,
  before: readonly AgentAnswer[],
): Promise<AgentAnswer> {
  const key = `${id}.remoteAgents.${campaign}${held ? `.${held.user}` : ''}`;
  const configured = configuredAgent(present, campaign, held?.user);
  const user =
    held?.user ??
    (await ask.text({
      key: `${key}.user`,
      message: `First user of the remote agent of ${campaign}: a number; each line takes the next one`,
      byDefault: presentText(configured, 'user') || freeUser(found, before),
      judge: (answer) => (/^\d{2,20}$/.test(answer) ? null : 'A number of at least two digits.'),
    }));
  const lines = await ask.text({
    key: `${key}.lines`,
    message: `Lines of remote agent ${user}: as many calls at once, at most what the platform allows`,
    byDefault: presentText(configured, 'lines') || String(held?.lines ?? 3),
    judge: (answer) => (/^\d{1,3}$/.test(answer) && Number(answer) >= 1 && Number(answer) <= 255 ? null : '1 to 255.'),
  });
  const servers = (found?.servers ?? []).filter(({ isActive }) => isActive).map(({ ip }) => ip);
  const presentServer = presentText(configured, 'server');
  const real = held && held.server !== '0.0.0.0' ? held.server : '';
  const [sole = ''] = servers.length === 1 ? servers : [];
  let server = presentServer || real || sole;
  if (servers.length > 1) {
    server = await ask.choose({
      key: `${key}.server`,
      message: `Dialer on which the lines of ${user} log in: one, never all`,
      choices: servers.map((value) => ({ value, label: value })),
      ...(server && { byDefault: server }),
    });
  } else if (!found) {
    server = await ask.text({
      key: `${key}.server`,
      message: `Address of the dialer on which the lines of ${user} log in (Admin → Servers); empty for the only one`,
      byDefault: server,
      judge: (answer) => (/^(\d{1,3}(\.\d{1,3}){3})?$/.test(answer) ? null : 'An IPv4 address, or nothing.'),
    });
  }
  return { user, lines: Number(lines), campaign, ...(server && { server }) };
}

/** By its user where VICIdial has it; else the one of this campaign, or of every campaign. */
function configuredAgent(present: unknown, campaign: string, user: string | undefined): unknown {
  const agents: unknown = presentValue(present, 'remoteAgents');
  if (!Array.isArray(agents)) return undefined;
  if (user !== undefined) return agents.find((agent) => presentText(agent, 'user') === user);
  return agents.find((agent) => [campaign, ''].includes(presentText(agent, 'campaign')));
}

/** The next thousand after the users that remote agents have. */
function freeUser(found: SiteSetUp | null, before: readonly AgentAnswer[]): string {
  const taken = [...(found?.remoteAgents ?? []), ...before].map(({ user }) => Number(user)).filter(Number.isFinite);
  if (taken.length === 0) return '7001';
  return String((Math.floor(Math.max(...taken) / 1000) + 1) * 1000 + 1);
}
