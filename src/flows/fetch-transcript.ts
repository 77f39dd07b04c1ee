import type { Call } from '../domain/call.ts';
import type { Deps } from './deps.ts';

export interface SpokenCall {
  platform: string;
  spoken: string;
  /** Where it came from: our store, where a site keeps them, or the platform just now. */
  from: 'store' | 'platform';
}

/**
 * What was spoken in a call: what is kept, else what the platforms still have, asked within a budget in milliseconds of the
 * machine's clock. It is not kept by being read.
 */
export async function fetchTranscript(
  { store, platforms }: Pick<Deps, 'store' | 'platforms'>,
  { correlationId }: Pick<Call, 'correlationId'>,
  budgetMs = 8000,
): Promise<SpokenCall[]> {
  const kept = await store.transcriptsOf(correlationId);
  if (kept.length > 0) return kept.map(({ platform, spoken }) => ({ platform, spoken, from: 'store' }));

  const signal = AbortSignal.timeout(budgetMs);
  const found: SpokenCall[] = [];
  for (const { instance, kind, key } of await store.refsOf(correlationId)) {
    if (kind !== 'call-id') continue;
    const record = await platforms.get(instance)?.readCall?.(key, signal);
    if (record?.transcript) found.push({ platform: instance, spoken: record.transcript, from: 'platform' });
  }
  return found;
}
