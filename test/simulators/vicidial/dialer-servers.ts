import type { VicidialDeps } from './deps.ts';
import { serverTime } from './server-time.ts';

/** One dialer of the cluster. All share the database. */
export interface ServerOptions {
  ip: string;
  /** How far its own clock is ahead of the simulated time; its scripts stamp their rows by it. (Default: 0) */
  clockOffsetSec?: number | undefined;
}

/** A dialer server: its address, its own clock, and Asterisk's count of channels, which each server begins at 1. */
export interface DialerServer {
  deps: VicidialDeps;
  /** `<epoch>.<n>`: another server may give the same one in the same second. */
  nextUniqueid(): string;
}

/** The dialers by their addresses, in the given order. */
export function createServers(
  deps: VicidialDeps,
  serverZone: string,
  servers: readonly ServerOptions[],
): Map<string, DialerServer> {
  return new Map(servers.map((server) => [server.ip, createServer(deps, serverZone, server)]));
}

function createServer(deps: VicidialDeps, serverZone: string, { ip, clockOffsetSec = 0 }: ServerOptions): DialerServer {
  const clock = { ...deps.clock, now: () => deps.clock.now() + clockOffsetSec * 1000 };
  const time = serverTime(clock, serverZone);
  let channels = 0;
  return {
    deps: { ...deps, serverIp: ip, time },
    nextUniqueid() {
      channels += 1;
      return `${time.epochSec()}.${channels}`;
    },
  };
}
