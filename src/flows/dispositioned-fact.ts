import type { Instant } from '../domain/call.ts';
import { correlationRef } from '../domain/connector.ts';
import type { Dialer } from '../domain/dialer.ts';
import type { Fact } from '../domain/fact.ts';
import { outcomeOfDisposition } from '../domain/settings.ts';
import type { WriteBack } from '../domain/write-back.ts';

/** The fact that a human agent dispositioned a call in a dialer; the same word seen twice is one fact. */
export function dispositionedFact(
  dialer: Dialer,
  { correlationId, target }: Pick<WriteBack, 'correlationId' | 'target'>,
  said: { disposition: string; by: string; at: Instant },
): Fact {
  const { disposition, by, at } = said;
  const outcome = outcomeOfDisposition(dialer.settings, target.campaign, disposition);
  return {
    refs: [correlationRef(correlationId)],
    source: dialer.id,
    key: `dispositioned:${disposition}:${at}`,
    at,
    body: { kind: 'dispositioned', dialer: dialer.id, disposition, by, ...(outcome && { outcome }) },
  };
}
