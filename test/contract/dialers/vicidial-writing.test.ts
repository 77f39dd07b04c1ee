import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dialer } from '../../../src/domain/dialer.ts';
import type { Desired, WriteBackTarget } from '../../../src/domain/write-back.ts';
import { bringHome, deliverAll, writeBackFor } from './bring-home.ts';
import { startVicidialFixture, untilOver, type VicidialFixture } from './vicidial-fixture.ts';

const sale: Desired = { aspect: 'disposition', disposition: 'SALE', outcome: 'sale' };
const fields = (values: Record<string, string>): Desired => ({ aspect: 'fields', fields: values });
const long = 'A long word about what the customer wants – and why. '.repeat(9).trim();

let site: VicidialFixture;
beforeAll(async () => {
  site = await startVicidialFixture();
});
afterAll(() => site.stop());

const stateOf = (target: WriteBackTarget) => site.simulator.state({ leadId: Number(target.leadKey) });
const settled = () => untilOver(site.simulator, site.pass);
async function deliver(target: WriteBackTarget, desired: Desired, dialer: Dialer = site.dialer) {
  const row = writeBackFor(target, desired);
  return (await bringHome({ ...site, dialer }, [row])).get(row.id);
}
async function once(target: WriteBackTarget, desired: Desired, dialer: Dialer = site.dialer) {
  const row = writeBackFor(target, desired);
  return (await deliverAll({ ...site, dialer }, [row])).get(row.id);
}
const apiEffects = async ({ leadKey }: WriteBackTarget) =>
  (await site.journal()).filter(({ by, record }) => by === 'api' && record === leadKey).map(({ kind }) => kind);

describe('a batch', () => {
  it('costs a web server that answers nothing some time-outs at once, and not one for each row', async () => {
    const calledAt = new Date(site.clock.now()).toISOString();
    const none = { campaign: 'SPRING', list: '101', callKey: '', agent: '', number: '', phone: '', calledAt };
    const leads: number[] = [];
    for (let count = 0; count < 16; count += 1) leads.push(await site.addLead());
    const rows = leads.map((lead) => writeBackFor({ ...none, leadKey: String(lead) }, sale));
    const dialer = site.connect((config) => {
      config.api = { ...(config.api as object), timeoutMs: 400 };
    });
    // The log-in is known to be right from then on.
    await once({ ...none, leadKey: '1001' }, sale, dialer);

    site.simulator.fault({ kind: 'slow', times: 1000, ms: 2000 });
    const answers = [...(await dialer.deliver(rows)).values()];
    site.simulator.fault({ kind: 'none' });

    const sent = answers.filter((answer) => answer.kind === 'retry' && answer.inDoubt);
    const kept = answers.filter((answer) => answer.kind === 'retry' && !answer.inDoubt && !answer.lateMs);
    expect(sent.length).toBeGreaterThan(0);
    // Four at once, and those that went on before the fourth was given up.
    expect(sent.length).toBeLessThanOrEqual(8);
    expect(sent.length + kept.length).toBe(rows.length);
  });
});

