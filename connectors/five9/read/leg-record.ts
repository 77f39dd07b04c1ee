import type { CallDescription } from '../../../src/domain/connector.ts';
import type { Fact } from '../../../src/domain/fact.ts';
import type { LogRow } from './call-log-rows.ts';

/**
 * When a call of ours was over, as the log has it; undefined when it does not tell, or was read before. The answer is not
 * taken from it: a call begins there when it is dialled or comes in. What the column of recordings holds is documented
 * nowhere, so no link is made of it.
 */
export function legRecordOf(
  dialer: string,
  { callId, endedAt }: Pick<LogRow, 'callId' | 'endedAt'>,
  known: CallDescription | undefined,
): Fact | undefined {
  if (!known || !endedAt) return undefined;
  const key = `leg-record:${callId}:${endedAt}`;
  if (known.facts.some((fact) => fact.key === key && fact.source === dialer)) return undefined;
  return {
    refs: [{ instance: dialer, kind: 'call-id', key: callId }],
    source: dialer,
    key,
    at: endedAt,
    body: { kind: 'leg-record', dialer, endedAt, recordingUrls: [] },
  };
}
