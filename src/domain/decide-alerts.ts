import { type Alert, type AlertKind, type AlertLevel, type AlertSign, alertKinds, natureOf } from './alert.ts';
import type { LetterItem, LetterWord } from './letter.ts';
import { afterQuiet, type QuietHours } from './quiet-hours.ts';

/** Who is told of what, and when. */
export interface AlertRules {
  channels: readonly string[];
  /** Another level than a kind's own, or not at all. */
  kinds: Readonly<Partial<Record<AlertKind, AlertLevel | 'off'>>>;
  /** None: everything to every channel. */
  routes: readonly AlertRoute[];
  /** For what is not urgent. */
  quiet: QuietHours | null;
  /** What comes within so many seconds is told together. */
  groupSec: number;
  /** What still holds is told again; 0: it is not. */
  repeatHours: number;
  escalate: Escalation | null;
}

/** Empty lists stand for all. */
export interface AlertRoute {
  kinds: readonly AlertKind[];
  levels: readonly AlertLevel[];
  to: readonly string[];
  afterMin: number;
}

/** Who is told when nobody has taken an alert for so long. */
export interface Escalation {
  afterMin: number;
  levels: readonly AlertLevel[];
  to: readonly string[];
}

export interface AlertDecision {
  /** Those that are new or changed. */
  changed: Alert[];
  letters: { channel: string; items: LetterItem[] }[];
}

/** What is not seen for so long has ended: what comes and goes is one alert, not many. */
export const clearSec = 120;
/** What has grown so many times since it was told is told anew. */
const growth = 10;
/** That it still holds is written down no more often. */
const seenEveryMs = 60_000;

/**
 * What becomes of the known alerts (those that are not closed) by what holds now, and what each channel is told. Pure: the
 * same alerts, signs and time give the same.
 */
export function decideAlerts(
  known: readonly Alert[],
  signs: readonly AlertSign[],
  { rules, now, newId }: { rules: AlertRules; now: number; newId(): string },
): AlertDecision {
  const alerts = bringUpToDate(known, signs, { rules, now, newId });
  const pending = alerts.flatMap((alert) =>
    rules.channels.flatMap((channel) => pendingFor(alert, channel, { rules, now }) ?? []),
  );
  const told = [...Map.groupBy(pending, ({ channel }) => channel).values()].flatMap((all) => {
    const ripe = all.filter(({ dueAt }) => dueAt <= now);
    return ripe.some(({ dueAt }) => dueAt + rules.groupSec * 1000 <= now) ? ripe : [];
  });
  const after = alerts.map((alert) => withTold(alert, told, now));
  const before = new Map(known.map((alert) => [alert.id, alert]));
  return {
    changed: after.filter((alert) => isWorthKeeping(before.get(alert.id), alert)),
    letters: [...Map.groupBy(told, ({ channel }) => channel)].map(([channel, all]) => ({
      channel,
      items: all.map(itemOf).sort((a, b) => rankOf(a) - rankOf(b) || (a.key < b.key ? -1 : 1)),
    })),
  };
}

interface Pending {
  alert: Alert;
  channel: string;
  what: LetterWord;
  dueAt: number;
}

type Context = { rules: AlertRules; now: number };

function bringUpToDate(
  known: readonly Alert[],
  signs: readonly AlertSign[],
  { rules, now, newId }: Context & { newId(): string },
): Alert[] {
  const at = new Date(now).toISOString();
  const held = new Map<string, Pick<Alert, 'level'> & AlertSign>();
  for (const sign of signs) {
    const level = rules.kinds[sign.kind] ?? natureOf(sign.kind).level;
    if (level !== 'off') held.set(nameOf(sign), { ...sign, level });
  }
  const current = known.map((alert): Alert => {
    const told = Object.fromEntries(Object.entries(alert.told).filter(([id]) => rules.channels.includes(id)));
    const sign = held.get(nameOf(alert));
    held.delete(nameOf(alert));
    if (sign) return { ...alert, ...sign, told, lastAt: at, endedAt: null };
    const hasEnded = alert.endedAt === null && now - Date.parse(alert.lastAt) >= clearSec * 1000;
    return { ...alert, told, ...(hasEnded && { endedAt: at }) };
  });
  const fresh = [...held.values()].map((sign): Alert => {
    const begun = { firstAt: at, lastAt: at, endedAt: null, isClosed: false, told: {} };
    return { id: newId(), ...sign, ...begun, ackedBy: '', ackedAt: null };
  });
  return [...current, ...fresh];
}

