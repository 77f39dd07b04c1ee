import { instantOf } from '../domain/clock.ts';
import { messageOf } from '../domain/errors.ts';
import type { Deps } from './deps.ts';

const budgetMs = 1000;

/**
 * Keeps what was spoken, where a site wants that; else it goes nowhere. What can't be kept now is left out: it is read
 * from the platform on demand, and the event itself is in.
 */
export async function keepTranscript(
  deps: Deps,
  platform: string,
  correlationId: string,
  spoken: string,
): Promise<void> {
  if (!deps.settings.keepsTranscripts || !spoken) return;
  const kept = { correlationId, platform, spoken, keptAt: instantOf(deps.clock) };
  try {
    const answer = await deps.gate.write(budgetMs, () => deps.store.keepTranscript(kept));
    if (answer.kind === 'away') deps.log.warn({ correlationId, reason: answer.why }, 'a transcript was not kept');
  } catch (error) {
    deps.log.warn({ correlationId, reason: messageOf(error) }, 'a transcript was not kept');
  }
}
