import { ConnectorError } from '../../../src/domain/errors.ts';
import type { AiRoute, DialerView, ViewReader } from '../../../src/domain/site-view.ts';
import type { Vicidial } from '../vicidial.ts';
import { numberOf } from './checks/expected.ts';
import { customDialplan, headersSent, legPeer, peersOf } from './checks/leg-checks.ts';
import { page } from './checks/remote-agent-checks.ts';
import type { PeerFacts } from './dialplan/account-entry.ts';
import type { AgentRow } from './site-tables/rows.ts';
import { isActive, openSite } from './site-tables/site.ts';
import { entriesFor, foremost, isOnServerOf } from './site-tables/site-carriers.ts';

/** What the tables hold of the ways on which calls reach the AI: remote agents, and the carrier entries they lead to. */
export function view(vicidial: Vicidial): ViewReader<DialerView> {
  return {
    // What these find wrong is told by them, not once more by a comparison with what the platform holds.
    needs: ['remote-agent.number', 'carrier.sip-host'],
    read: () => readView(vicidial),
  };
}

async function readView(vicidial: Vicidial): Promise<DialerView> {
  const { config, database } = vicidial;
  if (!database) {
    throw new ConnectorError('dialer_denied', 'without access to the tables nobody can tell where calls go', {
      hint: 'Configure `database`, or compare by hand: Admin → Remote Agents, and Admin → Carriers.',
    });
  }
  const site = openSite(vicidial, database);
  const [agents, carriers, contexts] = await Promise.all([site.ourAgents(), site.carriers(), customDialplan(site)]);
  const inForce = carriers.filter((carrier) => carrier.isActive);
  const configured = config.headers.map(({ name }) => name);
  const peers = peersOf(carriers);
  const routeOf = (agent: AgentRow) => {
    const [entry] = foremost(entriesFor(inForce, agent.conf_exten).filter((each) => isOnServerOf(each, agent)));
    return entry
      ? describe(agent, {
          number: numberOf(agent, entry),
          peer: legPeer(entry, peers),
          headers: headersSent(entry.facts, configured, needsHandler(entry.carrier.protocol) ? contexts : []),
        })
      : describe(agent, { number: '', peer: { name: '', host: '', transport: 'unknown' }, headers: null });
  };
  return { routes: agents.map(routeOf) };
}

function needsHandler(protocol: string): boolean {
  return protocol.startsWith('PJSIP');
}

function describe(
  agent: AgentRow,
  leg: { number: string; peer: PeerFacts; headers: readonly string[] | null },
): AiRoute {
  return {
    campaign: agent.campaign_id,
    where: `${page(agent)} → External Extension`,
    number: leg.number,
    sipHost: leg.peer.host,
    transport: leg.peer.transport,
    headers: leg.headers,
    lines: agent.number_of_lines,
    isActive: isActive(agent) && leg.number !== '',
  };
}
