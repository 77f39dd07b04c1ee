import type { Call } from '../domain/call.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { Platform, PlatformPage } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { tellRecord } from './tell-record.ts';

/** A call is looked for in so long a time after its first look; what is not found then is the night's concern. */
const spanMs = 30 * 60_000;
const most = 200;
const mostPages = 20;
/** Of records that the list does not show in full. */
const mostAsks = 100;

/**
 * A light look, every few minutes: calls that the AI had, that are on no line any more and of which nobody has told how
 * they ended, are read from the platform, so that an outcome whose webhook was lost is not a night late. Gives how many
 * facts came of it. Where no call is missing it costs one look into our own store per dialer.
 */
export async function catchUp(deps: Deps, signal: AbortSignal): Promise<number> {
  const { catchUpAfterMin } = deps.settings.reconcile;
  const before = deps.clock.now() - catchUpAfterMin * 60_000;
  const span = { from: new Date(before - spanMs).toISOString(), before: new Date(before).toISOString(), limit: most };
  const missing: Call[] = [];
  for (const dialer of deps.dialers.values()) {
    const calls = await deps.store.callsWithoutOutcome({ dialer: dialer.id, route: 'ai', ...span });
    if (calls.length > 0) missing.push(...(await notLive(deps, dialer, calls)));
  }
  let added = 0;
  for (const platform of deps.platforms.values()) {
    if (missing.length === 0 || signal.aborted) break;
    try {
      added += await readMissing(deps, platform, missing, signal);
    } catch (error) {
      deps.log.warn({ platform: platform.id, reason: messageOf(error) }, 'missing calls could not be read');
    }
  }
  if (added > 0) deps.log.info({ missing: missing.length, facts: added }, 'calls whose webhooks are missing were read');
  return added;
}

async function notLive(deps: Deps, { id, control }: Dialer, calls: readonly Call[]): Promise<Call[]> {
  if (!control) return [...calls];
  try {
    const live = new Set<string>();
    for (const ref of await control.liveCalls()) {
      const call = await deps.store.callByRef(ref);
      if (call) live.add(call.correlationId);
    }
    return calls.filter(({ correlationId }) => !live.has(correlationId));
  } catch (error) {
    deps.log.debug({ dialer: id, reason: messageOf(error) }, 'a dialer did not tell which calls go on');
    return [];
  }
}

/** By the platform's own name where an earlier event told it; the others are looked for in the list of the time. */
async function readMissing(
  deps: Deps,
  platform: Platform,
  calls: readonly Call[],
  signal: AbortSignal,
): Promise<number> {
  let added = 0;
  const unnamed: Call[] = [];
  for (const call of calls) {
    if (signal.aborted) return added;
    const refs = await deps.store.refsOf(call.correlationId);
    const ref = refs.find(({ instance, kind }) => instance === platform.id && kind !== 'hint');
    const record = ref && (await platform.readCall?.(ref.key, signal));
    if (!record) unnamed.push(call);
    else if (record.isOver) added += (await tellRecord(deps, platform, record, { signal })).added;
  }
  const [oldest] = unnamed.map(({ registeredAt }) => registeredAt).sort();
  return oldest ? added + (await readList(deps, platform, oldest, signal)) : added;
}

async function readList(deps: Deps, platform: Platform, since: string, signal: AbortSignal): Promise<number> {
  if (!platform.listCalls) return 0;
  let added = 0;
  let cursor = '';
  const asks = { left: mostAsks };
  for (let pages = 0; pages < mostPages && !signal.aborted; pages += 1) {
    const page: PlatformPage = await platform.listCalls(since, cursor, signal);
    for (const record of page.records) {
      if (signal.aborted) return added;
      if (record.isOver) added += (await tellRecord(deps, platform, record, { asks, signal })).added;
    }
    cursor = page.cursor;
    if (!cursor) break;
  }
  return added;
}
