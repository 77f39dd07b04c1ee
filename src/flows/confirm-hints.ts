import { instantOf } from '../domain/clock.ts';
import { ourInstance } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';
import type { Platform, PlatformRecord } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { keepEvent } from './keep-event.ts';
import { type Hint, hintKind, hintLifeMs, readHint } from './keep-hint.ts';
import { recordFacts } from './record-facts.ts';
import { tellRecord } from './tell-record.ts';

const mostRead = 500;
const mostAsked = 50;
/** The platform is not asked about the same call again and again: the longer it keeps us waiting, the rarer. */
const pauses = { leastMs: 5000, mostMs: 60_000 };
/** The store holds many shells that are no hints: those of a week are not gone through every few seconds. */
const nearMs = 2 * 3_600_000;
const farEveryMs = 10 * 60_000;
/** A record may be a little behind the event that tells of it. */
const absentMs = 2 * 60_000;
const unfinishedMs = 30 * 60_000;
const recordMs = 5000;

export interface HintPace {
  /** When (epoch ms) a hint that was not settled is due again, by its shell. */
  notBefore: Map<string, number>;
  /** When (epoch ms) all hints were looked through. */
  farAt: number;
}

/**
 * Reads the platform's records of the calls that hints speak of. A record that bears one out is told, and the hint goes up
 * in its call; a hint of a call that the platform does not know counts for nothing and is shown. Gives how many were
 * settled. While a platform is away its hints wait, in the store.
 *
 * @param pace kept from look to look
 */
export async function confirmHints(
  deps: Deps,
  signal: AbortSignal,
  pace: HintPace = { notBefore: new Map(), farAt: 0 },
): Promise<number> {
  const { notBefore } = pace;
  const now = deps.clock.now();
  for (const [id, at] of notBefore) if (at <= now) notBefore.delete(id);
  const isFar = now - pace.farAt >= farEveryMs;
  const since = new Date(now - (isFar ? hintLifeMs : nearMs)).toISOString();
  const shells = await deps.store.shellsNamed({ kind: hintKind, since, limit: mostRead });
  const away = new Set<string>();
  let asked = 0;
  let count = 0;
  for (const { call } of shells) {
    const { correlationId } = call;
    if (signal.aborted || asked === mostAsked) break;
    if (notBefore.has(correlationId)) continue;
    const hint = readHint(await deps.store.factsOf(correlationId));
    const platform = hint && deps.platforms.get(hint.platform);
    if (!hint || !platform?.readCall || away.has(platform.id)) continue;
    asked += 1;
    // Also where it fails: the next look begins with others.
    notBefore.set(correlationId, now + pauseOf(now - Date.parse(hint.heardAt)));
    try {
      if (await settle(deps, platform, { ...hint, shell: correlationId }, signal)) count += 1;
    } catch (error) {
      away.add(platform.id);
      deps.log.warn({ platform: platform.id, reason: messageOf(error) }, 'hints wait: the platform can not be asked');
    }
  }
  if (isFar && asked < mostAsked) pace.farAt = now;
  return count;
}

function pauseOf(ageMs: number): number {
  return Math.min(pauses.mostMs, Math.max(pauses.leastMs, ageMs / 2));
}

async function settle(
  deps: Deps,
  platform: Platform,
  hint: Hint & { shell: string },
  signal: AbortSignal,
): Promise<boolean> {
  const { event, ref, heardAt, shell } = hint;
  const ageMs = deps.clock.now() - Date.parse(heardAt);
  const record = (await platform.readCall?.(event.refs[0]?.key ?? '', signal)) ?? null;
  if (!record) {
    if (ageMs < absentMs) return false;
    await refuse(deps, hint);
    return true;
  }
  if (!isReady(record, hint) && ageMs < unfinishedMs) return false;
  const { isErased } = await tellRecord(deps, platform, record, { refs: [ref], signal });
  if (isErased) {
    const now = instantOf(deps.clock);
    await deps.store.eraseCall({ correlationId: shell, platforms: [], names: {}, by: ourInstance, now });
    return true;
  }
  if (event.confirm === 'whole' || record.events.length === 0) await tellWhole(deps, hint, record);
  return true;
}

/** A hint of an end waits until the record has it, too. */
function isReady(record: PlatformRecord, { event }: Hint): boolean {
  return event.body.kind === 'started' ? record.events.length > 0 : record.isOver;
}

/** What only the event says; the record's own names of the call go before the event's. */
async function tellWhole(deps: Deps, { platform, event, ref }: Hint, record: PlatformRecord): Promise<void> {
  const named = record.events.find(({ variables }) => Object.keys(variables).length > 0);
  const told = { ...event, variables: named?.variables ?? event.variables, refs: [...event.refs, ref] };
  await keepEvent(deps, platform, told, { matchMs: 3000, recordMs });
}

/** The hint's own shell ends as unknown: so it waits no more, and nothing was moved by it. */
async function refuse(deps: Deps, { platform, event, ref }: Hint): Promise<void> {
  const at = instantOf(deps.clock);
  const why = 'the platform knows no such call';
  await recordFacts(deps, [{ refs: [ref], source: ourInstance, key: 'silent', at, body: { kind: 'silent', why } }], {
    budgetMs: recordMs,
  });
  const call = event.refs[0]?.key ?? '';
  const hint = 'Nothing was written. Somebody may have the secret and token of the webhook: change them.';
  const details = { platform, call, event: event.body.kind, why, hint };
  await deps.store.raiseAttention([{ kind: 'finding', key: `unknown-call:${platform}:${call}`, details }], at);
  deps.log.warn({ platform }, 'an event of a call that the platform does not know was set aside');
}
