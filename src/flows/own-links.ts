import type { Contributions } from '../domain/connector.ts';
import type { BreakerState, LinkReport } from '../domain/link-report.ts';
import type { RunningConfiguration } from '../domain/reload.ts';
import type { Deps } from './deps.ts';

/** Who this process is, as it tells others. */
export interface OwnProcess {
  id: string;
  /** Machine and process number, for people. */
  name: string;
  version: string;
  /** False in a command that only uses the parts. */
  isServing(): boolean;
  breakerOf(dialer: string): BreakerState;
  /** With what it runs. */
  configuration(): RunningConfiguration;
}

/** Every link as this process sees it, the dialers first. From memory. */
export function ownLinks({
  dialers,
  platforms,
  traffic,
  ownProcess,
}: Pick<Deps, 'dialers' | 'platforms' | 'traffic' | 'ownProcess'>): LinkReport[] {
  const linkOf = (instance: Contributions & { id: string }, kind: LinkReport['kind']): LinkReport => ({
    id: instance.id,
    kind,
    ...traffic.of(instance.id),
    breaker: kind === 'dialer' ? ownProcess.breakerOf(instance.id) : 'closed',
    quotas: instance.quotas?.() ?? [],
  });
  return [
    ...[...dialers.values()].map((dialer) => linkOf(dialer, 'dialer')),
    ...[...platforms.values()].map((platform) => linkOf(platform, 'platform')),
  ];
}
