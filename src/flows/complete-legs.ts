import type { CallSighting } from '../domain/call.ts';
import { correlationRef } from '../domain/connector.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { completeSighting } from './find-lead.ts';
import { recordFacts } from './record-facts.ts';
import { registeredFact } from './registered-fact.ts';

const lookUpMs = 3000;
/** Held rows that are looked through; most wait for a mapping only. */
const lookThrough = 5000;
const atOnce = 50;

/**
 * Looks up what held write-backs lack: a call of which only a header told us, while the dialer was away, knows its lead
 * but neither its campaign nor its number. Gives how many calls were completed.
 */
export async function completeLegs(deps: Deps): Promise<number> {
  const held = await deps.store.writeBacks({ states: ['held'], limit: lookThrough });
  const calls = new Map<string, WriteBack>();
  for (const row of held) {
    const { leadKey, callKey, campaign, phone } = row.target;
    if (leadKey && callKey && !(campaign && phone) && calls.size < atOnce) calls.set(row.correlationId, row);
  }
  let count = 0;
  for (const row of calls.values()) if (await completeLeg(deps, row)) count += 1;
  return count;
}

async function completeLeg(deps: Deps, { correlationId, dialer: id, target }: WriteBack): Promise<boolean> {
  const dialer = deps.dialers.get(id);
  if (!dialer) return false;
  const sighting: CallSighting = { refs: [correlationRef(correlationId)], leg: { dialer: id, ...target }, fields: {} };
  const found = await completeSighting(deps, dialer, sighting, lookUpMs);
  const { leg } = found.sighting;
  if (leg.campaign === target.campaign && leg.phone === target.phone) return false;
  const fact = registeredFact(deps, found.sighting, 'poll', { route: 'ai', reason: '' });
  await recordFacts(deps, [fact], { budgetMs: lookUpMs });
  return true;
}
