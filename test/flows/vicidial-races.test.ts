import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import type { Dialer } from '../../src/domain/dialer.ts';
import type { Desired, WriteBack, WriteBackTarget } from '../../src/domain/write-back.ts';
import { type ApiGate, startApiGate } from '../contract/dialers/api-gate.ts';
import { bringHome, deliverAll, writeBackFor } from '../contract/dialers/bring-home.ts';
import { startVicidialFixture, untilOver, type VicidialFixture } from '../contract/dialers/vicidial-fixture.ts';
import { eventually } from '../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const sale: Desired = { aspect: 'disposition', disposition: 'SALE', outcome: 'sale' };

let site: VicidialFixture;
let gate: ApiGate;
let dialer: Dialer;

beforeAll(async () => {
  site = await startVicidialFixture();
});
afterAll(() => site.stop());

beforeEach(async () => {
  gate = await startApiGate(site.simulator.url);
  dialer = site.connect((config) => {
    (config.api as Record<string, unknown>).url = `${gate.url}/vicidial/non_agent_api.php`;
  });
});
afterEach(() => gate.stop());

const stateOf = (target: WriteBackTarget) => site.simulator.state({ leadId: Number(target.leadKey) });
const settled = () => untilOver(site.simulator, site.pass);
const home = async (row: WriteBack) => (await bringHome({ ...site, dialer }, [row])).get(row.id);
const deliverNow = async (row: WriteBack) => (await deliverAll({ ...site, dialer }, [row])).get(row.id);
/** A person's disposition as the agent's screen writes it: the lead, then the log of their call. */
async function disposition(leadId: string, status: string, user = 'anna'): Promise<void> {
  await site.sql('UPDATE vicidial_list SET status = ?, user = ?, modify_date = FROM_UNIXTIME(?) WHERE lead_id = ?', [
    ...[status, user],
    ...[Math.floor(site.clock.now() / 1000), leadId],
  ]);
  await writeLog(leadId, { status, user, isEnded: true });
}

let calls = 0;
/** The log row of a newer call, as the dialer's own scripts write it. */
async function writeLog(leadId: string, row: { status: string; user: string; isEnded: boolean }): Promise<string> {
  calls += 1;
  const sec = Math.floor(site.clock.now() / 1000);
  const uniqueid = `${sec}.${9000 + calls}`;
  await site.sql(
    `INSERT INTO vicidial_log SET uniqueid = ?, lead_id = ?, campaign_id = 'SPRING', status = ?, user = ?, start_epoch = ?,
       end_epoch = ?, call_date = (SELECT max(call_date) + INTERVAL 1 MINUTE FROM vicidial_log l WHERE l.lead_id = ?)`,
    [uniqueid, leadId, row.status, row.user, sec, row.isEnded ? sec : 0, leadId],
  );
  return uniqueid;
}

/** The dialer dials the lead anew: there is a live row, and no log row before somebody answers. */
function dialAgain({ leadKey }: WriteBackTarget) {
  return site.sql(
    "INSERT INTO vicidial_auto_calls SET server_ip = '10.10.10.15', callerid = ?, lead_id = ?, status = 'SENT', campaign_id = 'SPRING'",
    [`V120100000${leadKey.padStart(10, '0')}`, leadKey],
  );
}

const giveUp = ({ leadKey }: WriteBackTarget) =>
  site.sql('DELETE FROM vicidial_auto_calls WHERE lead_id = ?', [leadKey]);

/** Delivers, and acts while the look at the log waits for a table that is held. */
async function whileReading(deliver: () => Promise<unknown>, act: () => Promise<unknown>) {
  await holdLog();
  const delivery = deliver();
  await whenWaiting();
  await act();
  return await delivery;
}

const holdLog = () => site.simulator.holdTable('vicidial_log_extended', 600);

async function whenWaiting(): Promise<void> {
  await eventually(async () => {
    const [waiting] = await site.sql(
      "SELECT count(*) AS n FROM information_schema.processlist WHERE user = 'patchbay_read' AND state LIKE 'Waiting for table%'",
      [],
    );
    expect(Number(waiting?.n)).toBeGreaterThan(0);
  });
}

