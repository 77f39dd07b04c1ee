import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { SigmamindApi } from '../api/api.ts';
import type { SigmamindConfig } from '../config.ts';

/** What the commands work with by which SigmaMind calls leads. */
export interface Dialler {
  id: string;
  config: SigmamindConfig;
  api: SigmamindApi;
  deps: Pick<
    ConnectorDeps,
    'clock' | 'dialling' | 'isOptedOut' | 'readCursor' | 'writeCursor' | 'withLease' | 'describeCalls'
  >;
}
