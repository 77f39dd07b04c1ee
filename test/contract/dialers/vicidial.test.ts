import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desired, WriteBackTarget } from '../../../src/domain/write-back.ts';
import { bringHome, writeBackFor } from './bring-home.ts';
import { describeDialerContract } from './dialer-contract.ts';
import { startVicidialFixture, untilOver, type VicidialFixture, withChecks } from './vicidial-fixture.ts';

/** What asks the dialer whatever is configured; the doubtful campaign of this site makes others fail, as it should. */
const asking = [
  'database.reachable',
  'database.tables',
  'api.reachable',
  'api.login',
  'api.rights',
  'clock.zone',
  'lines.ready',
];

describeDialerContract('vicidial', {
  async start() {
    const fixture = await startVicidialFixture();
    return { ...fixture, dialer: withChecks(fixture.dialer, asking) };
  },
});

describe('vicidial', () => {
  let vicidial: VicidialFixture;
  beforeAll(async () => {
    vicidial = await startVicidialFixture();
  });
  afterAll(() => vicidial.stop());

  const sale: Desired = { aspect: 'disposition', disposition: 'SALE', outcome: 'sale' };
  const deliverOne = async (target: WriteBackTarget, desired: Desired) => {
    const row = writeBackFor(target, desired);
    return (await bringHome(vicidial, [row])).get(row.id);
  };
  const stateOf = (target: WriteBackTarget) => vicidial.simulator.state({ leadId: Number(target.leadKey) });
  const settled = () => untilOver(vicidial.simulator, vicidial.pass);

  it('sets lead and log of a call that is over', async () => {
    const target = await vicidial.endedCall();

    const answer = await deliverOne(target, sale);

    const { lead, logs } = await stateOf(target);
    expect(answer).toEqual({ kind: 'done', note: 'read back' });
    expect(lead?.status).toBe('SALE');
    expect(logs[0]).toMatchObject({ status: 'SALE', caller_code: target.callKey });
  });

  it('waits while the call goes on, and writes nothing', async () => {
    const target = await vicidial.placeCall(await vicidial.addLead(), { talkSec: 60 });
    await vicidial.pass(10);
    const row = writeBackFor(target, sale);

    const early = (await vicidial.dialer.deliver([row])).get(row.id);
    const writtenEarly = (await vicidial.journal()).some(({ by, record }) => by === 'api' && record === target.leadKey);
    const answer = await deliverOne(target, sale);

    expect(early).toMatchObject({ kind: 'notYet', why: 'the call is still going on' });
    expect(writtenEarly).toBe(false);
    expect(answer?.kind).toBe('done');
  });

  it('replaces the DROP of a call that ended before the daemon had noticed it', async () => {
    const target = await vicidial.placeCall(await vicidial.addLead(), { talkSec: 3, noticeSec: 9 });
    await settled();
    const before = await stateOf(target);

    const answer = await deliverOne(target, sale);

    const after = await stateOf(target);
    expect([before.lead?.status, before.logs[0]?.status]).toEqual(['DROP', 'DROP']);
    expect(answer?.kind).toBe('done');
    expect([after.lead?.status, after.logs[0]?.status]).toEqual(['SALE', 'SALE']);
  });

  it('writes anew when the daemon puts XFER over the status', async () => {
    const target = await vicidial.endedCall();
    const row = writeBackFor(target, sale);
    const first = (await vicidial.dialer.deliver([row])).get(row.id);
    await vicidial.sql("UPDATE vicidial_list SET status = 'XFER', user = '7001' WHERE lead_id = ?", [target.leadKey]);

    const receipt = first?.kind === 'submitted' ? first.receipt : '';
    const recheck = (await vicidial.dialer.confirm?.(receipt, [row]))?.get(row.id);
    const answer = await deliverOne(target, sale);

    expect(receipt).toBe('recheck:SALE:log');
    expect(recheck).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(answer?.kind).toBe('done');
    expect((await stateOf(target)).lead?.status).toBe('SALE');
  });

  it("leaves a human agent's disposition alone, and reports it", async () => {
    const human = { status: 'NI', user: 'anna', afterSec: 60 };
    const target = await vicidial.placeCall(await vicidial.addLead(), { talkSec: 20, human });
    await settled();

    const answer = await deliverOne(target, sale);
    const callback = await deliverOne(target, vicidial.desired('callback', target));

    expect(answer).toMatchObject({ kind: 'overtaken', disposition: 'NI', by: 'anna' });
    expect(callback?.kind).toBe('overtaken');
    const { lead, logs, callbacks } = await stateOf(target);
    expect(lead?.status).toBe('NI');
    expect(logs.map(({ status }) => status)).toEqual(['NI', 'XFER']);
    expect(callbacks).toEqual([]);
  });

  it('touches neither lead nor log of a lead that was dialled again', async () => {
    const leadId = await vicidial.addLead();
    const target = await vicidial.placeCall(leadId, { talkSec: 20 });
    await settled();
    await vicidial.placeCall(leadId, { notAnswered: 'NA' });
    await settled();

    const answer = await deliverOne(target, sale);

    const { lead, logs } = await stateOf(target);
    expect(answer).toEqual({ kind: 'done', note: 'redialled' });
    expect(lead?.status).toBe('NA');
    expect(logs.map(({ status }) => status)).toEqual(['NA', 'XFER']);
  });

  it('puts the log of a newer call back when it was hit in between', async () => {
    const leadId = await vicidial.addLead();
    const target = await vicidial.placeCall(leadId, { talkSec: 20 });
    await settled();
    await vicidial.placeCall(leadId, { notAnswered: 'NA' });
    await settled();
    // Its start as the connector sees it is not newer, so only the uniqueid of the answer can tell.
    await vicidial.sql('UPDATE vicidial_log SET start_epoch = 1 WHERE lead_id = ? AND status = ?', [leadId, 'NA']);

    const answer = await deliverOne(target, sale);

    expect(answer).toEqual({ kind: 'done', note: 'redialled' });
    expect((await stateOf(target)).logs.map(({ status }) => status)).toEqual(['NA', 'XFER']);
  });

  it('makes one callback, in server-local time, and holds the lead for it', async () => {
    const target = await vicidial.endedCall();
    const at = '2026-11-30T16:30:00.000Z';
    const wishes: Desired[] = [
      { aspect: 'callback', at, note: 'After 9; ask for "Ada"' },
      { aspect: 'disposition', disposition: 'CALLBK', outcome: 'callback', callbackAt: at },
    ];

    const answers = await bringHome(
      vicidial,
      wishes.map((wish) => writeBackFor(target, wish)),
    );

    const { lead, logs, callbacks } = await stateOf(target);
    expect([...answers.values()].map(({ kind }) => kind)).toEqual(['done', 'done']);
    expect(callbacks).toHaveLength(1);
    expect(callbacks[0]).toMatchObject({
      callback_time: '2026-11-30 09:30:00',
      campaign_id: 'SPRING',
      recipient: 'ANYONE',
      lead_status: 'CALLBK',
      comments: 'After 9 ask for Ada',
    });
    expect([lead?.status, logs[0]?.status]).toEqual(['CBHOLD', 'CALLBK']);
  });

  it('takes its own callback back, and leaves the one of a human', async () => {
    const [ours, theirs] = [await vicidial.endedCall(), await vicidial.endedCall()];
    for (const target of [ours, theirs]) await deliverOne(target, vicidial.desired('callback', target));
    await vicidial.sql("UPDATE vicidial_callbacks SET user = 'anna' WHERE lead_id = ?", [theirs.leadKey]);
    const undo: Desired = { aspect: 'callback', at: null, note: '' };

    const answers = [await deliverOne(ours, undo), await deliverOne(theirs, undo)];

    expect(answers.map((answer) => answer?.kind)).toEqual(['done', 'done']);
    expect((await stateOf(ours)).callbacks).toEqual([]);
    expect((await stateOf(theirs)).callbacks).toHaveLength(1);
  });

  it("lists a number in the lead's own form, on every configured list, and takes it off again", async () => {
    const dialer = vicidial.connect((config) => {
      config.dnc = { system: true, campaigns: ['SPRING'] };
    });
    const target = await vicidial.endedCall();
    const run = { ...vicidial, dialer };
    const dnc = (listed: boolean): Desired => ({ aspect: 'dnc', phones: [target.phone, '+17205559999'], listed });

    await bringHome(run, [writeBackFor(target, dnc(true))]);
    const listed = [await stateOf(target), await vicidial.simulator.state({ phone: '7205559999' })];
    await bringHome(run, [writeBackFor(target, dnc(false))]);

    expect(listed.map(({ dncLists }) => dncLists)).toEqual([
      ['SYSTEM_INTERNAL', 'SPRING'],
      ['SYSTEM_INTERNAL', 'SPRING'],
    ]);
    expect((await stateOf(target)).dncLists).toEqual([]);
  });

  it('writes columns and custom fields, and refuses a field that the list lacks', async () => {
    const target = await vicidial.endedCall();

    const good = await deliverOne(target, {
      aspect: 'fields',
      fields: { ai_summary: 'Line one;\nline "two"', comments: 'é+\\', city: 'Zürich' },
    });
    const onlyCustom = await deliverOne(target, { aspect: 'fields', fields: { plan: 'gold' } });
    const unknown = await deliverOne(target, { aspect: 'fields', fields: { no_such: 'x' } });
    const steering = await deliverOne(target, { aspect: 'fields', fields: { status: 'SALE' } });

    const { lead, custom } = await stateOf(target);
    expect([good, onlyCustom].map((answer) => answer?.kind)).toEqual(['done', 'done']);
    expect(custom).toMatchObject({ ai_summary: "Line one,\nline 'two'", plan: 'gold' });
    expect(lead).toMatchObject({ comments: 'é', city: 'Zurich', status: 'XFER' });
    expect([unknown, steering].map((answer) => answer?.kind)).toEqual(['refused', 'refused']);
  });

  it('finds the one lead of a number for a mirrored disposition, and refuses where there are two', async () => {
    const phones = { one: '7205558801', two: '7205558802' };
    const leadId = await vicidial.addLead({ phone: phones.one });
    for (let index = 0; index < 2; index += 1) await vicidial.addLead({ phone: phones.two });
    await vicidial.pass(60);
    const mirrored = (phone: string): WriteBackTarget => ({
      ...{ campaign: 'SPRING', list: '', leadKey: '', callKey: '', agent: '' },
      ...{ number: phone, phone: `+1${phone}`, calledAt: new Date(vicidial.clock.now() - 5000).toISOString() },
    });

    const answers = [await deliverOne(mirrored(phones.one), sale), await deliverOne(mirrored(phones.two), sale)];

    expect(answers.map((answer) => answer?.kind)).toEqual(['done', 'refused']);
    expect((await vicidial.simulator.state({ leadId })).lead?.status).toBe('SALE');
  });

  it('reads names in both ways that they are stored, zero dates, other numbers and custom fields', async () => {
    const leadId = await vicidial.addLead({
      phone: '7205558901',
      stored: 'latin1',
      columns: { first_name: 'Søren', date_of_birth: '0000-00-00', alt_phone: '7205558902' },
      custom: { plan: 'gold' },
      altPhones: ['7205558903', 'none'],
    });
    const noNumber = await vicidial.addLead({ phone: '12' });

    const pages = [];
    for (let cursor = 'full:101:0'; cursor; cursor = pages.at(-1)?.cursor ?? '') {
      const page = await vicidial.dialer.readLeads?.(cursor, AbortSignal.timeout(5000));
      if (!page) break;
      pages.push(page);
    }

    const leads = pages.flatMap((page) => page.leads);
    expect(leads.find(({ key }) => key === String(leadId))).toMatchObject({
      campaign: 'SPRING',
      list: '101',
      phones: ['+17205558901', '+17205558902', '+17205558903'],
      fields: { first_name: 'Søren', plan: 'gold' },
    });
    expect(leads.find(({ key }) => key === String(leadId))?.fields).not.toHaveProperty('date_of_birth');
    expect(leads.find(({ key }) => key === '1003')?.fields.first_name).toBe('Chloë');
    expect(leads.map(({ key }) => key)).not.toContain(String(noNumber));
    expect(pages.map(({ rejects }) => rejects['no usable number'] ?? 0).reduce((a, b) => a + b)).toBe(1);
  });

  it('reads letters that latin1 lacks out of a table that is kept in UTF-8', async () => {
    await vicidial.sql('ALTER TABLE custom_101 CONVERT TO CHARACTER SET utf8mb4', []);
    await vicidial.sql('REPLACE INTO custom_101 SET lead_id = 1001, plan = ?', ['Łódź']);
    const sighting = vicidial.dialer.recogniseCall?.(vicidial.ownCall.variables);

    const lead = sighting && (await vicidial.dialer.findLead?.(sighting, AbortSignal.timeout(5000)));

    expect(lead?.fields.plan).toBe('Łódź');
  });

  it('asks no second time after a wrong password', async () => {
    const denied = await vicidial.withWrongPassword();
    const row = writeBackFor(await vicidial.endedCall(), sale);

    const answers = [await denied.deliver([row]), await denied.deliver([row])].map((each) => each.get(row.id));

    expect(answers).toMatchObject([{ kind: 'retry' }, { kind: 'retry' }]);
    const [user] = await vicidial.sql('SELECT failed_login_count FROM vicidial_users WHERE user = ?', ['patchbay']);
    expect(user?.failed_login_count).toBe(1);
  });

  it('takes the Start Call URL as a notice of the call', async () => {
    const [route] = vicidial.dialer.routes ?? [];
    const query = {
      call_id: 'V1200959590000001001',
      uniqueid: '1.7',
      user: '7001',
      campaign: 'SPRING',
      lead_id: '1001',
    };
    const ask = (values: Record<string, string>) =>
      route?.handle({ method: 'GET', params: {}, query: values, headers: {}, body: Buffer.alloc(0) });

    const answers = [await ask(query), await ask({ call_id: '--A--call_id--B--' })];

    expect(answers.map((answer) => answer?.body)).toEqual(['ok c0rre1at10n1d0\n', 'unknown\n']);
    expect(vicidial.sightings).toMatchObject([{ leg: { leadKey: '1001', agent: '7001', campaign: 'SPRING' } }]);
  });
});
