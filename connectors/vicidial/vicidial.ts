import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { VicidialApi } from './api/api.ts';
import type { VicidialConfig } from './config.ts';
import type { LineUsers } from './line-users.ts';
import type { VicidialReads } from './reads.ts';
import type { VicidialDatabase } from './tables/database.ts';

/** One configured VICIdial, as its parts share it. */
export interface Vicidial {
  id: string;
  config: VicidialConfig;
  /** Null where the site gives no access to its tables: then everything is read through the API. */
  database: VicidialDatabase | null;
  reads: VicidialReads;
  api: VicidialApi;
  lines: LineUsers;
  /** For a last look and the write that follows it: few at once, and no waiting between the two. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  deps: ConnectorDeps;
}