describe('a disposition', () => {
  it('reaches a lead that was archived in the meantime', async () => {
    const target = await site.endedCall();
    await site.simulator.archiveLeads([Number(target.leadKey)]);
    // Which tables there are is looked up every ten minutes.
    await site.pass(601);

    const answer = await deliver(target, sale);

    expect(answer?.kind).toBe('done');
    const rows = await site.sql('SELECT status FROM vicidial_list_archive WHERE lead_id = ?', [target.leadKey]);
    expect(rows).toEqual([{ status: 'SALE' }]);
  });

  it('is refused for a lead that was deleted', async () => {
    const target = await site.endedCall();
    await site.sql('DELETE FROM vicidial_list WHERE lead_id = ?', [target.leadKey]);

    const answer = await deliver(target, sale);

    expect(answer).toMatchObject({ kind: 'refused', why: 'VICIdial has no such lead' });
  });

  it('reaches a lead that was moved to another list, and a lead id of ten digits', async () => {
    const target = await site.placeCall(await site.addLead({ leadId: 4_100_000_777, phone: '7205557701' }), {
      talkSec: 20,
      leadId: 4_100_000_777,
    });
    const big = { ...target, leadKey: '4100000777' };
    await settled();
    await site.sql('UPDATE vicidial_list SET list_id = 999 WHERE lead_id = ?', [big.leadKey]);

    const answer = await deliver(big, sale);

    expect(answer).toEqual({ kind: 'done', note: 'read back' });
    const { lead, logs } = await stateOf(big);
    expect([lead?.status, logs[0]?.status]).toEqual(['SALE', 'SALE']);
  });

  it('takes a lead out of the hopper that nobody shall dial again, and leaves others in', async () => {
    const [final, retried] = [await site.endedCall(), await site.endedCall()];
    for (const { leadKey } of [final, retried]) {
      await site.sql("INSERT INTO vicidial_hopper SET lead_id = ?, campaign_id = 'SPRING', list_id = 101", [leadKey]);
    }

    await deliver(final, sale);
    await deliver(retried, { aspect: 'disposition', disposition: 'NA', outcome: 'no_answer' });

    const left = await site.sql('SELECT lead_id FROM vicidial_hopper WHERE lead_id IN (?, ?)', [
      final.leadKey,
      retried.leadKey,
    ]);
    expect(left.map(({ lead_id }) => String(lead_id))).toEqual([retried.leadKey]);
  });

  it('that a pause cuts between the lead and its log is in doubt: what replaces it is written whatever was before', async () => {
    const target = await site.endedCall();
    const row = writeBackFor(target, sale);
    let asked = 0;
    const isPaused = () => {
      asked += 1;
      return asked > 1;
    };

    const answer = (await site.dialer.deliver([row], async () => undefined, { isOurs: () => true, isPaused })).get(
      row.id,
    );

    expect(answer).toMatchObject({ kind: 'notYet', why: 'write-backs are paused', inDoubt: true });
    expect((await stateOf(target)).lead?.status).toBe('SALE');
  });

  it("finds its log by the lead where another server's call has the same uniqueid", async () => {
    const target = await site.endedCall();
    const { logs } = await stateOf(target);
    const uniqueid = String(logs[0]?.uniqueid);
    await site.sql(
      "INSERT INTO vicidial_closer_log SET lead_id = 1003, uniqueid = ?, campaign_id = 'SALESLINE', status = 'NI', start_epoch = 1, end_epoch = 2, call_date = '2026-11-20 10:00:00'",
      [uniqueid],
    );

    const answer = await deliver(target, sale);

    expect(answer).toEqual({ kind: 'done', note: 'read back' });
    expect((await stateOf(target)).logs[0]?.status).toBe('SALE');
    const others = await site.sql('SELECT status FROM vicidial_closer_log WHERE lead_id = 1003', []);
    expect(others).toEqual([{ status: 'NI' }]);
  });
});

describe('a callback', () => {
  const callback = (at: string): Desired => ({ aspect: 'callback', at, note: 'call' });
  const timeOf = async (target: WriteBackTarget) => (await stateOf(target)).callbacks.map((each) => each.callback_time);

  it.each([
    ['before the clock goes back', '2027-11-07T06:30:00.000Z', '2027-11-07 00:30:00'],
    ['in the first of the two hours', '2027-11-07T07:30:00.000Z', '2027-11-07 01:30:00'],
    [
      'in the second of them, which the dialer would take for the first',
      '2027-11-07T08:30:00.000Z',
      '2027-11-07 02:00:00',
    ],
    ['right after them', '2027-11-07T09:00:00.000Z', '2027-11-07 02:00:00'],
    ['after the hour that spring leaves out', '2027-03-14T09:15:00.000Z', '2027-03-14 03:15:00'],
  ])('%s is never due early', async (_name, at, text) => {
    const target = await site.endedCall();

    const answer = await deliver(target, callback(at));

    expect(answer?.kind).toBe('done');
    expect(await timeOf(target)).toEqual([text]);
  });

  it('goes to the campaign of the list where the call names none, as an inbound one', async () => {
    const target = { ...(await site.endedCall()), campaign: 'SALESLINE' };

    const answer = await deliver(target, callback('2026-12-24T17:00:00.000Z'));

    expect(answer?.kind).toBe('done');
    expect((await stateOf(target)).callbacks).toMatchObject([{ campaign_id: 'SPRING' }]);
  });

  it('is refused without a campaign, and leaves the lead as it was', async () => {
    const target = { ...(await site.endedCall()), campaign: 'NOSUCH' };
    await site.sql('UPDATE vicidial_list SET list_id = 998 WHERE lead_id = ?', [target.leadKey]);

    const answer = await deliver(target, callback('2026-12-24T17:00:00.000Z'));

    expect(answer).toMatchObject({ kind: 'refused', why: 'VICIdial has no campaign NOSUCH for the callback' });
    expect((await stateOf(target)).lead?.status).toBe('XFER');
    expect(await apiEffects(target)).toEqual([]);
  });

  it('that fell due and is moved becomes one that the hopper looks for', async () => {
    const target = await site.endedCall();
    await deliver(target, callback('2026-12-24T17:00:00.000Z'));
    await site.sql("UPDATE vicidial_callbacks SET status = 'LIVE' WHERE lead_id = ?", [target.leadKey]);

    const answer = await deliver(target, callback('2026-12-25T17:00:00.000Z'));

    expect(answer?.kind).toBe('done');
    expect((await stateOf(target)).callbacks).toMatchObject([
      { status: 'ACTIVE', callback_time: '2026-12-25 10:00:00' },
    ]);
  });

  it('that is taken back together with a new status lets the lead go in the same request', async () => {
    const target = await site.endedCall();
    await deliver(target, callback('2026-12-24T17:00:00.000Z'));
    const before = (await apiEffects(target)).length;
    const rows = [
      writeBackFor(target, { aspect: 'callback', at: null, note: '' }),
      writeBackFor(target, { aspect: 'disposition', disposition: 'DNC', outcome: 'opt_out' }),
    ];

    const answers = await bringHome(site, rows);

    expect([...answers.values()].map(({ kind }) => kind)).toEqual(['done', 'done']);
    expect((await apiEffects(target)).slice(before)).toEqual(['disposition', 'callback-removed', 'log']);
    expect((await stateOf(target)).lead?.status).toBe('DNC');
  });

  it('is refused for an archived lead', async () => {
    const target = await site.endedCall();
    await site.simulator.archiveLeads([Number(target.leadKey)]);
    await site.pass(601);

    const answer = await deliver(target, callback('2026-12-24T17:00:00.000Z'));

    expect(answer).toMatchObject({ kind: 'refused', why: expect.stringContaining('archived') });
  });
});

