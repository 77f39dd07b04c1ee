import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { VicidialApi } from './api.ts';
import type { VicidialConfig } from './config.ts';
import type { VicidialDatabase } from './database.ts';
import type { LineUsers } from './line-users.ts';

/** One configured VICIdial, as its parts share it. */
export interface Vicidial {
  id: string;
  config: VicidialConfig;
  database: VicidialDatabase;
  api: VicidialApi;
  lines: LineUsers;
  deps: Pick<ConnectorDeps, 'clock' | 'log' | 'ignoresIdempotency' | 'registerCall'>;
}
