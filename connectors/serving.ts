import type { ConnectorRegistry } from '../config/registry.ts';
import { five9Serving } from './five9/serving.ts';
import { sigmamindServing } from './sigmamind/serving.ts';
import { vicidialServing } from './vicidial/serving.ts';

/** The same dialers and platforms as in the list of all, with as much of each as the running service needs. */
export const servingConnectors: ConnectorRegistry = {
  dialers: [vicidialServing, five9Serving],
  platforms: [sigmamindServing],
};
