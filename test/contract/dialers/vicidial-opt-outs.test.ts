import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hold } from '../../../src/domain/delivery.ts';
import type { Desired, WriteBackTarget } from '../../../src/domain/write-back.ts';
import { bringHome, deliverAll, writeBackFor } from './bring-home.ts';
import { startVicidialFixture, untilOver, type VicidialFixture } from './vicidial-fixture.ts';

let site: VicidialFixture;
beforeAll(async () => {
  site = await startVicidialFixture();
});
afterAll(() => site.stop());

/** An opt-out told on another dialer: VICIdial knows no call of it. */
const elsewhere = (phone: string): WriteBackTarget => ({
  ...{ campaign: '', list: '', leadKey: '', callKey: '', number: '', agent: '' },
  phone,
  calledAt: new Date(site.clock.now()).toISOString(),
});
const optOut = (phones: string[], leads: number[]): Desired => ({
  aspect: 'dnc',
  phones,
  leads: leads.map(String),
  listed: true,
});

async function deliver(target: WriteBackTarget, desired: Desired) {
  const row = writeBackFor(target, desired);
  return (await bringHome(site, [row])).get(row.id);
}
async function once(target: WriteBackTarget, desired: Desired) {
  const row = writeBackFor(target, desired);
  return (await deliverAll(site, [row])).get(row.id);
}
async function statusOf(leadId: number) {
  return (await site.simulator.state({ leadId })).lead?.status;
}
async function addLead(phone: string, columns: Record<string, string> = {}) {
  const leadId = await site.addLead({ phone });
  for (const [column, value] of Object.entries(columns)) {
    await site.sql(`UPDATE vicidial_list SET ${column} = ? WHERE lead_id = ?`, [value, leadId]);
  }
  return leadId;
}
async function listed(...numbers: string[]) {
  const rows = await site.sql('SELECT phone_number FROM vicidial_dnc WHERE phone_number IN (?) ORDER BY 1', [
    numbers as never,
  ]);
  return rows.map(({ phone_number }) => phone_number);
}
/** Lets so many requests through that change something, before a pause comes. */
function pausedAfter(requests: number): Hold {
  let asked = 0;
  const isPaused = () => {
    asked += 1;
    return asked > requests;
  };
  return { isOurs: () => true, isPaused };
}
async function cutAfter(requests: number, target: WriteBackTarget, desired: Desired) {
  const row = writeBackFor(target, desired);
  return (await site.dialer.deliver([row], async () => undefined, pausedAfter(requests))).get(row.id);
}
const writesTo = async (leadId: number) =>
  (await site.journal()).filter(({ by, record }) => by === 'api' && record === String(leadId)).length;

