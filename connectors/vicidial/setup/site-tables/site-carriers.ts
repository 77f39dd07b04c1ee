import { type PeerFacts, readPeers } from '../dialplan/account-entry.ts';
import { fillGlobals, readGlobals } from '../dialplan/called-number.ts';
import { type EntryFacts, factsOf } from '../dialplan/entry-facts.ts';
import { compareExactness, matchesPattern, prefixOf } from '../dialplan/match-pattern.ts';
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

/** Globals of one carrier are those of all: the dialers have one section of them. */
export function carriersOf(rows: readonly CarrierRow[]): SiteCarrier[] {
  const globals = readGlobals(rows.filter(({ active }) => active).map(({ globals_string }) => globals_string));
  return rows.map((row) => carrierOf(row, new Map([...globals, ...readGlobals([row.globals_string])])));
}

function carrierOf(row: CarrierRow, globals: ReadonlyMap<string, string>): SiteCarrier {
  return {
    id: row.carrier_id,
    protocol: row.protocol || 'SIP',
    server: row.server_ip || everyServer,
    isActive: row.active,
    extensions: readDialplan(fillGlobals(row.dialplan_entry, globals)),
    peers: readPeers(row.account_entry),
  };
}

/**
 * Every pattern that a dialled text fits, active or not, on whatever server, the most exact first. One that begins with no
 * digit of its own (`_X.`) takes whatever nobody else takes: it leads nowhere in particular, and gives way to all others.
 */
export function entriesFor(carriers: readonly SiteCarrier[], dialled: string): Entry[] {
  return carriers
    .flatMap((carrier) =>
      carrier.extensions
        .filter(({ pattern }) => prefixOf(pattern) !== '' && matchesPattern(pattern, dialled))
        .map((extension) => ({ carrier, extension, facts: factsOf(extension) })),
    )
    .sort((one, other) => compareExactness(one.extension.pattern, other.extension.pattern));
}

/** The one of each carrier that Asterisk takes. What stands in a section of its own counts only where nothing else fits. */
export function foremost(entries: readonly Entry[]): Entry[] {
  const plain = entries.filter(({ extension }) => extension.context === '');
  const all = plain.length > 0 ? plain : entries;
  return all.filter((entry, at) => all.findIndex(({ carrier }) => carrier.id === entry.carrier.id) === at);
}

/** Whether a remote agent's dialer has the carrier's entry. */
export function isOnServerOf({ carrier }: Entry, agent: Pick<AgentRow, 'server_ip'>): boolean {
  return carrier.server === everyServer || carrier.server === agent.server_ip;
}
