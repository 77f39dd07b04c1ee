import { correlationRef } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';
import type { StoredFact } from '../domain/fact.ts';
import type { Deps } from './deps.ts';
import { recordFacts } from './record-facts.ts';

const keepMs = 2000;

/**
 * Where a platform told of the end of a call before its recording was there, and of nothing later that had it: asks for the
 * platform's own record, and tells the end once more with the recording. The time stays, so that the outcome does too.
 */
export async function readPlatformRecording(
  deps: Deps,
  correlationId: string,
  facts: readonly StoredFact[],
  signal: AbortSignal,
): Promise<void> {
  for (const platform of deps.platforms.values()) {
    const told = facts.filter(({ source }) => source === platform.id);
    const ended = told.find(({ body }) => body.kind === 'ended');
    const hasRecording = told.some(
      ({ body }) => (body.kind === 'ended' || body.kind === 'analysed') && body.recordingUrl,
    );
    if (!ended || hasRecording || !platform.readCall) continue;
    try {
      const names = await deps.store.refsOf(correlationId);
      const name = names.find(({ instance, kind }) => instance === platform.id && kind === 'call-id');
      const record = name && (await platform.readCall(name.key, signal));
      const urls = record?.events.flatMap(({ body }) => (body.kind === 'ended' ? (body.recordingUrl ?? []) : []));
      const [recordingUrl] = urls ?? [];
      if (!recordingUrl || ended.body.kind !== 'ended') continue;
      const fact = { refs: [correlationRef(correlationId)], source: platform.id, at: ended.at };
      const body = { ...ended.body, recordingUrl };
      await recordFacts(deps, [{ ...fact, key: `${ended.key}:recording`, body }], { budgetMs: keepMs });
    } catch (error) {
      deps.log.warn(
        { platform: platform.id, reason: messageOf(error) },
        'the recording of a call could not be asked for',
      );
    }
  }
}