describe('status written too early', () => {
  it('is not: while the call goes on nothing is written, and afterwards it stands', async () => {
    const target = await site.placeCall(await site.addLead(), { talkSec: 30, noticeSec: 9 });
    await site.pass(6);
    const row = writeBackFor(target, sale);

    const beforeNotice = await deliverNow(row);
    await site.pass(6);
    const afterNotice = await deliverNow(row);
    const asked = gate.asked.length;
    const answer = await home(row);

    const waits = { kind: 'notYet', why: 'the call is still going on' };
    expect([beforeNotice, afterNotice]).toMatchObject([waits, waits]);
    expect(asked).toBe(0);
    expect(answer).toEqual({ kind: 'done', note: 'read back' });
    const { lead, logs } = await stateOf(target);
    expect([lead?.status, logs[0]?.status]).toEqual(['SALE', 'SALE']);
  });

  it('waits for the end of the log where a restart of the database emptied the table of live calls', async () => {
    const target = await site.placeCall(await site.addLead(), { noticeSec: 2 });
    await site.pass(12);
    await site.sql('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [target.callKey]);
    const row = writeBackFor(target, sale);

    const early = await deliverNow(row);
    await site.simulator.end(target.callKey);
    await site.pass(900);
    const answer = await home(row);

    expect(early).toMatchObject({ kind: 'notYet', why: 'the log does not show the end of the call yet' });
    expect(answer?.kind).toBe('done');
    expect((await stateOf(target)).lead?.status).toBe('SALE');
  });

  it('is seen and written anew when the daemon comes late all the same', async () => {
    const target = await site.endedCall();
    const row = writeBackFor(target, sale);
    gate.after('update_log_entry', async () => {
      await site.sql("UPDATE vicidial_list SET status = 'XFER', user = '7001' WHERE lead_id = ?", [target.leadKey]);
      await site.sql("UPDATE vicidial_log SET status = 'XFER' WHERE lead_id = ?", [target.leadKey]);
    });

    const first = await deliverNow(row);
    const receipt = first?.kind === 'submitted' ? first.receipt : '';
    const recheck = (await dialer.confirm?.(receipt, [row]))?.get(row.id);
    const answer = await home({ ...row, inDoubt: true });

    expect(recheck).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(answer?.kind).toBe('done');
    const { lead, logs } = await stateOf(target);
    expect([lead?.status, logs[0]?.status]).toEqual(['SALE', 'SALE']);
  });
});

describe('human disposition', () => {
  it('made before we look stands, and is told', async () => {
    const target = await site.endedCall();
    await site.pass(60);
    await disposition(target.leadKey, 'NI');

    const answer = await home(writeBackFor(target, sale));

    expect(answer).toMatchObject({ kind: 'overtaken', disposition: 'NI', by: 'anna' });
    expect(gate.asked).toEqual([]);
  });

  it('made between our read and our write stands', async () => {
    const target = await site.endedCall();
    await site.pass(60);
    const row = writeBackFor(target, sale);

    const first = await whileReading(
      () => deliverNow(row),
      () => site.sql('UPDATE vicidial_list SET status = ?, user = ? WHERE lead_id = ?', ['NI', 'anna', target.leadKey]),
    );
    await writeLog(target.leadKey, { status: 'NI', user: 'anna', isEnded: true });
    const answer = await home(row);

    expect(first).toMatchObject({ kind: 'notYet', why: 'the lead changed while it was looked at' });
    expect(answer).toMatchObject({ kind: 'overtaken', disposition: 'NI' });
    expect(gate.asked).toEqual([]);
  });

  it('made while our write is on its way is put back', async () => {
    const target = await site.endedCall();
    await site.pass(60);
    gate.before('update_lead', () => disposition(target.leadKey, 'NI'));

    const answer = await home(writeBackFor(target, sale));

    expect(answer).toMatchObject({ kind: 'overtaken', disposition: 'NI', by: 'anna' });
    const { lead, logs } = await stateOf(target);
    expect(lead?.status).toBe('NI');
    expect(logs.map(({ status }) => status)).toEqual(['NI', 'XFER']);
  });

  it('whose log comes a moment later is put back then', async () => {
    const target = await site.endedCall();
    await site.pass(60);
    gate.before('update_lead', () =>
      site.sql('UPDATE vicidial_list SET status = ?, user = ?, modify_date = FROM_UNIXTIME(?) WHERE lead_id = ?', [
        ...['NI', 'anna', Math.floor(site.clock.now() / 1000), target.leadKey],
      ]),
    );
    const row = writeBackFor(target, sale);

    const first = await deliverNow(row);
    await writeLog(target.leadKey, { status: 'NI', user: 'anna', isEnded: true });
    const answer = await home(row);

    expect(first).toMatchObject({ kind: 'notYet', why: 'a human agent is about to finish' });
    expect(answer).toMatchObject({ kind: 'overtaken', disposition: 'NI' });
    expect((await stateOf(target)).lead?.status).toBe('NI');
  });

  it('made between the write and the look afterwards stands', async () => {
    const target = await site.endedCall();
    const row = writeBackFor(target, sale);
    const first = await deliverNow(row);
    await site.pass(10);
    await disposition(target.leadKey, 'NI');

    const answer = await home(
      first?.kind === 'submitted' ? { ...row, state: 'submitted', receipt: first.receipt } : row,
    );

    expect(answer).toMatchObject({ kind: 'overtaken', disposition: 'NI', by: 'anna' });
    expect((await stateOf(target)).lead?.status).toBe('NI');
  });

  it('is told from a line by its name alone, whatever the clocks say', async () => {
    const target = await site.endedCall();
    await disposition(target.leadKey, 'NI');
    await site.sql('UPDATE vicidial_list SET modify_date = FROM_UNIXTIME(?) WHERE lead_id = ?', [
      Math.floor(Date.parse(target.calledAt) / 1000) - 90,
      target.leadKey,
    ]);

    const answer = await home(writeBackFor(target, sale));

    expect(answer).toMatchObject({ kind: 'overtaken', disposition: 'NI' });
  });
});

describe('redial', () => {
  it('is noticed while the newer call has no log row yet', async () => {
    const target = await site.endedCall();
    await dialAgain(target);
    const row = writeBackFor(target, sale);

    const first = await deliverNow(row);
    await giveUp(target);

    expect(first).toMatchObject({ kind: 'notYet', why: 'another call of the lead is going on' });
    expect(gate.asked).toEqual([]);
  });

  it('owns lead and log from then on', async () => {
    const target = await site.endedCall();
    await site.placeCall(Number(target.leadKey), { notAnswered: 'NA' });
    await settled();

    const answer = await home(writeBackFor(target, sale));

    expect(answer).toEqual({ kind: 'done', note: 'redialled' });
    expect(gate.asked).toEqual([]);
    expect((await stateOf(target)).lead?.status).toBe('NA');
  });

  it('that begins right after our look stops the write', async () => {
    const target = await site.endedCall();
    await site.pass(60);
    const row = writeBackFor(target, sale);

    const first = await whileReading(
      () => deliverNow(row),
      () => dialAgain(target),
    );
    await giveUp(target);

    expect(first).toMatchObject({ kind: 'notYet', why: 'the lead changed while it was looked at' });
    expect(gate.asked).toEqual([]);
  });
});

describe('hang-up before notice', () => {
  it('leaves DROP, and both get the result', async () => {
    const target = await site.placeCall(await site.addLead(), { talkSec: 3, noticeSec: 9 });
    await settled();
    const before = await stateOf(target);

    const answer = await home(writeBackFor(target, sale));

    const after = await stateOf(target);
    expect([before.lead?.status, before.logs[0]?.status]).toEqual(['DROP', 'DROP']);
    expect(answer?.kind).toBe('done');
    expect([after.lead?.status, after.logs[0]?.status]).toEqual(['SALE', 'SALE']);
  });

  it('that VICIdial notices after our write is corrected', async () => {
    const target = await site.endedCall();
    gate.after('update_lead', () =>
      site.sql("UPDATE vicidial_list SET status = 'DROP', user = 'VDAD' WHERE lead_id = ?", [target.leadKey]),
    );
    const row = writeBackFor(target, sale);

    const first = await deliverNow(row);
    const answer = await home(row);

    expect(first).toMatchObject({ kind: 'retry', inDoubt: true, why: 'the lead says DROP after SALE was written' });
    expect(answer?.kind).toBe('done');
    expect((await stateOf(target)).lead?.status).toBe('SALE');
  });
});

describe('log of the wrong call', () => {
  const wrongRows = async (leadKey: string) =>
    (await site.sql("SELECT status FROM vicidial_log WHERE lead_id = ? AND uniqueid LIKE '%.9___'", [leadKey])).map(
      ({ status }) => status,
    );

  it('is put back when it was born between our look and the request', async () => {
    const target = await site.endedCall();
    gate.before('update_log_entry', () => writeLog(target.leadKey, { status: 'NA', user: 'VDAD', isEnded: true }));

    const answer = await home(writeBackFor(target, sale));

    expect(answer).toEqual({ kind: 'done', note: 'redialled' });
    expect(await wrongRows(target.leadKey)).toEqual(['NA']);
  });

  it.each([
    { isEnded: false, status: 'QUEUE', lead: 'PU' },
    { isEnded: true, status: 'B', lead: 'B' },
  ])('is put back to $status when the answer that would have told was lost', async ({ isEnded, status, lead }) => {
    const target = await site.endedCall();
    gate.before('update_log_entry', async () => {
      await writeLog(target.leadKey, { status, user: 'VDAD', isEnded });
      await site.sql('UPDATE vicidial_list SET status = ? WHERE lead_id = ?', [lead, target.leadKey]);
    });
    gate.loseAnswer('update_log_entry');
    const row = writeBackFor(target, sale);

    const first = await deliverNow(row);
    const hit = await wrongRows(target.leadKey);
    const answer = await home({ ...row, inDoubt: true });

    expect(first).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(hit).toEqual(['SALE']);
    expect(answer).toEqual({ kind: 'done', note: 'redialled' });
    expect(await wrongRows(target.leadKey)).toEqual([status]);
  });

  it('is put back later when VICIdial would not let us at once', async () => {
    const target = await site.endedCall();
    const mayWrite = (may: '0' | '1') =>
      site.sql("UPDATE vicidial_users SET modify_leads = ? WHERE user = 'patchbay'", [may]);
    gate.before('update_log_entry', () => writeLog(target.leadKey, { status: 'QUEUE', user: 'VDAD', isEnded: false }));
    gate.after('update_log_entry', () => mayWrite('0'));
    const row = writeBackFor(target, sale);

    const first = await deliverNow(row);
    await mayWrite('1');
    const answer = await home({ ...row, inDoubt: true });

    expect(first).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(answer).toEqual({ kind: 'done', note: 'redialled' });
    expect(await wrongRows(target.leadKey)).toEqual(['QUEUE']);
  });

  it('is not asked for while another call of the lead is being dialled', async () => {
    const target = await site.endedCall();
    gate.after('update_lead', holdLog);

    const delivery = deliverNow(writeBackFor(target, sale));
    await eventually(() => expect(gate.asked).toHaveLength(1));
    await whenWaiting();
    await dialAgain(target);
    const answer = await delivery;
    await giveUp(target);

    expect(answer).toEqual({ kind: 'done', note: 'redialled' });
    expect(gate.asked.map((form) => form.get('function'))).toEqual(['update_lead']);
  });

  it('is not that of a call whose row is in the archive already', async () => {
    const target = await site.endedCall();
    await site.pass(3 * 86_400);
    await site.simulator.archiveLogs({ olderThanDays: 2, isDaily: false });

    const answer = await home(writeBackFor(target, sale));

    expect(answer).toEqual({ kind: 'done', note: 'read back' });
    expect(gate.asked.map((form) => form.get('function'))).toEqual(['update_lead']);
    expect((await stateOf(target)).lead?.status).toBe('SALE');
  });
});

describe('time-out after the effect', () => {
  it.each(['update_lead', 'update_log_entry'])('of %s: read first, written once', async (name) => {
    const target = await site.endedCall();
    gate.loseAnswer(name);
    const row = writeBackFor(target, sale);

    const first = await deliverNow(row);
    const answer = await home({ ...row, inDoubt: true });

    expect(first).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(answer?.kind).toBe('done');
    expect(gate.asked.map((form) => form.get('function'))).toEqual(['update_lead', 'update_log_entry']);
  });

  it('of a callback and of a DNC entry: read first, made once', async () => {
    const target = await site.endedCall();
    for (const aspect of ['callback', 'dnc'] as const) {
      const row = writeBackFor(target, site.desired(aspect, target));
      gate.loseAnswer(aspect === 'dnc' ? 'add_dnc_phone' : 'update_lead');
      const first = await deliverNow(row);
      const answer = await home({ ...row, inDoubt: true });

      expect([first?.kind, answer?.kind]).toEqual(['retry', 'done']);
    }

    expect(gate.asked.map((form) => form.get('function'))).toEqual(['update_lead', 'add_dnc_phone']);
    expect((await stateOf(target)).callbacks).toHaveLength(1);
  });
});

describe('with all of Patchbay', () => {
  let patchbay: TestApp;
  beforeEach(async () => {
    const settings = site.settings();
    (settings.api as Record<string, unknown>).url = `${gate.url}/vicidial/non_agent_api.php`;
    patchbay = await startTestApp({ registry: connectors, clock: site.clock, dialers: { vicidial: settings } });
  });
  afterEach(() => patchbay.stop());

  const commit = (body: object) =>
    request(patchbay.url)
      .post('/v1/platforms/sigmamind/tools/commit-outcome')
      .set('Authorization', `Bearer ${keys.tools}`)
      .send(body);
  async function registered(target: WriteBackTarget): Promise<string> {
    const { callKey: code, number } = target;
    const answer = await request(patchbay.url)
      .get(`/v1/ivr/vicidial/register?call_id=${code}&number=${number}&campaign=SPRING&list=101`)
      .set('X-API-Key', keys.script);
    return String(answer.body.correlation_id);
  }
  const ended = (id: string, at: number) => ({
    event: 'conversation_ended',
    timestamp: new Date(at).toISOString(),
    data: { callId: `call_${id}`, status: 'ended', dynamicVariables: { correlation_id: id } },
  });
  /** Lets time go by until nothing waits. */
  async function allHome(id: string): Promise<void> {
    await eventually(async () => {
      await site.pass(5);
      const rows = await patchbay.app.deps.store.writeBacksOf(id);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.map(({ state, why }) => [state, why]).filter(([state]) => !isHome(String(state)))).toEqual([]);
    }, 20_000);
  }
  const isHome = (state: string) => ['confirmed', 'superseded', 'cancelled', 'refused'].includes(state);
  const effectsOf = async ({ leadKey, number }: WriteBackTarget) =>
    (await site.journal())
      .filter(({ by, record }) => by === 'api' && [leadKey, number].includes(record))
      .map(({ kind, value }) => `${kind} ${value}`);

  it('double event: told five times and committed twice, each effect is there once', async () => {
    const target = await site.endedCall();
    const id = await registered(target);
    const body = { correlation_id: id, outcome: 'sale', summary: 'Takes two' };
    const at = site.clock.now();

    await Promise.all([
      commit(body),
      commit(body),
      ...Array.from({ length: 3 }, () => patchbay.postEvent(ended(id, at))),
    ]);
    await allHome(id);
    await Promise.all([commit(body), patchbay.postEvent(ended(id, at)), patchbay.postEvent(ended(id, at))]);
    await allHome(id);

    const effects = await effectsOf(target);
    expect(effects).toEqual([...new Set(effects)]);
    expect(effects).toEqual(expect.arrayContaining(['disposition SALE', 'log SALE']));
    const { lead, logs } = await stateOf(target);
    expect([lead?.status, logs[0]?.status, lead?.comments]).toEqual(['SALE', 'SALE', 'Takes two']);
  });

  it('callback then opt-out: the callback goes, the number is listed, nobody is dialled', async () => {
    const target = await site.endedCall();
    const id = await registered(target);
    const at = new Date(site.clock.now() + 86_400_000).toISOString();
    await commit({ correlation_id: id, outcome: 'callback', callback_at: at });
    await allHome(id);
    const held = await stateOf(target);
    // It has fallen due: the hopper took it.
    await site.sql("UPDATE vicidial_callbacks SET status = 'LIVE' WHERE lead_id = ?", [target.leadKey]);
    await site.sql("UPDATE vicidial_list SET status = 'CALLBK' WHERE lead_id = ?", [target.leadKey]);
    await site.sql("INSERT INTO vicidial_hopper SET lead_id = ?, campaign_id = 'SPRING', list_id = 101", [
      target.leadKey,
    ]);

    await commit({ correlation_id: id, outcome: 'opt_out' });
    await allHome(id);

    expect([held.lead?.status, held.callbacks.length]).toEqual(['CBHOLD', 1]);
    const { lead, logs, callbacks, dncLists } = await stateOf(target);
    expect([lead?.status, logs[0]?.status, callbacks, dncLists]).toEqual(['DNC', 'DNC', [], ['SYSTEM_INTERNAL']]);
    expect(await site.sql('SELECT lead_id FROM vicidial_hopper WHERE lead_id = ?', [target.leadKey])).toEqual([]);
    const effects = await effectsOf(target);
    expect(effects).toEqual([...new Set(effects)]);
  });
});
