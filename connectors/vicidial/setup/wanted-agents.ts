import type { VicidialConfig } from '../config.ts';
import type { RemoteAgentSetUp, ServerSetUp } from '../tables/site-rows.ts';
import { extensionOf } from './carrier-config.ts';

/** A remote agent that shall lead a campaign's calls to the AI. What nobody can know is empty. */
export interface WantedAgent {
  campaign: string;
  user: string;
  /** 0: nobody said. */
  lines: number;
  server: string;
  /** Carrier prefix and number; empty while there is no number. */
  extension: string;
}

/** Names of the configured campaigns; `*` stands for those that it does not name. */
export function campaignNames({ campaigns }: Pick<VicidialConfig, 'campaigns'>): string[] {
  return Object.keys(campaigns).filter((name) => name !== '*');
}

/** Number of the AI agent that talks to a campaign; empty when nobody said. */
export function numberOf(config: Pick<VicidialConfig, 'campaigns' | 'carrier'>, campaign: string): string {
  return config.campaigns[campaign]?.number ?? config.carrier.number ?? '';
}

/**
 * The remote agents that the site needs, one for each campaign and dialer: as they are configured, else as VICIdial holds
 * them already, else with nothing but what follows from the configuration.
 */
export function wantedAgents(
  config: Pick<VicidialConfig, 'campaigns' | 'carrier' | 'remoteAgents'>,
  found: { servers: readonly ServerSetUp[]; remoteAgents: readonly RemoteAgentSetUp[] } | null,
): WantedAgent[] {
  const servers = (found?.servers ?? []).filter(({ isActive }) => isActive);
  const sole = servers.length === 1 ? (servers[0]?.ip ?? '') : '';
  return campaignNames(config).flatMap((campaign) => {
    const number = numberOf(config, campaign);
    const extension = number ? extensionOf(config.carrier.prefix, number) : '';
    const configured = config.remoteAgents.filter((agent) => (agent.campaign ?? campaign) === campaign);
    if (configured.length > 0) {
      return configured.map(({ user, lines, server }) => ({
        campaign,
        user,
        lines,
        server: server ?? sole,
        extension,
      }));
    }
    const held = (found?.remoteAgents ?? []).filter(
      (agent) => agent.campaign === campaign && agent.extension.startsWith(config.carrier.prefix),
    );
    if (held.length > 0) {
      return held.map(({ user, lines, server }) => ({
        campaign,
        user,
        lines,
        server: server === '0.0.0.0' ? sole : server,
        extension,
      }));
    }
    return [{ campaign, user: '', lines: 0, server: sole, extension }];
  });
}
