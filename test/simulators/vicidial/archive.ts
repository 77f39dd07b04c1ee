import type { VicidialDeps } from './deps.ts';

/** What the nightly job may move away when it is older than so many days. */
const nightly: Readonly<Record<string, string>> = {
  vicidial_log: 'call_date',
  vicidial_closer_log: 'call_date',
  vicidial_carrier_log: 'call_date',
  vicidial_api_log: 'api_date',
};

/** What `--daily` moves away after 24 hours already. */
const daily: Readonly<Record<string, string>> = {
  call_log: 'start_time',
  vicidial_log_extended: 'call_date',
  vicidial_dial_log: 'call_date',
};

/** Moves old log rows into their `_archive` tables, as the nightly job of the logs does. Gives the number of rows. */
export async function archiveLogs(
  deps: VicidialDeps,
  { olderThanDays, isDaily }: { olderThanDays: number; isDaily: boolean },
): Promise<number> {
  const tables = Object.entries(isDaily ? daily : { ...nightly, ...daily });
  const before = deps.time.local(deps.clock.now() - (isDaily ? 1 : olderThanDays) * 86_400_000);
  let moved = 0;
  for (const [table, column] of tables) moved += await move(deps, table, `${column} < ?`, before);
  return moved;
}

/** Moves leads out of the dialer's reach, into a table that a site has only once it archives. Gives their number. */
export async function archiveLeads(deps: VicidialDeps, leadIds: readonly number[]): Promise<number> {
  await deps.tables.change('CREATE TABLE IF NOT EXISTS vicidial_list_archive LIKE vicidial_list');
  return move(deps, 'vicidial_list', 'lead_id IN (?)', leadIds);
}

async function move(
  { tables }: VicidialDeps,
  table: string,
  where: string,
  value: string | readonly number[],
): Promise<number> {
  await tables.change(`INSERT IGNORE INTO ?? SELECT * FROM ?? WHERE ${where}`, [`${table}_archive`, table, value]);
  return tables.change(`DELETE FROM ?? WHERE ${where}`, [table, value]);
}