describe('a DNC entry', () => {
  const optOut = (...phones: string[]): Desired => ({ aspect: 'dnc', phones, listed: true });
  const listed = async (...numbers: string[]) =>
    (
      await site.sql('SELECT phone_number FROM vicidial_dnc WHERE phone_number IN (?) ORDER BY 1', [numbers as never])
    ).map(({ phone_number }) => phone_number);

  it('takes every form in which some lead holds the number', async () => {
    const target = await site.placeCall(await site.addLead({ phone: '7205556601' }), { talkSec: 5 });
    await site.addLead({ phone: '17205556601' });
    await settled();

    await deliver(target, optOut('+17205556601'));

    expect(await listed('7205556601', '17205556601')).toEqual(['17205556601', '7205556601']);
  });

  it('takes an alternate number as it was dialled', async () => {
    const target = { ...(await site.endedCall()), number: '17205556602', phone: '+17205556602' };

    await deliver(target, optOut('+17205556602'));

    expect(await listed('7205556602', '17205556602')).toEqual(['17205556602']);
  });

  it('of one list that does not exist is refused, and the others are made', async () => {
    const dialer = site.connect((config) => {
      config.dnc = { system: true, campaigns: ['NOSUCH', 'SPRING'] };
    });
    const target = await site.endedCall();

    const answer = await deliver(target, optOut(target.phone), dialer);

    // An undo must take the others off again.
    expect(answer).toMatchObject({ kind: 'refused', inDoubt: true, hint: expect.stringContaining('dnc.campaigns') });
    expect((await stateOf(target)).dncLists).toEqual(['SYSTEM_INTERNAL', 'SPRING']);
  });

  it('that can not be made holds up no other', async () => {
    const target = await site.endedCall();

    const answer = await deliver(target, optOut('+123', target.phone));

    expect(answer).toMatchObject({ kind: 'refused', why: expect.stringContaining('6 digits') });
    expect((await stateOf(target)).dnc).toBe(true);
  });

  it('is refused with what to do where the release is too old', async () => {
    const target = await site.endedCall();
    site.simulator.fault({ kind: 'oldRelease', build: 190101 });
    const answer = await once(target, optOut(target.phone)).finally(() => site.comeUp());

    expect(answer).toMatchObject({ kind: 'refused', why: 'this release of VICIdial has no add_dnc_phone' });
    expect(answer).not.toHaveProperty('inDoubt');
    expect(answer).toMatchObject({ hint: expect.stringContaining('admin pages') });
  });
});

