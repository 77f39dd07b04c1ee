import { createHmac, randomUUID } from 'node:crypto';
import type { PatchbayConfig } from '../../config/schema.ts';
import { systemClock } from '../clock.ts';
import type { ConnectorDeps, Contributions } from '../domain/connector.ts';
import { ConnectorError } from '../domain/errors.ts';
import { outcomeCodes } from '../domain/outcome-codes.ts';
import { headerNames } from '../domain/settings.ts';
import type { CliContext } from './context.ts';
import { createLogger } from './open-app.ts';

/**
 * One dialer or platform of the configuration by itself, without store and service: for commands that need neither, such
 * as those that read a file. Null when nothing has this name.
 */
export function offlineInstance(context: CliContext, config: PatchbayConfig, id: string): Contributions | null {
  const { dialers, platforms } = context.registry;
  const section = config.dialers[id] ?? config.platforms[id];
  const connector = [...dialers, ...platforms].find(({ type }) => type === section?.type);
  if (!section || !connector) return null;
  return connector.create(id, section as never, offlineDeps(config, id));
}

/** What the connectors' deps need of a configuration that may not be written yet. */
export type OfflineSettings = Pick<PatchbayConfig, 'log' | 'secret' | 'dialers' | 'outcomes'> & {
  server: Pick<PatchbayConfig['server'], 'publicUrl'>;
};

/** Deps for an instance or a wizard that works without store and service. */
export function offlineDeps(config: OfflineSettings, id: string): ConnectorDeps {
  const needsStore = () =>
    Promise.reject(
      new ConnectorError('store_away', 'this needs the store, and the command was begun without it', {
        retryable: false,
      }),
    );
  return {
    clock: systemClock,
    log: createLogger(config, 'warn').child({ connector: id }),
    newId: randomUUID,
    random: Math.random,
    hashNumber: (number) => createHmac('sha256', config.secret).update(number).digest('hex').slice(0, 12),
    publicUrl: config.server.publicUrl,
    ignoresIdempotency: false,
    failAt: () => undefined,
    recordFacts: needsStore,
    registerCall: needsStore,
    readCursor: needsStore,
    writeCursor: needsStore,
    withLease: needsStore,
    nudge: () => undefined,
    backlog: needsStore,
    settleSoon: needsStore,
    describeCalls: needsStore,
    takenBackAt: () => null,
    inboundCallUrls: () => [],
    promptWords: () => ({
      headers: headerNames(Object.values(config.dialers)),
      outcomes: [...outcomeCodes, ...config.outcomes.extra],
    }),
    isOptedOut: needsStore,
    mayCall: needsStore,
    dialling: { leadsOfList: needsStore, lead: needsStore, judge: needsStore, claim: needsStore, settle: needsStore },
  };
}
