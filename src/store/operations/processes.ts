import type { ProcessReport } from '../../domain/link-report.ts';
import { databaseClock } from '../database-clock.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { Session } from '../session.ts';

const forgottenAfterMs = 24 * 3_600_000;

/** Keeps what a process tells of itself in place of what it told before. Those of which nothing was heard for a day go. */
export async function reportProcess(trx: Session, report: ProcessReport): Promise<void> {
  const id = fitKey(report.id, keyLengths.name);
  const told = { seen_at: databaseClock(trx.kind), report: JSON.stringify(report) };
  const result = await trx.db.updateTable('processes').set(told).where('id', '=', id).executeTakeFirst();
  if (result.numUpdatedRows > 0n) return;
  const { startedAt: started_at, version } = report;
  await trx.db
    .insertInto('processes')
    .values({ id, started_at, version: fitKey(version, keyLengths.name), ...told })
    .execute();
  await trx.db.deleteFrom('processes').where('seen_at', '<', databaseClock(trx.kind, -forgottenAfterMs)).execute();
}

/** A process that stops in good order leaves no trace. */
export async function forgetProcess(trx: Session, id: string): Promise<void> {
  await trx.db.deleteFrom('processes').where('id', '=', fitKey(id, keyLengths.name)).execute();
}
