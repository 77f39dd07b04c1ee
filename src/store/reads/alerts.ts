import type { Alert, AlertKind, AlertLevel } from '../../domain/alert.ts';
import type { Instant } from '../../domain/call.ts';
import type { KeptLetter, Letter, LetterState } from '../../domain/letter.ts';
import type { AlertLetterRow, AlertRow } from '../alert-tables.ts';
import type { Session } from '../session.ts';

export interface AlertPageQuery {
  /** Those that hold; else those that ended. */
  isOpen: boolean;
  limit: number;
}

/** How one channel does. */
export interface LetterStates {
  channel: string;
  waiting: number;
  dead: number;
  /** How often the letter was tried that waits for the longest. */
  mostAttempts: number;
  lastSentAt: Instant | null;
  /** What came of the last try of the newest letter that is not sent; empty where all are, or none was tried. */
  why: string;
}

/** Alerts that are not closed, the eldest first. */
export async function openAlerts(session: Session): Promise<Alert[]> {
  const rows = await session.db
    .selectFrom('alerts')
    .selectAll()
    .where('is_closed', '=', 0)
    .orderBy('first_at')
    .orderBy('id')
    .execute();
  return rows.map(alertOf);
}

/** Those that hold, or those that ended, the latest first. */
export async function alertPage(session: Session, { isOpen, limit }: AlertPageQuery): Promise<Alert[]> {
  const rows = await session.db
    .selectFrom('alerts')
    .selectAll()
    .where('ended_at', isOpen ? 'is' : 'is not', null)
    .orderBy(isOpen ? 'first_at' : 'ended_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(alertOf);
}

/** The latest letters, at most so many. */
export async function letterPage(session: Session, { limit }: { limit: number }): Promise<KeptLetter[]> {
  const rows = await session.db
    .selectFrom('alert_letters')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(letterOf);
}

/** Channels for which a letter waits whose time has come. */
export async function channelsWithDue(session: Session, now: Instant): Promise<string[]> {
  const rows = await session.db
    .selectFrom('alert_letters')
    .select('channel')
    .distinct()
    .where('state', '=', 'waiting')
    .where('due_at', '<=', now)
    .execute();
  return rows.map(({ channel }) => channel);
}

/** How the channels do, by letters that were written since an instant. */
export async function letterStates(session: Session, { since }: { since: Instant }): Promise<LetterStates[]> {
  const rows = await session.db
    .selectFrom('alert_letters')
    .select(({ fn }) => [
      'channel',
      'state',
      fn.countAll().as('count'),
      fn.max('attempts').as('attempts'),
      fn.max('sent_at').as('sent'),
    ])
    .where('created_at', '>=', since)
    .groupBy(['channel', 'state'])
    .execute();
  const whys = await whysOf(session, since, rows);
  return [...Map.groupBy(rows, ({ channel }) => channel)].map(([channel, same]) => {
    const of = (state: LetterState) => same.find((row) => row.state === state);
    return {
      channel,
      waiting: Number(of('waiting')?.count ?? 0),
      dead: Number(of('dead')?.count ?? 0),
      mostAttempts: Number(of('waiting')?.attempts ?? 0),
      lastSentAt: of('sent')?.sent ?? null,
      why: whys.get(channel) ?? '',
    };
  });
}

/** By channel, of those that have something that is not sent. */
async function whysOf(
  session: Session,
  since: Instant,
  rows: readonly { channel: string; state: string }[],
): Promise<ReadonlyMap<string, string>> {
  const whys = new Map<string, string>();
  for (const { channel } of rows.filter(({ state }) => state !== 'sent')) {
    const row = await session.db
      .selectFrom('alert_letters')
      .select('why')
      .where('channel', '=', channel)
      .where('state', '!=', 'sent')
      .where('why', '!=', '')
      .where('created_at', '>=', since)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row) whys.set(channel, row.why);
  }
  return whys;
}

export function letterOf(row: AlertLetterRow): KeptLetter {
  const { id, channel, attempts, why } = row;
  return {
    id,
    channel,
    letter: JSON.parse(row.letter) as Letter,
    createdAt: row.created_at,
    dueAt: row.due_at,
    state: row.state as LetterState,
    attempts,
    why,
    sentAt: row.sent_at,
  };
}

function alertOf(row: AlertRow): Alert {
  const { id, size, words } = row;
  return {
    id,
    kind: row.kind as AlertKind,
    key: row.alert_key,
    size,
    words,
    level: row.level as AlertLevel,
    firstAt: row.first_at,
    lastAt: row.last_at,
    endedAt: row.ended_at,
    isClosed: row.is_closed === 1,
    told: JSON.parse(row.told) as Alert['told'],
    ackedBy: row.acked_by,
    ackedAt: row.acked_at,
  };
}
