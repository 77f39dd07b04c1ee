import type { DialerConnector } from '../src/domain/dialer.ts';
import type { PlatformConnector } from '../src/domain/platform.ts';
import type { DialerSettings } from '../src/domain/settings.ts';

/** A dialer's factory, whatever its own configuration is. */
export type AnyDialerConnector = DialerConnector<DialerSettings>;

/** A platform's factory, whatever its own configuration is. */
export type AnyPlatformConnector = PlatformConnector<{ type: string }>;

/** The connectors that a configuration may name by `type`. */
export interface ConnectorRegistry {
  dialers: readonly AnyDialerConnector[];
  platforms: readonly AnyPlatformConnector[];
}
