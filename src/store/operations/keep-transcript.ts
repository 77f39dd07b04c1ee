import { fitKey, keyLengths } from '../fit-key.ts';
import type { Session } from '../session.ts';
import type { Transcript } from '../store.ts';

/** Keeps what was spoken in a call; a later text takes the place of an earlier one. Nothing is kept of an erased call. */
export async function keepTranscript(trx: Session, transcript: Transcript): Promise<void> {
  const key = {
    correlation_id: fitKey(transcript.correlationId, keyLengths.name),
    platform: fitKey(transcript.platform, keyLengths.name),
  };
  const erased = await trx.db
    .selectFrom('facts')
    .select('source')
    .where('correlation_id', '=', key.correlation_id)
    .where('fact_key', '=', 'erased')
    .executeTakeFirst();
  if (erased) return;
  const value = { spoken: transcript.spoken, kept_at: transcript.keptAt };
  const known = await trx.db
    .selectFrom('transcripts')
    .select('spoken')
    .where('correlation_id', '=', key.correlation_id)
    .where('platform', '=', key.platform)
    .executeTakeFirst();
  if (!known) {
    await trx.db
      .insertInto('transcripts')
      .values({ ...key, ...value })
      .execute();
    return;
  }
  if (known.spoken === value.spoken) return;
  await trx.db
    .updateTable('transcripts')
    .set(value)
    .where('correlation_id', '=', key.correlation_id)
    .where('platform', '=', key.platform)
    .execute();
}
