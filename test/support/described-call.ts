import type { CallDescription } from '../../src/domain/connector.ts';
import type { WriteBack } from '../../src/domain/write-back.ts';

/** What `describeCalls` gives of a call of which only the write-backs matter. */
export function describedCall(writeBacks: readonly WriteBack[]): CallDescription {
  const at = '2026-03-02T15:00:00.000Z';
  return {
    call: {
      correlationId: writeBacks[0]?.correlationId ?? '',
      dialer: writeBacks[0]?.dialer ?? '',
      campaign: '',
      leadKey: '',
      phone: '',
      route: 'ai',
      reason: '',
      registeredAt: at,
      expiresAt: at,
      isRegistered: true,
      outcome: null,
    },
    refs: [],
    facts: [],
    writeBacks,
  };
}
