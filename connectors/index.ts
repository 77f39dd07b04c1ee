import type { ConnectorRegistry } from '../config/registry.ts';
import { five9 } from './five9/index.ts';
import { sigmamind } from './sigmamind/index.ts';
import { vicidial } from './vicidial/index.ts';

/** Every dialer and AI platform that a configuration can name. Adding one is a folder and a line here. */
export const connectors: ConnectorRegistry = {
  dialers: [vicidial, five9],
  platforms: [sigmamind],
};
