import { Buffer } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { ConnectorError } from '../../domain/errors.ts';
import type { SpoolFolder } from './spool-folder.ts';

export interface SegmentWriter {
  append(line: string): Promise<void>;
  /** Ends the live file, so that it can be drained. */
  rotate(): Promise<void>;
  /** Entries in the live file. */
  size(): number;
  close(): Promise<void>;
}

interface Waiting {
  line: string;
  resolve(): void;
  reject(error: Error): void;
}

interface Segment {
  file: FileHandle;
  name: string;
  bytes: number;
  entries: number;
}

/** Appends lines to a live file; those that come while one flush is under way share the next. */
export function createSegmentWriter(folder: SpoolFolder, maxEntries: number): SegmentWriter {
  let waiting: Waiting[] = [];
  let live: Segment | undefined;
  let turn: Promise<void> = Promise.resolve();
  let isFlushing = false;

  /** One thing at a time happens to the live file. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const run = turn.then(work);
    turn = run.catch(() => undefined);
    return run;
  }

  /** One group at a time: what else wants the live file (a drain) has its turn between two of them. */
  async function flush(): Promise<void> {
    const room = maxEntries - (live?.entries ?? 0);
    const group = waiting.slice(0, room);
    waiting = waiting.slice(room);
    try {
      await writeGroup(group.map(({ line }) => line));
      for (const { resolve } of group) resolve();
    } catch (error) {
      const refusal = notWritten(error);
      for (const { reject } of group) reject(refusal);
    }
    // A full file that can't be renamed keeps its entries: the next process on this folder takes it over.
    if (live && live.entries >= maxEntries) await endLive().catch(() => undefined);
    isFlushing = waiting.length > 0;
    if (isFlushing) void inTurn(flush);
  }

  async function writeGroup(lines: readonly string[]): Promise<void> {
    live ??= await startSegment(folder);
    const segment = live;
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    try {
      await writeWhole(segment.file, bytes, segment.bytes);
      await segment.file.datasync();
    } catch (error) {
      await dropTail(segment);
      throw error;
    }
    segment.bytes += bytes.length;
    segment.entries += lines.length;
  }

  /** A write that failed half-way must not stand in front of the next one. */
  async function dropTail(segment: Segment): Promise<void> {
    try {
      await segment.file.truncate(segment.bytes);
    } catch {
      // The torn line stays the last of its file, where a reader leaves it out.
      await endLive().catch(() => undefined);
    }
  }

  async function endLive(): Promise<void> {
    const segment = live;
    live = undefined;
    if (!segment) return;
    await segment.file.close();
    await folder.endLive(segment.name, segment.entries);
  }

  return {
    append(line) {
      return new Promise((resolve, reject) => {
        waiting.push({ line, resolve, reject });
        if (isFlushing) return;
        isFlushing = true;
        void inTurn(flush);
      });
    },
    rotate: () => inTurn(endLive),
    size: () => live?.entries ?? 0,
    async close() {
      while (isFlushing) await turn;
      await inTurn(endLive);
    },
  };
}

async function startSegment(folder: SpoolFolder): Promise<Segment> {
  const name = folder.newLiveName();
  const file = await open(folder.pathOf(name), 'wx');
  // The name itself must survive a power cut, too.
  await folder.flushNames();
  return { file, name, bytes: 0, entries: 0 };
}

async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    if (bytesWritten === 0) throw new Error('the disk took nothing');
    written += bytesWritten;
  }
}

function notWritten(error: unknown): ConnectorError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new ConnectorError('store_away', `the spool could not be written (${code})`, {
    retryable: true,
    hint: 'Look whether the disk of `spool.folder` is full or not writable.',
  });
}
