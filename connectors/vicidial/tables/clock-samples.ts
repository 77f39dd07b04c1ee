import type { VicidialDatabase } from './database.ts';
import { ClockSample, ServerRow } from './schema.ts';

/** What the tables tell of the dialers' clocks. */
export interface TableClocks {
  /** The newest log row holds one moment twice: as wall time and as UTC seconds. Null on a site without calls. */
  sample: ClockSample | null;
  /** `local_gmt` of the active servers: hours from UTC in winter, as text. */
  servers: readonly ServerRow[];
}

export async function readTableClocks(database: VicidialDatabase): Promise<TableClocks> {
  const [samples, servers] = await Promise.all([
    database.select(ClockSample, 'SELECT call_date, start_epoch FROM vicidial_log ORDER BY call_date DESC LIMIT 1', []),
    database.select(ServerRow, "SELECT server_ip, local_gmt FROM servers WHERE active = 'Y'", []),
  ]);
  return { sample: samples[0] ?? null, servers };
}
