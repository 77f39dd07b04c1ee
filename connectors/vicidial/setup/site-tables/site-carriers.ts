import { type PeerFacts, readPeers } from '../dialplan/account-entry.ts';
import { type EntryFacts, factsOf } from '../dialplan/entry-facts.ts';
import { matchesPattern } from '../dialplan/match-pattern.ts';
import { type Extension, readDialplan } from '../dialplan/read-dialplan.ts';
import type { AgentRow, CarrierRow } from './rows.ts';

/** The address that stands for every dialer: carriers may have it, remote agents may not. */
export const everyServer = '0.0.0.0';

/** A carrier with its dialplan read. Its account entry, which may hold log-ins, is not kept. */
export interface SiteCarrier {
  id: string;
  protocol: string;
  server: string;
  isActive: boolean;
  extensions: readonly Extension[];
  peers: readonly PeerFacts[];
}

/** One pattern of a carrier to which a remote agent's extension goes. */
export interface Entry {
  carrier: SiteCarrier;
  extension: Extension;
  facts: EntryFacts;
}

export function carrierOf(row: CarrierRow): SiteCarrier {
  return {
    id: row.carrier_id,
    protocol: row.protocol || 'SIP',
    server: row.server_ip || everyServer,
    isActive: row.active,
    extensions: readDialplan(row.dialplan_entry),
    peers: readPeers(row.account_entry),
  };
}

/** Every pattern that a dialled text fits, active or not, on whatever server. */
export function entriesFor(carriers: readonly SiteCarrier[], dialled: string): Entry[] {
  return carriers.flatMap((carrier) =>
    carrier.extensions
      .filter(({ pattern }) => matchesPattern(pattern, dialled))
      .map((extension) => ({ carrier, extension, facts: factsOf(extension) })),
  );
}

/** Whether a remote agent's dialer has the carrier's entry. */
export function isOnServerOf({ carrier }: Entry, agent: Pick<AgentRow, 'server_ip'>): boolean {
  return carrier.server === everyServer || carrier.server === agent.server_ip;
}
