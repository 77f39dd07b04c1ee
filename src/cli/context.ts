import type { Environment } from '../../config/load.ts';
import type { ConnectorRegistry } from '../../config/registry.ts';

/** What every command needs to begin. */
export interface CliContext {
  registry: ConnectorRegistry;
  /** The same with all that an operator asks for: most commands do without it. (Default: the registry has it) */
  wholeRegistry?(): Promise<ConnectorRegistry>;
  environment: Environment;
  version: string;
  /** Path of the configuration file: `--config`, else PATCHBAY_CONFIG, else config/patchbay.yaml. */
  configFile(): string;
  out(line: string): void;
  err(line: string): void;
  /** The exit code of the whole run. */
  exit(code: number): void;
}
