import { z } from 'zod';
import type { AnyDialerConnector, AnyPlatformConnector, ConnectorRegistry } from '../../../config/registry.ts';
import { CampaignConfig, dialerConfigShape } from '../../../connectors/shared/dialer-config.ts';

const shape = {
  ...dialerConfigShape({ headerBytes: 300, outcomeMs: 1500 }, CampaignConfig),
  soap: z.strictObject({
    url: z.url().describe('Address of the service.'),
    users: z
      .array(z.strictObject({ user: z.string().min(1), password: z.string().min(8).meta({ secret: true }) }))
      .min(1)
      .describe('Users of the service.'),
    timeoutMs: z.int().min(1).default(5000).describe('Milliseconds for one request.'),
  }),
};

const acme = {
  type: 'acme',
  config: z.strictObject({ type: z.literal('acme'), ...shape }).superRefine((config, context) => {
    if (config.country === 'DE' && config.soap.timeoutMs > 9000) {
      context.addIssue({ code: 'custom', path: ['soap', 'timeoutMs'], message: 'is too long for Germany' });
    }
  }),
  create: () => {
    throw new Error('only its configuration is made up');
  },
} satisfies AnyDialerConnector;

const oracle = {
  type: 'oracle',
  config: z.strictObject({
    type: z.literal('oracle').describe('Kind of platform.'),
    token: z.string().min(8).meta({ secret: true }).describe('Token of the service.'),
    signature: z
      .discriminatedUnion('preset', [
        z.strictObject({ preset: z.literal('none') }),
        z.strictObject({ preset: z.literal('hmac'), key: z.string().meta({ secret: true }) }),
      ])
      .prefault({ preset: 'none' }),
  }),
  create: () => {
    throw new Error('only its configuration is made up');
  },
} satisfies AnyPlatformConnector;

/** A dialer and a platform that exist only as configuration. */
export const madeUpConnectors: ConnectorRegistry = { dialers: [acme], platforms: [oracle] };