/** What a channel is to be told of an alert next, and from when on; null when nothing. */
function pendingFor(alert: Alert, channel: string, { rules, now }: Context): Pending | null {
  const told = alert.told[channel];
  const due = (what: LetterWord, atMs: number): Pending => {
    return { alert, channel, what, dueAt: alert.level === 'urgent' ? atMs : quietly(atMs, now, rules.quiet) };
  };
  const since = Date.parse(alert.firstAt) + natureOf(alert.kind).holdsSec * 1000;
  if (alert.endedAt !== null) return told ? due('over', Date.parse(alert.endedAt)) : null;

  const isTaken = alert.ackedAt !== null;
  const escalatesAt = escalationOf(alert, channel, rules, since);
  if (!isTaken && escalatesAt !== null && !told?.isEscalated && escalatesAt <= now) {
    return due('escalated', escalatesAt);
  }
  if (!told) {
    const afterMin = routedAfter(alert, channel, rules);
    return afterMin === null || isTaken ? null : due('raised', since + afterMin * 60_000);
  }
  if (told.size > 0 && alert.size >= told.size * growth) return due('grown', Date.parse(told.at));
  if (isTaken || rules.repeatHours === 0) return null;
  return due('repeated', Date.parse(told.at) + rules.repeatHours * 3_600_000);
}

/** What was due before the quiet hours and not told in time, waits too. */
function quietly(atMs: number, now: number, quiet: QuietHours | null): number {
  const end = afterQuiet(now, quiet);
  return end > now ? end : afterQuiet(atMs, quiet);
}

function escalationOf(alert: Alert, channel: string, { escalate }: AlertRules, since: number): number | null {
  if (!escalate?.to.includes(channel) || !escalate.levels.includes(alert.level)) return null;
  return since + escalate.afterMin * 60_000;
}

/** After how many minutes a channel is told; null: never. Of several routes the soonest counts. */
function routedAfter({ kind, level, key }: Alert, channel: string, { routes }: AlertRules): number | null {
  if (routes.length === 0) return 0;
  const about = routes.filter(
    ({ kinds, levels }) =>
      (kinds.length === 0 || kinds.includes(kind)) && (levels.length === 0 || levels.includes(level)),
  );
  const isTold = (id: string) => about.filter(({ to }) => to.length === 0 || to.includes(id));
  // Told by nobody but the channel that fails, nobody would hear of it.
  const isUnheard = kind === 'channel-failed' && about.every(({ to }) => to.length > 0 && to.every((id) => id === key));
  const fitting = isUnheard && channel !== key ? about : isTold(channel);
  return fitting.length === 0 ? null : Math.min(...fitting.map(({ afterMin }) => afterMin));
}

function withTold(alert: Alert, told: readonly Pending[], now: number): Alert {
  const at = new Date(now).toISOString();
  const after = { ...alert.told };
  for (const { alert: about, channel, what } of told) {
    if (about.id !== alert.id) continue;
    if (what === 'over') delete after[channel];
    else {
      const isEscalated = what === 'escalated' || alert.told[channel]?.isEscalated === true;
      after[channel] = { at, size: alert.size, isEscalated };
    }
  }
  const isClosed = alert.endedAt !== null && Object.keys(after).length === 0;
  return { ...alert, told: after, isClosed };
}

function itemOf({ alert, what }: Pending): LetterItem {
  const { id, kind, key, level, size, words, firstAt, endedAt } = alert;
  return { what, id, kind, key, level, size, words, since: firstAt, endedAt };
}

/** The urgent first, and what is over last; of these the most pressing kind first. */
function rankOf({ what, level, kind }: LetterItem): number {
  const group = (what === 'over' ? 2 : 0) + (level === 'urgent' ? 0 : 1);
  return group * alertKinds.length + alertKinds.indexOf(kind);
}

function isWorthKeeping(before: Alert | undefined, after: Alert): boolean {
  if (!before) return true;
  if (Date.parse(after.lastAt) - Date.parse(before.lastAt) >= seenEveryMs) return true;
  return JSON.stringify({ ...after, lastAt: '' }) !== JSON.stringify({ ...before, lastAt: '' });
}

function nameOf({ kind, key }: Pick<AlertSign, 'kind' | 'key'>): string {
  return `${kind} ${key}`;
}
