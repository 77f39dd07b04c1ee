import { noMapping } from '../../domain/mapping.ts';
import { hotReads } from '../reads/index.ts';
import type { PresentRules } from '../rule-book.ts';
import type { Session } from '../session.ts';
import type { StoreOptions } from '../store.ts';
import { storeAway, translateStoreError } from '../store-errors.ts';
import type { StoreParts } from '../store-parts.ts';
import type { ReaderData } from './reader-thread.ts';
import { mustNotBeRestoring } from './restoring.ts';
import { openForReading, sqliteSession } from './sqlite-database.ts';
import { createThreadClient } from './thread-client.ts';
import type { WriterData } from './writer-thread.ts';

/** Milliseconds that the main thread waits for a lock: none. It answers live calls. */
const hotBusyMs = 0;
const writePatienceMs = 10_000;
const readPatienceMs = 60_000;

/**
 * SQLite by the driver built into Node: a thread that writes, a thread for long reads, and reads by key on the main
 * thread. In WAL mode reads go on while the file is locked for writing.
 */
export async function openSqliteStore(file: string, options: StoreOptions): Promise<StoreParts> {
  mustNotBeRestoring(file);
  const { rules, ignoresIdempotency, onWarning } = options;
  const present = { rules, mapping: noMapping };
  const writerData: WriterData = { file, present, ignoresIdempotency, migrate: options.migrate ?? true };
  const readerData: ReaderData = { file };
  const writer = createThreadClient({
    script: new URL('./writer-thread.ts', import.meta.url),
    data: writerData,
    patienceMs: writePatienceMs,
    onWarning,
  });
  await writer.ready();
  const reader = createThreadClient({
    script: new URL('./reader-thread.ts', import.meta.url),
    data: readerData,
    patienceMs: readPatienceMs,
    onWarning,
  });
  const database = openForReading(file, hotBusyMs);
  const session = sqliteSession(database);

  const parts = {
    kind: 'sqlite' as const,
    write: (name: string, input: unknown) => writer.ask(name, input, options.newId()),
    async read(name: keyof typeof hotReads, input: unknown) {
      if (!database.isOpen) throw storeAway('it is closed');
      const read = hotReads[name] as (trx: Session, given: unknown) => Promise<unknown>;
      try {
        return await read(session, input);
      } catch (error) {
        throw translateStoreError(error);
      }
    },
    readLong: (name: string, input?: unknown) => reader.ask(name, input),
    useRules(next: PresentRules) {
      // A thread that must be started anew begins with them.
      writerData.present = next;
      writer.tell({ kind: 'rules', present: next });
    },
    async close() {
      await writer.close();
      await reader.close();
      if (database.isOpen) database.close();
    },
  };
  return parts as StoreParts;
}
