import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestCall, TestCalls } from '../../../src/domain/test-call.ts';
import { eventually } from '../../support/eventually.ts';
import { startVicidialFixture, type VicidialFixture } from './vicidial-fixture.ts';

const phone = '+13035557777';
const national = '3035557777';

describe('a test call in VICIdial', () => {
  let vicidial: VicidialFixture;
  let calls: TestCalls;
  let optedOut = false;
  beforeAll(async () => {
    vicidial = await startVicidialFixture({ dialHopper: {} });
    const dialer = vicidial.connect(() => undefined, { isOptedOut: async () => optedOut });
    if (!dialer.testCalls) throw new Error('VICIdial makes test calls');
    calls = dialer.testCalls;
  });
  afterAll(() => vicidial.stop());
  beforeEach(() => vicidial.simulator.setCustomer({ ai: false, answerSec: 4, talkSec: 300, noticeSec: 1 }));
  afterEach(async () => {
    optedOut = false;
    const live = (await sql('SELECT callerid FROM vicidial_auto_calls')).map(({ callerid }) => String(callerid));
    for (const code of live) await vicidial.simulator.end(code);
    await sql('DELETE FROM vicidial_hopper');
    await sql('DELETE FROM vicidial_dnc');
    await sql('DELETE FROM vicidial_list WHERE phone_number = ?', [national]);
    await sql(
      "UPDATE vicidial_campaigns SET active = 'Y', dial_method = 'RATIO', auto_dial_level = '1', campaign_vdad_exten = '8368'",
    );
    await sql("UPDATE vicidial_remote_agents SET status = 'ACTIVE', server_ip = '10.10.10.15'");
    await sql("UPDATE vicidial_lists SET active = 'Y'");
    // Lines are freed by the simulated daemon, and log in by its heartbeat.
    await eventually(async () => {
      await vicidial.pass(2);
      const [lines] = await sql("SELECT COUNT(*) AS ready FROM vicidial_live_agents WHERE status = 'READY'");
      expect(lines).toEqual({ ready: 3 });
    });
  });

  const sql = (statement: string, values: (string | number)[] = []) => vicidial.sql(statement, values);
  const begin = () => calls.begin({ campaign: 'SPRING', phone });
  const leadOf = async ({ leadKey }: TestCall) =>
    (await sql('SELECT * FROM vicidial_list WHERE lead_id = ?', [leadKey]))[0];
  const codeOf = async ({ leadKey }: TestCall) => {
    const [row] = await sql('SELECT callerid FROM vicidial_auto_calls WHERE lead_id = ?', [leadKey]);
    return String(row?.callerid);
  };

  it('goes through its stages, and leaves nothing behind', async () => {
    const call = await begin();

    expect(await leadOf(call)).toMatchObject({ phone_number: national, phone_code: '1', list_id: 101, status: 'NEW' });
    expect(await calls.look(call)).toMatchObject({
      stage: 'waiting',
      why: 'in the hopper of SPRING (READY, priority 99)',
    });
    await vicidial.pass(2);
    expect(await calls.look(call)).toMatchObject({ stage: 'dialled' });
    await vicidial.pass(6);
    expect(await calls.look(call)).toMatchObject({ stage: 'handed-over', why: expect.stringContaining('line 700') });
    await vicidial.simulator.end(await codeOf(call));
    expect(await calls.look(call)).toMatchObject({ stage: 'over', disposition: 'XFER' });

    await calls.end(call);
    expect(await leadOf(call)).toBeUndefined();
    await calls.end(call);
  });

  it('never touches a lead that has the number already', async () => {
    const customer = await vicidial.addLead({ phone: national, columns: { vendor_lead_code: 'V-9' } });
    const customersLead = () => sql('SELECT * FROM vicidial_list WHERE lead_id = ?', [customer]);
    const before = await customersLead();
    await sql("INSERT INTO vicidial_hopper SET lead_id = ?, list_id = 101, campaign_id = 'SPRING', status = 'HOLD'", [
      customer,
    ]);

    const call = await begin();
    await vicidial.pass(10);
    await vicidial.simulator.end(await codeOf(call));
    await calls.end(call);

    expect(call.leadKey).not.toBe(String(customer));
    expect(await customersLead()).toEqual(before);
    expect(await sql('SELECT lead_id FROM vicidial_hopper')).toEqual([{ lead_id: customer }]);
    await calls.end({ ...call, leadKey: String(customer) });
    expect(await sql('SELECT lead_id FROM vicidial_hopper')).toEqual([{ lead_id: customer }]);
  });

  it('takes back what an earlier one left that broke off, and is not taken for that', async () => {
    const first = await begin();
    await vicidial.pass(10);
    await vicidial.simulator.end(await codeOf(first));
    await vicidial.pass(4);
    const second = await begin();

    expect(await leadOf(first)).toBeUndefined();
    expect(await calls.look(second)).toMatchObject({ stage: 'waiting' });
  });

  it('keeps a lead whose call goes on, and says so', async () => {
    const call = await begin();
    await vicidial.pass(10);

    await expect(calls.end(call)).rejects.toThrow('still goes on');
    await expect(begin()).rejects.toThrow('still goes on');
    expect(await leadOf(call)).toMatchObject({ vendor_lead_code: 'PATCHBAY-TEST' });
  });

  it.each([
    ['campaign', "UPDATE vicidial_campaigns SET active = 'N'", 'not active', 'Active: Y'],
    ['dial method', "UPDATE vicidial_campaigns SET dial_method = 'MANUAL'", 'MANUAL', 'Dial Method: RATIO'],
    ['dial level', "UPDATE vicidial_campaigns SET auto_dial_level = '0'", 'dial level 0', 'Auto Dial Level: 1'],
    ['number on the DNC list', `INSERT INTO vicidial_dnc VALUES ('${national}')`, 'do-not-call', 'Add-Delete DNC'],
    ['list', "UPDATE vicidial_lists SET active = 'N'", 'no active list', 'Active Y'],
  ])('is refused for the sake of its %s', async (_what, break_, why, fix) => {
    await sql(break_);

    await expect(begin()).rejects.toMatchObject({
      message: expect.stringContaining(why),
      hint: expect.stringContaining(fix),
    });
    expect(await sql('SELECT * FROM vicidial_hopper')).toEqual([]);
  });

  it('is refused while no line is logged in, by what is wrong with the remote agent', async () => {
    await sql("UPDATE vicidial_remote_agents SET server_ip = '0.0.0.0'");
    await sql('DELETE FROM vicidial_live_agents');
    await expect(begin()).rejects.toMatchObject({ hint: expect.stringContaining('7001 → Server IP') });

    await sql("UPDATE vicidial_remote_agents SET server_ip = '10.10.10.15', status = 'INACTIVE'");
    await expect(begin()).rejects.toMatchObject({ hint: expect.stringContaining('7001 → Status: ACTIVE') });
  });

  it('is refused to whom has opted out', async () => {
    optedOut = true;

    await expect(begin()).rejects.toThrow('opted out');
    expect(await sql('SELECT * FROM vicidial_list WHERE phone_number = ?', [national])).toEqual([]);
  });

  describe('that is stuck', () => {
    it('in the hopper names what keeps the campaign from dialling', async () => {
      const call = await begin();
      await sql("UPDATE vicidial_campaigns SET auto_dial_level = '0'");
      await vicidial.pass(3);

      expect(await calls.look(call)).toMatchObject({
        stage: 'waiting',
        fix: expect.stringContaining('Auto Dial Level'),
      });
    });

    it('without a line is a DROP', async () => {
      const call = await begin();
      await vicidial.pass(2);
      await sql("UPDATE vicidial_remote_agents SET status = 'INACTIVE'");
      await vicidial.pass(12);

      expect(await calls.look(call)).toMatchObject({
        stage: 'over',
        disposition: 'DROP',
        why: expect.stringContaining('no line was free within 5 s'),
        fix: expect.stringContaining('Drop Call Seconds'),
      });
    });

    it('at the routing extension is a PDROP', async () => {
      const call = await begin();
      await vicidial.pass(2);
      await sql("UPDATE vicidial_campaigns SET campaign_vdad_exten = '770019895551234'");
      await vicidial.pass(6);

      expect(await calls.look(call)).toMatchObject({
        stage: 'over',
        disposition: 'PDROP',
        why: expect.stringContaining('770019895551234'),
        fix: expect.stringContaining('Routing Extension: 8368'),
      });
    });

    it.each([
      ['NA', 'nobody answered'],
      ['B', 'busy'],
      ['AA', 'machine'],
    ] as const)('at the customer says so: %s', async (notAnswered, why) => {
      vicidial.simulator.setCustomer({ notAnswered, answerSec: 3 });
      const call = await begin();
      await vicidial.pass(8);

      expect(await calls.look(call)).toMatchObject({
        stage: 'over',
        disposition: notAnswered,
        why: expect.stringContaining(why),
        fix: expect.any(String),
      });
    });

    it('with the AI, over before the daemon saw it, is a DROP too', async () => {
      vicidial.simulator.setCustomer({ ai: false, answerSec: 2, talkSec: 1, noticeSec: 60 });
      const call = await begin();
      await vicidial.pass(8);

      expect(await calls.look(call)).toMatchObject({
        stage: 'over',
        disposition: 'DROP',
        why: expect.stringContaining('before the remote-agent daemon saw it'),
      });
    });
  });

  describe('without the tables', () => {
    let byApi: TestCalls;
    beforeAll(() => {
      const dialer = vicidial.connect(
        (config) => {
          config.database = undefined;
          config.remoteAgents = [{ user: '7001', lines: 3, campaign: 'SPRING' }];
        },
        { isOptedOut: async () => false },
      );
      if (!dialer.testCalls) throw new Error('VICIdial makes test calls');
      byApi = dialer.testCalls;
    });

    it('is followed by lead and lines', async () => {
      const call = await byApi.begin({ campaign: 'SPRING', phone });

      expect(await byApi.look(call)).toMatchObject({ stage: 'waiting' });
      await vicidial.pass(2);
      expect(await byApi.look(call)).toMatchObject({ stage: 'dialled' });
      await vicidial.pass(8);
      expect(await byApi.look(call)).toMatchObject({ stage: 'handed-over' });
      await vicidial.simulator.end(await codeOf(call));
      await vicidial.pass(6);
      expect(await byApi.look(call)).toMatchObject({ stage: 'over', disposition: 'XFER' });

      await byApi.end(call);
      expect(await leadOf(call)).toBeUndefined();
    });

    it('tells a DROP', async () => {
      const call = await byApi.begin({ campaign: 'SPRING', phone });
      await vicidial.pass(2);
      await sql("UPDATE vicidial_remote_agents SET status = 'INACTIVE'");
      await vicidial.pass(12);

      expect(await byApi.look(call)).toMatchObject({ stage: 'over', disposition: 'DROP' });
    });

    it('is refused for a number on the DNC list by VICIdial itself', async () => {
      await sql('INSERT INTO vicidial_dnc VALUES (?)', [national]);

      await expect(byApi.begin({ campaign: 'SPRING', phone })).rejects.toThrow('do-not-call');
    });
  });

  it('knows its campaigns, and how a softphone gets past the carriers', async () => {
    const dialer = vicidial.connect((config) => {
      config.carrier = { number: '+19895551234' };
      config.remoteAgents = [{ user: '7001', lines: 3, campaign: 'SPRING', server: '10.10.10.15' }];
    });

    expect(await dialer.testCalls?.campaigns()).toEqual(['SPRING', 'AUTUMN']);
    expect(dialer.softphone?.('SPRING')).toMatchObject({
      server: '10.10.10.15',
      user: 'patchbaytest',
      dial: '770019895551234',
    });
  });

  it('is refused outside of the calling hours of the lead, and leaves nothing', async () => {
    // Where the number is, it is night.
    await sql('CREATE TRIGGER far BEFORE INSERT ON vicidial_list FOR EACH ROW SET NEW.gmt_offset_now = 8.00');

    await expect(begin()).rejects.toMatchObject({ hint: expect.stringContaining('Local Call Time') });
    await sql('DROP TRIGGER far');
    expect(await sql('SELECT * FROM vicidial_hopper')).toEqual([]);
    expect(await sql('SELECT * FROM vicidial_list WHERE phone_number = ?', [national])).toEqual([]);
  });
});
