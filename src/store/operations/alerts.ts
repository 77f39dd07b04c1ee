import type { Alert } from '../../domain/alert.ts';
import type { Instant } from '../../domain/call.ts';
import type { Fence } from '../../domain/lease.ts';
import type { KeptLetter, Letter, LetterState } from '../../domain/letter.ts';
import type { AlertRow } from '../alert-tables.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { letterOf } from '../reads/alerts.ts';
import type { Session } from '../session.ts';
import { writeCursor } from './cursors.ts';
import { requireLease } from './leases.ts';

export interface KeepAlertsInput {
  /** Who has taken one stays as it is kept. */
  alerts: readonly Alert[];
  letters: readonly { id: string; channel: string; letter: Letter }[];
  /** A cursor that goes with them. */
  place?: { name: string; value: string };
  now: Instant;
  under: Fence;
}

export interface ClaimLetterInput {
  channel: string;
  now: Instant;
  until: Instant;
  under: Fence;
}

/** What became of a letter that was claimed. */
export interface LetterEnd {
  id: string;
  state: LetterState;
  dueAt: Instant;
  why: string;
  sentAt: Instant | null;
}

/** Keeps what became of alerts together with the letters about it, while the lease is held. */
export async function keepAlerts(trx: Session, input: KeepAlertsInput): Promise<void> {
  const { alerts, letters, place, now, under } = input;
  await requireLease(trx, under);
  for (const alert of alerts) await keepAlert(trx, alert);
  for (const { id, channel, letter } of letters) {
    const written = { created_at: now, due_at: now, state: 'waiting', attempts: 0, why: '', sent_at: null };
    await trx.db
      .insertInto('alert_letters')
      .values({ id, channel: fitKey(channel, keyLengths.name), letter: JSON.stringify(letter), ...written })
      .execute();
  }
  if (place) await writeCursor(trx, place);
}

async function keepAlert(trx: Session, alert: Alert): Promise<void> {
  const row: Omit<AlertRow, 'id' | 'acked_by' | 'acked_at'> = {
    kind: alert.kind,
    alert_key: fitKey(alert.key),
    level: alert.level,
    size: alert.size,
    words: alert.words,
    first_at: alert.firstAt,
    last_at: alert.lastAt,
    ended_at: alert.endedAt,
    is_closed: alert.isClosed ? 1 : 0,
    told: JSON.stringify(alert.told),
  };
  const result = await trx.db.updateTable('alerts').set(row).where('id', '=', alert.id).executeTakeFirst();
  if (result.numUpdatedRows > 0n) return;
  const fresh = { id: alert.id, ...row, acked_by: '', acked_at: null };
  await trx.db.insertInto('alerts').values(fresh).execute();
}

/** Somebody takes care of an alert. False when it ended, or somebody did before. */
export async function ackAlert(trx: Session, input: { id: string; by: string; now: Instant }): Promise<boolean> {
  const result = await trx.db
    .updateTable('alerts')
    .set({ acked_by: fitKey(input.by, keyLengths.name), acked_at: input.now })
    .where('id', '=', input.id)
    .where('ended_at', 'is', null)
    .where('acked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** The next letter to a channel whose time has come. It counts as tried, and is due again at `until`. */
export async function claimLetter(trx: Session, input: ClaimLetterInput): Promise<KeptLetter | null> {
  const { channel, now, until, under } = input;
  await requireLease(trx, under);
  const row = await trx.db
    .selectFrom('alert_letters')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('channel', '=', fitKey(channel, keyLengths.name))
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const claimed = { attempts: row.attempts + 1, due_at: until };
  await trx.db.updateTable('alert_letters').set(claimed).where('id', '=', row.id).execute();
  return letterOf({ ...row, ...claimed });
}

/** Keeps what became of a letter. */
export async function settleLetter(trx: Session, end: LetterEnd): Promise<void> {
  await trx.db
    .updateTable('alert_letters')
    .set({ state: end.state, due_at: end.dueAt, why: end.why, sent_at: end.sentAt })
    .where('id', '=', end.id)
    .execute();
}

/** Drops alerts that ended long ago, and old letters. Gives how many rows. */
export async function dropOldAlerts(
  trx: Session,
  { alertsBefore, lettersBefore }: { alertsBefore: Instant; lettersBefore: Instant },
): Promise<number> {
  const alerts = await trx.db.deleteFrom('alerts').where('ended_at', '<', alertsBefore).executeTakeFirst();
  const letters = await trx.db
    .deleteFrom('alert_letters')
    .where('created_at', '<', lettersBefore)
    .where('state', '!=', 'waiting')
    .executeTakeFirst();
  return Number(alerts.numDeletedRows + letters.numDeletedRows);
}
