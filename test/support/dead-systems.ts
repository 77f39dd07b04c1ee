import { type SilentServer, setAt, startSilentServer, startSilentSocket } from './silent-server.ts';
import type { WholeSite } from './whole-site.ts';

/** A system that can be dead, and the one check that waits for it. */
export interface System {
  name: string;
  root: string;
  /** Where the configuration says how it is reached. */
  path: readonly string[];
  /** What stands there while something else listens. */
  at(server: Pick<SilentServer, 'url' | 'port'>): unknown;
  /** It is spoken to in packets. */
  isUdp?: boolean;
}

export const systems: readonly System[] = [
  {
    name: 'SigmaMind, API',
    root: 'sigmamind:api.key',
    path: ['platforms', 'sigmamind', 'apiUrl'],
    at: ({ url }) => url,
  },
  {
    name: 'SigmaMind, SIP',
    root: 'sigmamind:sip.answers',
    path: ['platforms', 'sigmamind', 'sip', 'port'],
    at: ({ port }) => port,
    isUdp: true,
  },
  { name: 'Five9', root: 'five9:soap.reachable', path: ['dialers', 'five9', 'soap', 'host'], at: ({ url }) => url },
  {
    name: 'VICIdial, web',
    root: 'vicidial:api.reachable',
    path: ['dialers', 'vicidial', 'api', 'url'],
    at: ({ url }) => `${url}/vicidial/non_agent_api.php`,
  },
  {
    name: 'VICIdial, database',
    root: 'vicidial:database.reachable',
    path: ['dialers', 'vicidial', 'database', 'port'],
    at: ({ port }) => port,
  },
];

/** Has these systems take every connection, and never say anything. */
export async function killSystems(
  { raw }: Pick<WholeSite, 'raw'>,
  dead: readonly System[],
): Promise<{ asked(): number[]; revive(): Promise<void> }> {
  const servers: SilentServer[] = [];
  const undo: (() => unknown)[] = [];
  for (const { path, at, isUdp } of dead) {
    const server = isUdp ? await startSilentSocket() : await startSilentServer();
    undo.push(server.stop, setAt(raw, path, at(server)));
    // How often a packet is sent again is the protocol's own affair.
    if (!isUdp) servers.push(server);
  }
  return {
    asked: () => servers.map(({ connections }) => connections()),
    async revive() {
      for (const step of undo) await step();
    },
  };
}
