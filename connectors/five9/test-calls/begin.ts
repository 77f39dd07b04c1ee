import { instantOf } from '../../../src/domain/clock.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import type { TestCall } from '../../../src/domain/test-call.ts';
import type { Five9 } from '../five9.ts';
import { toFive9Number } from '../numbers.ts';
import { contactsByNumber } from '../read/find-contact.ts';
import { campaignWay } from '../setup/campaign-ways.ts';
import type { ImportResult } from '../soap/schema.ts';
import { endTestCall, testKeyPrefix } from './end.ts';
import type { Begun } from './test-calls.ts';
import { waitForImport } from './wait-for-import.ts';

/** Has the dialer call the number next; refuses when it would not. */
export async function beginTestCall(
  five9: Five9,
  begun: Map<string, Begun>,
  { campaign, phone }: { campaign: string; phone: string },
): Promise<TestCall> {
  const { api, config, deps } = five9;
  const number = toFive9Number(phone, config.numberFormat);
  if (!number) throw refusal('the number is none that Five9 can call', 'Give it with + and the country code.');
  if (await deps.isOptedOut(phone)) {
    throw refusal(
      'the number has opted out',
      'Take another. If it is your own: `npx patchbay opt-outs` takes it back.',
    );
  }
  if ((await api.checkDnc([number])).includes(number)) {
    const fix = 'Take another. If it is your own: VCC Administrator → Do Not Call List → remove it.';
    throw refusal("the number is on Five9's DNC list", fix);
  }
  await refuseUnlessDialling(five9, campaign);
  const list = await listOf(five9, campaign);

  const held = await contactsByNumber(five9, number, { purpose: 'interactive' });
  const [contact, another] = held;
  if (another) {
    const fix = 'Take another number, or merge these contacts in Five9.';
    throw refusal(`Five9 has ${held.length} contacts with this number`, fix);
  }
  if (contact && contact.number1 !== number) {
    throw refusal('a contact has it as a further number', 'Take another: the dialer would call the first number.');
  }
  const leadKey = contact ? (contact[config.keyField] ?? '') : `${testKeyPrefix}${deps.newId()}`;
  const begunAt = instantOf(deps.clock);
  const key = { field: 'number1', isKey: true };
  const columns = contact ? [key] : [key, { field: config.keyField, isKey: false }];
  const values = contact ? [number] : [number, leadKey];
  const call = { campaign, phone, leadKey, begunAt };
  try {
    const how = { resetIn: campaign, isNew: !contact };
    const identifier = await five9.imports.dialNow(list, columns, values, how);
    const result = await waitForImport(five9, identifier);
    begun.set(phone, { list, isNewInList: result.listInserted > 0 });
    assertTaken(result);
  } catch (error) {
    // Whatever of it is in Five9 by now would be dialled with nobody watching.
    await endTestCall(five9, begun, call).catch((reason: unknown) =>
      deps.log.warn({ reason: messageOf(reason) }, 'what was begun of a test call may be in Five9 still'),
    );
    throw error;
  }
  return call;
}

async function refuseUnlessDialling({ api }: Five9, name: string): Promise<void> {
  const campaign = (await api.campaigns()).find((one) => one.name === name);
  if (!campaign) throw refusal(`Five9 has no campaign "${name}"`, 'Correct its name in the configuration.');
  if (campaign.type === 'INBOUND') throw refusal(`${name} is inbound: it places no calls`, 'Name one that dials.');
  if (campaign.state !== 'RUNNING') {
    const fix = `Start it: VCC Administrator → Campaigns → ${name} → Start.`;
    throw refusal(`the campaign ${name} does not run (${campaign.state || 'state not told'})`, fix);
  }
  const { isPreview } = await campaignWay(api, name, campaign.type);
  if (!isPreview) return;
  const fix = `Set another dialling mode: VCC Administrator → Campaigns → ${name} → Dialing Mode.`;
  throw refusal(`${name} is in preview mode: an agent has every call, the AI none`, fix);
}

/** A list of the campaign; that of callbacks only where there is no other. */
async function listOf({ api, config }: Five9, campaign: string): Promise<string> {
  const lists = await api.listsOfCampaign(campaign);
  const list = lists.find((name) => name !== config.callbackList) ?? lists[0];
  if (list) return list;
  throw refusal(
    `the campaign ${campaign} has no list`,
    `Add one: VCC Administrator → Campaigns → ${campaign} → Lists.`,
  );
}

/** One match by the key is what was looked for. */
function assertTaken({ isSuccess, errors, troubles }: ImportResult): void {
  const real = troubles.map(({ kind }) => kind).filter((kind) => kind !== 'OneMatchInContacts');
  if (isSuccess && errors === 0 && real.length === 0) return;
  const why = real[0] ?? (isSuccess ? 'errors in the record' : 'no success');
  throw refusal(
    `Five9 did not take the record into the list (${why})`,
    'See the required contact fields of the domain.',
  );
}

function refusal(why: string, hint: string): ConnectorError {
  return new ConnectorError('dialer_refused', why, { hint });
}
