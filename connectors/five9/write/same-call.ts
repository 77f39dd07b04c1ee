import { correlationRef } from '../../../src/domain/connector.ts';
import type { Aspect, WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';

/** What is, or was, to be written of one aspect of the row's call on this dialer. */
export async function rowsOfSameCall(
  { id, deps }: Five9,
  { correlationId }: WriteBack,
  aspect: Aspect,
): Promise<WriteBack[]> {
  const calls = await deps.describeCalls({ refs: [correlationRef(correlationId)] });
  const all = calls.flatMap(({ writeBacks }) => writeBacks);
  return all.filter((row) => row.dialer === id && row.aspect === aspect);
}
