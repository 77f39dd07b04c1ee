import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import { ConnectorError } from '../../domain/errors.ts';

const zip = promisify(gzip);

const ArchivePlace = z.record(z.string(), z.string());
/** How far an archive has come: what its reader said. */
export type ArchivePlace = z.infer<typeof ArchivePlace>;

export const Manifest = z.strictObject({
  format: z.literal('patchbay-archive-1'),
  isWhole: z.boolean(),
  before: z.string(),
  place: ArchivePlace,
  tables: z.record(z.string(), z.strictObject({ rows: z.int(), bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

/** A folder with one file of compressed JSON lines per table. What was noted in its manifest is whole on the disk. */
export interface ArchiveFolder {
  place: ArchivePlace;
  isWhole: boolean;
  /** Adds rows; they count when `note` is through. */
  add(table: string, rows: readonly object[]): Promise<void>;
  /** Flushes what was added, and notes how far the reader came. */
  note(place: ArchivePlace): Promise<void>;
  /** Gives the manifest with the hashes of all files. */
  finish(): Promise<Manifest>;
}

/** Opens a new archive, or goes on with one that was cut off: what was not noted is cut from its files. */
export async function openArchive(folder: string, before: string): Promise<ArchiveFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const manifest = await readManifest(folder, before);
  const fileOf = (table: string) => join(folder, `${table}.ndjson.gz`);
  for (const [table, { bytes }] of Object.entries(manifest.tables)) await truncate(fileOf(table), bytes);
  const touched = new Set<string>();

  async function save(change: Partial<Manifest>): Promise<void> {
    Object.assign(manifest, change);
    await writeWhole(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  }

  return {
    place: manifest.place,
    isWhole: manifest.isWhole,
    async add(table, rows) {
      if (rows.length === 0) return;
      const held = manifest.tables[table] ?? { rows: 0, bytes: 0, sha256: '' };
      // Gzip files that follow each other are one: each part is readable by itself, and none is ever opened again.
      const part = await zip(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      const file = await open(fileOf(table), held.bytes === 0 ? 'w' : 'r+', 0o600);
      try {
        await file.write(part, 0, part.length, held.bytes);
      } finally {
        await file.close();
      }
      touched.add(table);
      manifest.tables[table] = { rows: held.rows + rows.length, bytes: held.bytes + part.length, sha256: '' };
    },
    async note(place) {
      for (const table of touched) await flush(fileOf(table));
      touched.clear();
      await save({ place, isWhole: false });
    },
    async finish() {
      const tables: Manifest['tables'] = {};
      for (const [table, held] of Object.entries(manifest.tables)) {
        tables[table] = { ...held, sha256: await hashOf(fileOf(table)) };
      }
      await save({ tables, isWhole: true });
      return manifest;
    },
  };
}

async function readManifest(folder: string, before: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(folder, 'manifest.json'), 'utf8');
  } catch {
    return { format: 'patchbay-archive-1', isWhole: false, before, place: {}, tables: {} };
  }
  const read = Manifest.safeParse(JSON.parse(text));
  if (!read.success || read.data.before !== before) {
    throw new ConnectorError('bad_request', `${folder} holds another archive`, {
      hint: 'Name an empty folder, or the same day as the archive that was begun there.',
    });
  }
  return read.data;
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}
