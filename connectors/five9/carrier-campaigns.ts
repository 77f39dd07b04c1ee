import type { ConnectorDeps, Metric } from '../../src/domain/connector.ts';
import type { Five9Config } from './config.ts';

/** Names of the campaigns whose calls reach the AI over a carrier, where their headers may be lost; of one number, or all. */
export function carrierCampaigns({ campaigns }: Pick<Five9Config, 'campaigns'>, number?: string): string[] {
  return Object.entries(campaigns)
    .filter(([, { connection, script }]) => connection === 'carrier' && (!number || script?.transferTo === number))
    .map(([name]) => name);
}

/** Campaigns whose calls nobody can tell apart at the AI side: a carrier takes the headers, and no platform asks us. */
export function uncorrelatedCampaigns({ config, deps }: Uncorrelated): string[] {
  return deps.inboundCallUrls().length > 0 ? [] : carrierCampaigns(config);
}

export function uncorrelatedMetric(instance: Uncorrelated & { id: string }): Metric {
  return {
    name: 'patchbay_five9_uncorrelated_campaigns',
    help: 'Campaigns that hand over by a carrier while no platform has an inbound-call URL: their calls are not matched.',
    type: 'gauge',
    labelNames: ['dialer'],
    samples: [{ labels: { dialer: instance.id }, value: uncorrelatedCampaigns(instance).length }],
  };
}

interface Uncorrelated {
  config: Pick<Five9Config, 'campaigns'>;
  deps: Pick<ConnectorDeps, 'inboundCallUrls'>;
}
