import { instantOf } from '../domain/clock.ts';
import type { ConnectorDeps } from '../domain/connector.ts';
import { headerNames } from '../domain/settings.ts';
import type { Deps } from './deps.ts';
import { createDialling } from './dial/dialling.ts';
import { mayCall } from './gate/may-call.ts';

/** What a connector may ask of the rest of the service: the outbox, and the platforms beside it. */
export function connectorReach(
  own: () => Deps,
  dialer: string,
): Pick<
  ConnectorDeps,
  'nudge' | 'settleSoon' | 'inboundCallUrls' | 'takenBackAt' | 'mayCall' | 'dialling' | 'promptWords'
> {
  return {
    nudge: () => own().nudge(),
    async settleSoon(receipt) {
      const { store, clock, nudge } = own();
      const rows = await store.settleSoon({ dialer, receipt, now: instantOf(clock) });
      if (rows > 0) nudge();
    },
    mayCall: (question) => mayCall(own(), question),
    dialling: createDialling(own, dialer),
    promptWords: () => ({
      headers: headerNames([...own().dialers.values()].map(({ settings }) => settings)),
      outcomes: own().settings.outcomeCodes,
    }),
    takenBackAt: (correlationId) => own().memory.takenBackAt(correlationId) ?? null,
    inboundCallUrls: () => [...own().platforms.values()].flatMap((platform) => platform.inboundCallUrls?.() ?? []),
  };
}
