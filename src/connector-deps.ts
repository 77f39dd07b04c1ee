import type { Logger } from 'pino';
import type { ConnectorDeps } from './domain/connector.ts';
import { connectorReach } from './flows/connector-reach.ts';
import type { Deps } from './flows/deps.ts';
import { operatorReads } from './flows/describe-calls.ts';
import { recordFacts } from './flows/record-facts.ts';
import { registerCall } from './flows/register-call.ts';
import { withLease } from './workers/lease.ts';

export interface ConnectorDepsInput {
  /** The service's own, once it is put together; throws before. */
  own: () => Deps;
  /** The instance that they are for. */
  id: string;
  parts: Pick<Deps, 'clock' | 'newId' | 'random' | 'hashNumber' | 'failAt' | 'tracing'>;
  log: Logger;
  publicUrl: string;
  drill: Deps['settings']['drill'];
}

/** What a connector gets of the service: flows and store as functions, in its own name. */
export function connectorDeps({ own, id, parts, log, publicUrl, drill }: ConnectorDepsInput): ConnectorDeps {
  return {
    ...parts,
    log: log.child({ connector: id }),
    publicUrl,
    ignoresIdempotency: drill.ignoresIdempotency,
    async recordFacts(facts) {
      await recordFacts(own(), facts, { budgetMs: 2000 });
    },
    async registerCall(sighting, via) {
      const dialer = own().dialers.get(sighting.leg.dialer);
      if (!dialer) throw new Error(`no dialer is called ${sighting.leg.dialer}`);
      const askedAt = performance.now();
      const start = { name: 'flow register-call', attributes: { 'patchbay.system': id, 'patchbay.via': via } };
      const answer = await own().tracing.run(start, () =>
        registerCall(own(), dialer, sighting, via, dialer.settings.budgets.headersMs),
      );
      // What comes by a route is counted there.
      if (via === 'headers') own().traffic.asked(id, performance.now() - askedAt, false);
      const { correlationId, route, headers, sentHeaders } = answer;
      return { correlationId, route, headers, sentHeaders };
    },
    readCursor: (name) => own().store.readCursor(`${id}:${name}`),
    writeCursor: (name, value, under) => own().store.writeCursor(`${id}:${name}`, value, under),
    withLease: (name, work) => withLease(own(), name, work),
    ...connectorReach(own, id),
    ...operatorReads(own, id),
  };
}
