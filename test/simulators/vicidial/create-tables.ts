import { readFileSync } from 'node:fs';
import type { Tables } from './tables.ts';

/** Lays out VICIdial's tables. False when they are there already, as after a restart of the simulator. */
export async function createTables(tables: Tables): Promise<boolean> {
  if (await tables.first("SHOW TABLES LIKE 'vicidial_list'")) return false;
  const schema = readFileSync(new URL('schema.sql', import.meta.url), 'utf8').replace(/^--.*$/gm, '');
  for (const statement of schema.split(/;\s*$/m)) {
    if (statement.trim()) await tables.change(statement);
  }
  return true;
}
