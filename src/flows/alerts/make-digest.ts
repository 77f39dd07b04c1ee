import type { Instant } from '../../domain/call.ts';
import { addDays, type Day, type DaySpan, dayOf, namedSpan } from '../../domain/day-span.ts';
import type { Digest, DigestOptOuts, DigestScore } from '../../domain/letter.ts';
import type { Score } from '../../domain/scorecard.ts';
import { localTime } from '../../domain/zone-time.ts';
import type { Deps } from '../deps.ts';
import { scorecardOf } from '../make-scorecard.ts';
import { needWords } from '../need-words.ts';
import type { SiteState } from '../site-state.ts';
import { readOptOuts } from '../watch-opt-outs.ts';

const mostCampaigns = 10;
const mostOptOuts = 2000;
const cursor = 'alerts:digest';

/** Yesterday's numbers, and what is open now. Free of personal data. */
export async function makeDigest(deps: Deps, state: SiteState): Promise<Digest> {
  const { timeZone } = deps.settings.alerts.digest ?? { timeZone: deps.settings.console.timeZone };
  const span = namedSpan('yesterday', timeZone, state.at);
  const [card, optOuts, alerts] = await Promise.all([
    scorecardOf(deps, span),
    optOutsOf(deps, state, span),
    deps.store.openAlerts(),
  ]);
  const campaigns = byCampaign(card.lines);
  return {
    day: span.firstDay,
    timeZone,
    score: scoreOf(card.total),
    before: card.total.before && scoreOf(card.total.before),
    currency: card.currency,
    campaigns: campaigns.slice(0, mostCampaigns),
    otherCampaigns: Math.max(0, campaigns.length - mostCampaigns),
    optOuts,
    alerts: alerts
      .filter(({ endedAt }) => endedAt === null)
      .map(({ level, words, firstAt }) => ({ level, words, since: firstAt })),
    needs: state.needs.map(
      ({ kind, count }) => `${count.toLocaleString('en-US')} ${needWords[kind][count === 1 ? 0 : 1]}`,
    ),
    backlog: state.backlog,
  };
}

/**
 * Whether the digest of today is to be sent now, and the cursor that says that it was. A service that was down at its time
 * sends it when it is back; one that has never sent any begins with the next time.
 */
export async function digestDue(deps: Pick<Deps, 'store' | 'clock' | 'settings'>): Promise<DueDigest | null> {
  const { digest } = deps.settings.alerts;
  if (!digest) return null;
  const now = deps.clock.now();
  const today = dayOf(digest.timeZone, new Date(now).toISOString());
  const isPast = localTime(digest.timeZone, now).minute >= digest.minute;
  const last: Day = await deps.store.readCursor(cursor);
  if (last === '') return { isToSend: false, place: { name: cursor, value: isPast ? today : addDays(today, -1) } };
  return isPast && last < today ? { isToSend: true, place: { name: cursor, value: today } } : null;
}

export interface DueDigest {
  isToSend: boolean;
  place: { name: string; value: string };
}

/** Agents and versions of a campaign as one. */
function byCampaign(lines: readonly Score[]): Digest['campaigns'] {
  const groups = [...Map.groupBy(lines, ({ dialer, campaign }) => JSON.stringify([dialer, campaign])).values()];
  return groups
    .flatMap((same) => {
      const [first] = same;
      return first ? [{ dialer: first.dialer, campaign: first.campaign, ...same.map(scoreOf).reduce(sumOf) }] : [];
    })
    .sort((a, b) => b.calls - a.calls);
}

function scoreOf({ calls, contacts, qualified, transfers, optOuts, aiMinutes, cost }: Score): DigestScore {
  return { calls, contacts, qualified, transfers, optOuts, aiMinutes, cost };
}

function sumOf(one: DigestScore, other: DigestScore): DigestScore {
  return {
    calls: one.calls + other.calls,
    contacts: one.contacts + other.contacts,
    qualified: one.qualified + other.qualified,
    transfers: one.transfers + other.transfers,
    optOuts: one.optOuts + other.optOuts,
    aiMinutes: one.aiMinutes + other.aiMinutes,
    cost: one.cost === null || other.cost === null ? null : one.cost + other.cost,
  };
}

async function optOutsOf(deps: Deps, { optOuts: open }: SiteState, { from, before }: DaySpan): Promise<DigestOptOuts> {
  const told = (await readOptOuts(deps, { from, before, limit: mostOptOuts })).filter(({ isUndone }) => !isUndone);
  const clocks = told.flatMap(({ dialers }) => dialers);
  return {
    told: told.length,
    dialers: [...Map.groupBy(clocks, ({ dialer }) => dialer)].map(([dialer, same]) => {
      const took = same.flatMap(({ tookSec }) => tookSec ?? []).sort((a, b) => a - b);
      const at = (share: number): number | null =>
        took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? null;
      return { dialer, held: took.length, medianSec: at(0.5), longestSec: at(1) };
    }),
    open: open.length,
    overdue: open.filter(({ isOverdue }) => isOverdue).length,
    oldestAt: open.reduce<Instant | null>(
      (first, { toldAt }) => (first === null || toldAt < first ? toldAt : first),
      null,
    ),
  };
}
