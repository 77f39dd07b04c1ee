import type { Instant } from '../domain/call.ts';
import type { AgedKind, WhyKept } from '../domain/purged.ts';
import type { OldRow, OldRowsPage, OldRowsQuery } from './reads/old-rows.ts';
import type { PurgePlace, PurgeTerms, TableOfCall } from './reads/purge.ts';

/** What the store does over the years: what is old goes, and a backup may come back. */
export interface StoreOverTime {
  /** Calls of a dialer (shells: of none) that were registered before an instant, oldest first, page by page. */
  oldCalls(input: { dialer: string; before: Instant; after: PurgePlace; limit: number }): Promise<PurgePlace[]>;
  /** Of some calls those that may go, and why the others may not. */
  judgePurge(
    input: PurgeTerms & { correlationIds: readonly string[] },
  ): Promise<{ purgeable: string[]; kept: WhyKept[] }>;
  /** Everything that belongs to some calls, row by row as it is kept. */
  rowsOfCalls(correlationIds: readonly string[]): Promise<{ table: TableOfCall; rows: object[] }[]>;
  /** Purges those of some calls that may go. Gives how many rows of each table went, and why the other calls are kept. */
  purgeCalls(
    input: PurgeTerms & { correlationIds: readonly string[] },
  ): Promise<{ rows: Record<string, number>; kept: WhyKept[] }>;
  /** Rows with an age of their own whose time is over, at most so many. */
  oldRows(query: OldRowsQuery): Promise<OldRowsPage>;
  /** Drops those of them that still are old. Gives how many. */
  dropOldRows(input: { kind: AgedKind; before: Instant; rows: readonly OldRow[] }): Promise<number>;
  /**
   * The database is an older one than before: what was written back since nobody knows here. Every row that waits is looked
   * at in its dialer before it is written, and so is every later one of a call that began before `now`. Gives how many wait.
   */
  doubtOpenRows(now: Instant): Promise<number>;
}
