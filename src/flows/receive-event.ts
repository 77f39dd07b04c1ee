import type { PlainRequest } from '../domain/connector.ts';
import type { Fact } from '../domain/fact.ts';
import type { Platform } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { findCall, refsFromVariables, standIn } from './find-call.ts';
import { recordFacts } from './record-facts.ts';
import { registeredFromHeader } from './registered-fact.ts';

export type EventAnswer =
  | { status: 200; result: 'recorded' | 'duplicate' | 'spooled' | 'ignored' }
  | { status: 400; why: string }
  | { status: 401; why: string };

/** Milliseconds for the store before an authentic event goes to the spool and is acknowledged. */
const budgetMs = 1000;
const lookMs = 300;

/** A webhook of the AI platform: verified, read, appended, and only then acknowledged. */
export async function receiveEvent(deps: Deps, platform: Platform, request: PlainRequest): Promise<EventAnswer> {
  const reading = platform.receiveEvent(request);
  if (reading.kind === 'denied') {
    deps.count.eventDenied(platform.id);
    deps.log.warn({ platform: platform.id, reason: reading.why }, 'a webhook was denied');
    return { status: 401, why: reading.why };
  }
  if (reading.kind === 'unreadable') {
    deps.log.error({ platform: platform.id, reason: reading.why }, 'an authentic webhook could not be read');
    return { status: 400, why: reading.why };
  }
  if (reading.kind === 'ignored') {
    deps.log.debug({ platform: platform.id, reason: reading.why }, 'a webhook was not for us');
    return { status: 200, result: 'ignored' };
  }

  const { event } = reading;
  const names = refsFromVariables(deps, event.variables.correlation_id ?? '', event.variables);
  const known = names.sighting && (await findCall(deps, names.refs, lookMs));
  const sighting = standIn(names, known?.kind === 'found' ? known.call : null);
  const fact: Fact = {
    refs: [...names.refs, ...event.refs],
    source: platform.id,
    key: event.key,
    at: event.at,
    body: event.body,
  };
  const facts = sighting ? [await registeredFromHeader(deps, sighting, 'event', fact.refs), fact] : [fact];
  const result = await recordFacts(deps, facts, { budgetMs });
  if (result.kind === 'spooled') return { status: 200, result: 'spooled' };
  return { status: 200, result: result.results.at(-1)?.isAdded ? 'recorded' : 'duplicate' };
}
