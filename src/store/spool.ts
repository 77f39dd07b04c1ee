import { createSegmentWriter } from './spool/segment-writer.ts';
import { createSpoolFolder } from './spool/spool-folder.ts';
import { storeAway } from './store-errors.ts';

/** What arrives while the store is away: kept on this machine's disk, and brought to the store later. */
export interface Spool {
  /** Resolves when the entry is flushed to the disk. Appends of the same moment share one flush. */
  append(entry: object): Promise<void>;
  /**
   * Hands what waits to `handle`, oldest first, at most 200 at once; a batch is removed when `handle` resolves, so a crash
   * hands it out again. Entries that `handle` gives back can never be used: they go to the folder `bad`. Gives how many
   * entries went. Rejects as `handle` does; the batch stays then.
   */
  drain(handle: DrainHandler): Promise<number>;
  /** Entries that wait: this process's own, and those that an earlier one left. */
  size(): number;
  close(): Promise<void>;
}

/** Takes a batch, and gives back what of it can never be used. */
export type DrainHandler = (entries: object[]) => Promise<readonly object[] | undefined>;

export interface SpoolOptions {
  folder: string;
  onWarning(message: string, fields: object): void;
}

/** Entries in one file, and so in one batch: a batch is removed by removing its file. */
const maxEntries = 200;

/**
 * Opens the spool. Each process appends to a file of its own and renames it when it is full or wanted, so two processes
 * on one folder never read each other's live file; what a dead process left is taken over.
 */
export async function openSpool({ folder, onWarning }: SpoolOptions): Promise<Spool> {
  const files = await createSpoolFolder(folder, onWarning);
  const writer = createSegmentWriter(files, maxEntries);
  let draining: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  async function drainAll(handle: DrainHandler): Promise<number> {
    await writer.rotate();
    let count = 0;
    for (const name of await files.listReady()) {
      const taken = await files.take(name);
      if (!taken) continue;
      try {
        const useless = taken.entries.length > 0 ? await handle(taken.entries) : [];
        await files.keepBad(
          name,
          (useless ?? []).map((entry) => JSON.stringify(entry)),
        );
      } catch (error) {
        await files.putBack(name);
        throw error;
      }
      await files.remove(name);
      count += taken.entries.length;
    }
    return count;
  }

  return {
    async append(entry) {
      if (isClosed) throw storeAway('the spool is closed');
      await writer.append(JSON.stringify(entry));
    },
    drain(handle) {
      if (isClosed) return Promise.reject(storeAway('the spool is closed'));
      const run = draining.then(() => drainAll(handle));
      draining = run.catch(() => undefined);
      return run;
    },
    size: () => files.size() + writer.size(),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await draining;
      await writer.close();
      await files.close();
    },
  };
}
