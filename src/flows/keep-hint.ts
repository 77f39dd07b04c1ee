import type { CallRef, Instant } from '../domain/call.ts';
import type { StoredFact } from '../domain/fact.ts';
import type { PlatformEvent } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import type { Kept } from './keep-event.ts';
import { recordFacts } from './record-facts.ts';

/** The kind of name that a hint has: a shell of its own, until the record of the call is read. */
export const hintKind = 'hint';
/** What no record bore out for so long is given up. */
export const hintLifeMs = 7 * 86_400_000;
const hintEvent = 'unconfirmed';
const budgetMs = 1000;

/** What was told and is not yet believed. */
export interface Hint {
  platform: string;
  ref: CallRef;
  event: PlatformEvent;
  heardAt: Instant;
}

/**
 * Keeps an event that counts only once the platform's record of the call bears it out. It lies on a shell of its own,
 * under no name of a call: so it moves nothing, and what waits is found in the store, by this process or the next.
 */
export async function keepHint(deps: Deps, platform: string, event: PlatformEvent): Promise<Kept> {
  const ref = hintRef(platform, event);
  const body = { kind: 'noted', event: hintEvent, text: JSON.stringify(event) } as const;
  const fact = { refs: [ref], source: platform, key: `${hintKind}:${event.key}`, at: event.at, body };
  const result = await recordFacts(deps, [fact], { budgetMs });
  if (result.kind === 'spooled') return 'spooled';
  return result.results[0]?.isAdded ? 'recorded' : 'duplicate';
}

/** The hint that lies on a shell, from its facts. Null when there is none. */
export function readHint(facts: readonly StoredFact[]): Hint | null {
  for (const { source, body, receivedAt } of facts) {
    if (body.kind !== 'noted' || body.event !== hintEvent) continue;
    const event = JSON.parse(body.text) as PlatformEvent;
    return { platform: source, ref: hintRef(source, event), event, heardAt: receivedAt };
  }
  return null;
}

function hintRef(platform: string, event: PlatformEvent): CallRef {
  return { instance: platform, kind: hintKind, key: event.key };
}
