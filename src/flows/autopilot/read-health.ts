import type { HealthSignals } from '../../domain/ai-health.ts';
import type { AutopilotSettings } from '../../domain/autopilot.ts';
import { goneAfterSec, type SeenProcess, sumTraffic } from '../../domain/link-report.ts';
import { callsOfPlatform } from '../../domain/slots.ts';
import type { Deps } from '../deps.ts';

/** Calls that are older say nothing about now. */
const windowMs = 15 * 60_000;

/** A failure says nothing for longer. While calls are missing their platform is asked about them every three minutes. */
const freshMs = 5 * 60_000;

type HealthDeps = Pick<
  Deps,
  'store' | 'clock' | 'dialers' | 'platforms' | 'tools' | 'spool' | 'traffic' | 'ownProcess'
>;

/** What a dialer's newest calls tell, with what all processes told of themselves. */
export async function readHealth(
  deps: HealthDeps,
  dialer: string,
  settings: Pick<AutopilotSettings, 'answerSec' | 'silentSec'>,
  processes: readonly SeenProcess[],
): Promise<HealthSignals> {
  const at = deps.clock.now();
  const calls = await deps.store.givenCalls({
    dialer,
    from: new Date(at - windowMs).toISOString(),
    before: new Date(at - settings.answerSec * 1000).toISOString(),
    platforms: [...deps.platforms.keys()],
    silentMs: settings.silentSec * 1000,
  });
  const others = processes.filter(({ id, silentSec }) => id !== deps.ownProcess.id && silentSec < goneAfterSec);
  const own = deps.tools.recent();
  return {
    at,
    calls,
    tools: {
      calls: others.reduce((sum, { tools }) => sum + (tools?.calls ?? 0), own.calls),
      failures: others.reduce((sum, { tools }) => sum + (tools?.failures ?? 0), own.failures),
    },
    spooled: others.reduce((sum, { spooled }) => sum + spooled, deps.spool.size()),
    isPlatformAway: isPlatformAway(deps, dialer, others),
  };
}

/** Of several platforms one that answers is enough: nothing tells where the next call goes. */
function isPlatformAway(
  { dialers, platforms, traffic, clock }: HealthDeps,
  dialer: string,
  others: readonly SeenProcess[],
): boolean {
  const all = [...platforms.keys()];
  const own = dialers.get(dialer);
  const asked = own ? all.filter((id) => callsOfPlatform([own], id, all).length > 0) : [];
  const since = new Date(clock.now() - freshMs).toISOString();
  const hasFailed = (platform: string) => {
    const links = others.flatMap((each) => each.links.filter(({ id }) => id === platform));
    const { lastAt, lastErrorAt } = sumTraffic([traffic.of(platform), ...links].map(({ asking }) => asking));
    return lastErrorAt !== null && lastErrorAt === lastAt && lastErrorAt > since;
  };
  return asked.length > 0 && asked.every(hasFailed);
}
