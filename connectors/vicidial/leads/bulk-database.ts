import type { DatabaseConfig } from '../config.ts';
import { openDatabase, type VicidialDatabase } from '../tables/database.ts';

/**
 * Where leads are read in bulk: the replica when one is configured. While it is away the sync waits for it; the dialer's
 * own database never stands in, for it was to be spared.
 */
export function openBulkDatabase(config: DatabaseConfig, master: VicidialDatabase): VicidialDatabase {
  const { replica } = config;
  if (!replica) return master;
  const { host, port, user = config.user, password = config.password, name = config.name } = replica;
  const place = { host, port, user, password, name, timeoutMs: config.timeoutMs };
  return openDatabase(place, { what: "the replica of VICIdial's database", keys: 'database.replica' });
}
