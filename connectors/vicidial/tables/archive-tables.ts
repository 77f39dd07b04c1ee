import { TableName } from './schema.ts';
import type { TimedReading } from './table-reads.ts';

/** Where a nightly job may have moved old log rows, and an admin leads that are not dialled any more. */
const names = [
  'vicidial_log_archive',
  'vicidial_closer_log_archive',
  'vicidial_log_extended_archive',
  'vicidial_list_archive',
] as const;
export type ArchiveTable = (typeof names)[number];

const keptMs = 600_000;

/** Which archives there are at this site, and our user may read. */
export type ArchiveTables = () => Promise<ReadonlySet<string>>;

/** A site may have none of them: asking one that is missing is an error. Looked up at most every ten minutes. */
export function archiveTables({ database, clock }: TimedReading): ArchiveTables {
  let known: ReadonlySet<string> = new Set();
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (clock.now() - readAt < keptMs) return known;
    const rows = await database.select(
      TableName,
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN (?)',
      [names],
    );
    known = new Set(rows.map((row) => row.name.toLowerCase()));
    readAt = clock.now();
    return known;
  };
}
