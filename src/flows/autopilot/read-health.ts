import type { HealthSignals } from '../../domain/ai-health.ts';
import type { AutopilotSettings } from '../../domain/autopilot.ts';
import { goneAfterSec, type SeenProcess } from '../../domain/link-report.ts';
import type { Deps } from '../deps.ts';

/** Calls that are older say nothing about now. */
const windowMs = 15 * 60_000;

type HealthDeps = Pick<Deps, 'store' | 'clock' | 'platforms' | 'tools' | 'spool' | 'ownProcess'>;

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
  };
}
