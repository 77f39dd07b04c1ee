import { ConnectorError } from '../domain/errors.ts';
import type { FactToRecord } from '../store/store.ts';
import type { StageDeps } from './stages.ts';
import { shadowPlacesOf } from './stages.ts';

/** Whether one of them registers a call that began while this process could not read the stages. */
export function hasOpenStage(entries: readonly FactToRecord[]): boolean {
  return entries.some(({ fact: { body } }) => body.kind === 'registered' && body.stage !== undefined);
}

/**
 * Decides where such calls run in shadow, by what is set now: the store never holds an open one. Rejects while nobody can
 * read what is set (docs/decisions/0047-shadow-is-decided-by-call.md).
 */
export async function settleStages(
  deps: StageDeps,
  entries: readonly FactToRecord[],
): Promise<readonly FactToRecord[]> {
  await deps.controls.fresh();
  if (!deps.controls.isKnown()) {
    throw new ConnectorError('store_away', 'the controls could not be read, so that nobody knows the stage of a call', {
      retryable: true,
      hint: 'Look whether the database of `store` is up: the calls wait on disk until then.',
    });
  }
  return entries.map((entry) => settled(deps, entry));
}

function settled(deps: StageDeps, entry: FactToRecord): FactToRecord {
  const { fact } = entry;
  if (fact.body.kind !== 'registered' || !fact.body.stage) return entry;
  const { stage: _, ...body } = fact.body;
  const shadow = shadowPlacesOf(deps, body.leg);
  return { ...entry, fact: { ...fact, body: { ...body, ...(shadow.length > 0 && { shadow }) } } };
}
