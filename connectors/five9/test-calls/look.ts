import type { TestCall, TestCallState } from '../../../src/domain/test-call.ts';
import type { Five9 } from '../five9.ts';
import { toFive9Number } from '../numbers.ts';
import { contactsByNumber } from '../read/find-contact.ts';
import { timesInContact } from '../read/times-in-contact.ts';
import type { Contact } from '../soap/schema.ts';

/**
 * What Five9 tells of a test call by its web services: nothing while it goes on, and its disposition when it is over. That it
 * was answered shows first in the register request of its script.
 */
export async function lookAtTestCall(five9: Five9, call: TestCall): Promise<TestCallState> {
  const { api, config } = five9;
  const number = toFive9Number(call.phone, config.numberFormat);
  const [contact] = await contactsByNumber(five9, number, { purpose: 'interactive' });
  if (!contact) return { stage: 'over', why: 'Five9 has the contact no more', fix: 'Somebody deleted it: begin anew.' };
  const disposition = dispositionSince(five9, contact, call);
  if (disposition) return overWith(five9, call, disposition);
  const state = (await api.campaigns()).find(({ name }) => name === call.campaign)?.state ?? '';
  if (state !== 'RUNNING') {
    const fix = `Start it: VCC Administrator → Campaigns → ${call.campaign} → Start.`;
    return { stage: 'waiting', why: `the campaign does not run any more (${state || 'it is gone'})`, fix };
  }
  return {
    stage: 'waiting',
    why: 'its web services tell nothing of a call that goes on: the register request of the script shows it first',
    fix: `If the phone does not ring within a minute: calling hours of the contact's state (Campaigns → ${call.campaign} → Dialing Rules), lines that are busy, or, in an outbound campaign, no agent logged in.`,
  };
}

/** Five9 cuts times to the second. Empty when it shows none of this call. */
function dispositionSince(five9: Five9, contact: Contact, { begunAt }: TestCall): string {
  const { lastDisposition, lastDispositionAt } = five9.config.fields;
  if (!lastDisposition || !lastDispositionAt) return '';
  const at = timesInContact(five9, contact, lastDispositionAt).at(-1);
  const earliest = Math.floor(Date.parse(begunAt) / 1000) * 1000;
  return at && Date.parse(at) >= earliest ? (contact[lastDisposition] ?? '') : '';
}

function overWith({ config }: Five9, { campaign }: TestCall, disposition: string): TestCallState {
  const why = `the contact shows the disposition ${disposition}`;
  const { dispositions = {}, script } = config.campaigns[campaign] ?? {};
  const over = { stage: 'over' as const, why, disposition, ...(script?.handoff === 'B' && endsAtAi) };
  // With handoff B the script's end shows as Five9's own disposition, until the outcome is written over it.
  if (Object.values(dispositions).includes(disposition) || script?.handoff === 'B') return over;
  const fix = `It is none of the mapping of ${campaign}: nobody answered, or the script did not run to its end. See the campaign's answer detection, and the check campaigns.bound.`;
  return { ...over, fix };
}

const endsAtAi = { comesBack: false } as const;
