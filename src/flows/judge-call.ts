import type { CallResult } from '../domain/dialer.ts';
import type { Fact } from '../domain/fact.ts';
import { decideOutcome, type Outcome } from '../domain/outcome.ts';
import { campaignSettings } from '../domain/settings.ts';
import type { Deps } from './deps.ts';
import type { LiveLeg } from './live-leg.ts';
import type { NamedCall } from './name-call.ts';
import { recordFacts } from './record-facts.ts';
import { registeredFromHeader } from './registered-fact.ts';

/** Keeps what an agent committed, and gives what the call counts as with it: an earlier opt-out stays one. */
export async function keepAndJudge(
  deps: Deps,
  { refs, sighting }: NamedCall,
  fact: Fact,
  budgetMs: number,
): Promise<Outcome | null> {
  const facts = sighting ? [await registeredFromHeader(deps, sighting, 'tool', refs), fact] : [fact];
  const kept = await recordFacts(deps, facts, { budgetMs });
  const stored = kept.kind === 'recorded' ? kept.results.at(-1)?.call.outcome : undefined;
  return stored ?? decideOutcome([fact]);
}

/** What the dialer shall write for a call with this outcome. */
export function resultOf({ settings, leg }: LiveLeg, outcome: Outcome | null, otherwise: string): CallResult {
  const code = outcome?.code ?? otherwise;
  const disposition = campaignSettings(settings, leg.campaign).dispositions[code] ?? '';
  return { outcome: code, disposition, ...(outcome?.callbackAt && { callbackAt: outcome.callbackAt }) };
}
