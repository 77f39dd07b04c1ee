import { messageOf } from '../../../src/domain/errors.ts';
import type { TestCall } from '../../../src/domain/test-call.ts';
import type { Five9 } from '../five9.ts';
import { toFive9Number } from '../numbers.ts';
import { contactsByNumber } from '../read/find-contact.ts';
import type { Begun } from './test-calls.ts';
import { waitForImport } from './wait-for-import.ts';

/** Keys of contacts that are made for a test call alone. */
export const testKeyPrefix = 'patchbay-test-';

/**
 * Takes the record out of the list that it was put into; a contact that was made for the test goes for good. One that was
 * there before stays, and so does its place in a list that it had.
 */
export async function endTestCall(five9: Five9, begun: Map<string, Begun>, call: TestCall): Promise<void> {
  const { api, config, imports, deps } = five9;
  const { phone, leadKey, campaign } = call;
  const number = toFive9Number(phone, config.numberFormat);
  const held = await contactsByNumber(five9, number, { purpose: 'interactive' });
  const isOurs = leadKey.startsWith(testKeyPrefix) && held.some((contact) => contact[config.keyField] === leadKey);
  const known = begun.get(phone);
  begun.delete(phone);
  if (held.length !== 1) return;
  const lists = known?.isNewInList ? [known.list] : isOurs ? await api.listsOfCampaign(campaign) : [];
  for (const list of lists) await imports.removeFromList(list, 'number1', number);
  if (!isOurs) return;
  try {
    await waitForImport(five9, await imports.deleteContacts(config.keyField, [leadKey]), 'crm');
  } catch (error) {
    deps.log.warn({ reason: messageOf(error) }, 'the contact of a test call stays in Five9');
  }
}
