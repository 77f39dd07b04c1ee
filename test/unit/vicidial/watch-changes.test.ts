import { expect, it } from 'vitest';
import type { UsableAnswer, VicidialApi } from '../../../connectors/vicidial/api/api.ts';
import { readAnswer } from '../../../connectors/vicidial/api/api-answer.ts';
import { watchChanges } from '../../../connectors/vicidial/write/watch-changes.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';

async function seenAfter(call: () => Promise<UsableAnswer>): Promise<boolean> {
  const { api, mayHaveChanged } = watchChanges({ call } as unknown as VicidialApi);
  await api.call('update_lead').catch(() => undefined);
  return mayHaveChanged();
}

it.each([
  ['SUCCESS: update_lead LEAD HAS BEEN UPDATED - p|1001|1|||', true],
  ['SUCCESS: update_lead LEAD HAS BEEN UPDATED - p|1001|0|||', true],
  // VICIdial's own SQL failed.
  ['SUCCESS: update_lead LEAD HAS BEEN UPDATED - p|1001|-1|||', false],
  ['ERROR: update_lead NO MATCHES FOUND IN THE SYSTEM: |p|1001||', false],
  ['ERROR: NO FUNCTION SPECIFIED', false],
  ['NOTICE: update_lead CUSTOM FIELDS VALUES UPDATED - 3035551000|1001|101|0|101|1', true],
])('%s: something may have changed: %s', async (body, isChanged) => {
  const answer = readAnswer(200, body, 'update_lead') as UsableAnswer;

  expect(await seenAfter(async () => answer)).toBe(isChanged);
});

it.each([
  ['dialer_away', true, true],
  ['dialer_away', false, false],
  ['held_back', false, false],
] as const)('%s, in doubt %s: something may have changed: %s', async (code, inDoubt, isChanged) => {
  const failing = () => Promise.reject(new ConnectorError(code, 'no', { inDoubt }));

  expect(await seenAfter(failing)).toBe(isChanged);
});