describe('an old release', () => {
  it('without update_log_entry still gets the status into the lead', async () => {
    const target = await site.endedCall();
    site.simulator.fault({ kind: 'oldRelease', build: 110101 });

    const answer = await deliver(target, sale).finally(() => site.comeUp());

    expect(answer).toEqual({ kind: 'done', note: 'read back' });
    const { lead, logs } = await stateOf(target);
    expect([lead?.status, logs[0]?.status]).toEqual(['SALE', 'XFER']);
  });

  it('without update_lead is told to be upgraded', async () => {
    const target = await site.endedCall();
    site.simulator.fault({ kind: 'oldRelease', build: 100101 });

    const answer = await once(target, sale).finally(() => site.comeUp());

    expect(answer).toMatchObject({ kind: 'refused', hint: 'The release is too old. Upgrade VICIdial.' });
  });
});

describe('fields', () => {
  it('are cut to what the list defines, and are there without a second write', async () => {
    await site.sql("UPDATE vicidial_lists_fields SET field_max = 8 WHERE list_id = 101 AND field_label = 'plan'", []);
    const target = await site.endedCall();
    const wish = fields({ plan: 'gold – and more', ai_summary: long });

    const first = await deliver(target, wish);
    const second = await deliver(target, wish);

    expect([first, second]).toEqual([
      { kind: 'done', note: 'read back' },
      { kind: 'done', note: 'was so already' },
    ]);
    // A dash is three bytes in UTF-8, and none of it is cut in two.
    expect((await stateOf(target)).custom).toMatchObject({ plan: 'gold –', ai_summary: long });
    await site.sql("UPDATE vicidial_lists_fields SET field_max = 255 WHERE field_label = 'plan'", []);
  });

  it('that the list has are written, also when another one is unknown, which is told', async () => {
    const target = await site.endedCall();

    const answer = await deliver(target, fields({ plan: 'gold', no_such: 'x', comments: 'hello' }));

    expect(answer).toMatchObject({ kind: 'refused', why: 'list 101 has no custom field no_such' });
    const { custom, lead } = await stateOf(target);
    expect([custom.plan, lead?.comments]).toEqual(['gold', 'hello']);
  });

  it('that only show something are as good as unknown', async () => {
    await site.sql("UPDATE vicidial_lists_fields SET field_type = 'DISPLAY' WHERE field_label = 'plan'", []);
    const target = await site.endedCall();

    const answer = await deliver(target, fields({ plan: 'gold' }));
    await site.sql("UPDATE vicidial_lists_fields SET field_type = 'TEXT' WHERE field_label = 'plan'", []);

    expect(answer).toMatchObject({ kind: 'refused', why: 'list 101 has no custom field plan' });
  });

  it('go to the list that the lead names for its fields', async () => {
    await site.sql('CREATE TABLE custom_555 LIKE custom_101', []);
    await site.sql("INSERT INTO vicidial_lists_fields SET list_id = 555, field_label = 'plan', field_max = 50", []);
    const target = await site.endedCall();
    await site.sql('UPDATE vicidial_list SET entry_list_id = 555 WHERE lead_id = ?', [target.leadKey]);

    const answer = await deliver(target, fields({ plan: 'silver' }));

    expect(answer?.kind).toBe('done');
    const rows = await site.sql('SELECT plan FROM custom_555 WHERE lead_id = ?', [target.leadKey]);
    expect(rows).toEqual([{ plan: 'silver' }]);
  });

  it('put a text that comments are too short for into notesField whole, and cut it there', async () => {
    const dialer = site.connect((config) => {
      config.notesField = 'ai_summary';
    });
    const [longer, shorter] = [await site.endedCall(), await site.endedCall()];

    await deliver(longer, fields({ comments: long }), dialer);
    await deliver(shorter, fields({ comments: 'short' }), dialer);

    const { lead, custom } = await stateOf(longer);
    expect(custom.ai_summary).toBe(long);
    expect(long.startsWith(String(lead?.comments))).toBe(true);
    expect(Buffer.byteLength(String(lead?.comments))).toBeLessThanOrEqual(255);
    expect((await stateOf(shorter)).custom).toEqual({});
  });

  it('are written to comments all the same where the list lacks notesField', async () => {
    const dialer = site.connect((config) => {
      config.notesField = 'elsewhere';
    });
    const target = await site.endedCall();

    const answer = await deliver(target, fields({ comments: long }), dialer);

    expect(answer?.kind).toBe('done');
    expect(String((await stateOf(target)).lead?.comments)).toMatch(/^A long word/);
  });

  it('never empty what is there, and never carry a command into the Start Call URL', async () => {
    const target = await site.endedCall();
    await deliver(target, fields({ comments: "Don't call `id` $(id) $HOME for $100 | now" }));
    await deliver(target, fields({ comments: '""' }));

    expect((await stateOf(target)).lead?.comments).toBe('Don’t call ’id’ (id) HOME for $100 now');
  });
});
