import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tableKeys } from './all-tables.ts';
import { mustBeThere } from './sqlite-source.ts';

/** Whether a file is text, such as `mariadb-dump` writes it, and not a SQLite database. */
export async function isDump(path: string): Promise<boolean> {
  await mustBeThere(path);
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return !buffer.toString('latin1').startsWith('SQLite format 3');
  } finally {
    await file.close();
  }
}

/** Looks whether a dump has all of our tables and its end. Gives what is missing. */
export async function checkDump(path: string): Promise<{ missing: string[] }> {
  const missing = new Set(Object.keys(tableKeys).map((table) => `the table ${table}`));
  let isEnded = false;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const made = /^CREATE TABLE `(\w+)`/.exec(line)?.[1];
    if (made) missing.delete(`the table ${made}`);
    if (line.startsWith('-- Dump completed')) isEnded = true;
  }
  return { missing: [...missing, ...(isEnded ? [] : ['its end: it was cut off'])] };
}