describe('an opt-out', () => {
  it('gives the other leads of the person the status of their campaign, each once', async () => {
    const fresh = await addLead('7205558101');
    const stopped = await addLead('7205558101', { status: 'DNCL' });
    const sold = await addLead('7205558101', { status: 'SALE', user: 'anna' });

    const wish = optOut(['+17205558101'], [fresh, stopped, sold]);
    const answer = await deliver(elsewhere('+17205558101'), wish);
    const again = await deliver(elsewhere('+17205558101'), wish);

    expect(await Promise.all([fresh, stopped, sold].map(statusOf))).toEqual(['DNC', 'DNCL', 'SALE']);
    expect(await Promise.all([fresh, stopped, sold].map(writesTo))).toEqual([1, 0, 0]);
    expect(answer).toEqual({
      kind: 'done',
      note: `SYSTEM_INTERNAL: 1 added and read back; lead ${fresh} set from NEW to DNC; lead ${stopped} has DNCL; lead ${sold} left at SALE, which an agent set`,
    });
    expect(again).toMatchObject({ kind: 'done', note: expect.stringContaining('1 listed already') });
  });

  it('lists alternate numbers as their leads have them, though no lead has them as its main one', async () => {
    const lead = await addLead('7205558201', { alt_phone: '17205558202' });
    await site.sql(
      "INSERT INTO vicidial_list_alt_phones SET lead_id = ?, phone_code = '1', phone_number = '720-555-8203', alt_phone_count = 1",
      [lead],
    );

    await deliver(elsewhere('+17205558201'), optOut(['+17205558201', '+17205558202', '+17205558203'], [lead]));

    expect(await listed('7205558201', '7205558202', '17205558202', '7205558203')).toEqual([
      '17205558202',
      '7205558201',
      '7205558203',
    ]);
  });

  it('lists the numbers at once, and waits for a lead that has a call', async () => {
    const leadId = await addLead('7205558301');
    await site.placeCall(leadId, { talkSec: 60 });
    const wish = optOut(['+17205558301'], [leadId]);

    const during = await once(elsewhere('+17205558301'), wish);
    const listedDuring = await listed('7205558301');
    await untilOver(site.simulator, site.pass);
    await deliver(elsewhere('+17205558301'), wish);

    expect(during).toMatchObject({
      ...{ kind: 'notYet', inDoubt: true },
      why: expect.stringContaining('a call that goes on'),
    });
    expect(listedDuring).toEqual(['7205558301']);
    expect(await statusOf(leadId)).toBe('DNC');
  });

  it('takes a callback of ours off the lead, which would bring it back', async () => {
    const leadId = await addLead('7205558401', { status: 'CBHOLD' });
    await site.sql(
      "INSERT INTO vicidial_callbacks SET lead_id = ?, list_id = 101, campaign_id = 'SPRING', status = 'ACTIVE', user = '', recipient = 'ANYONE', callback_time = '2026-12-24 10:00:00'",
      [leadId],
    );

    await deliver(elsewhere('+17205558401'), optOut(['+17205558401'], [leadId]));

    const { lead, callbacks } = await site.simulator.state({ leadId });
    expect([lead?.status, callbacks]).toEqual(['DNC', []]);
  });

  it('tries again what could not be proven, and does nothing twice', async () => {
    const [one, two] = [await addLead('7205558501'), await addLead('7205558501')];
    await site.loseNextAnswer();

    const answer = await deliver(elsewhere('+17205558501'), optOut(['+17205558501'], [one, two]));

    expect(answer?.kind).toBe('done');
    expect(await Promise.all([one, two].map(writesTo))).toEqual([1, 1]);
    expect(await listed('7205558501')).toHaveLength(1);
  });

  it('that a pause cuts between two entries is in doubt, and only where one was made', async () => {
    const phones = ['+17205558701', '+17205558702'];
    const held = await cutAfter(0, elsewhere('+17205558701'), optOut(phones, []));
    const cut = await cutAfter(1, elsewhere('+17205558701'), optOut(phones, []));
    const listedThen = await listed('7205558701', '7205558702');
    const undone = await deliver(elsewhere('+17205558701'), { aspect: 'dnc', phones, listed: false });

    expect(held).toMatchObject({ kind: 'retry', why: 'write-backs are paused' });
    expect(held).not.toHaveProperty('inDoubt');
    expect(cut).toMatchObject({ kind: 'notYet', why: 'write-backs are paused', inDoubt: true });
    expect(listedThen).toEqual(['7205558701']);
    expect(undone).toMatchObject({ kind: 'done', note: expect.stringContaining('1 taken off') });
    expect(await listed('7205558701', '7205558702')).toEqual([]);
  });

  it('that is undone leaves an entry that was there before it', async () => {
    await site.sql("INSERT INTO vicidial_dnc SET phone_number = '7205558602'", []);
    const phones = ['+17205558601', '+17205558602'];
    await deliver(elsewhere('+17205558601'), optOut(phones, []));

    const answer = await deliver(elsewhere('+17205558601'), { aspect: 'dnc', phones, listed: false });

    expect(await listed('7205558601', '7205558602')).toEqual(['7205558602']);
    expect(answer).toEqual({
      kind: 'done',
      note: 'SYSTEM_INTERNAL: 1 taken off, 1 left: listed before us',
    });
  });
});
