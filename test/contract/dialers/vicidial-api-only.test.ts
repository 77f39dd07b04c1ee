import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VicidialConfig } from '../../../connectors/vicidial/index.ts';
import type { Desired, WriteBackTarget } from '../../../src/domain/write-back.ts';
import { bringHome, writeBackFor } from './bring-home.ts';
import { describeDialerContract } from './dialer-contract.ts';
import { startApiOnlyFixture } from './vicidial-api-only-fixture.ts';
import { untilOver, type VicidialFixture, withChecks } from './vicidial-fixture.ts';

/** What is asked of the API; the rest can't be told, or is not used. */
const asking = ['api.reachable', 'api.login', 'api.rights', 'clock.zone', 'lines.ready', 'release'];

describeDialerContract('vicidial without a database', {
  async start() {
    const fixture = await startApiOnlyFixture();
    return { ...fixture, dialer: withChecks(fixture.dialer, asking) };
  },
});

describe('vicidial without a database', () => {
  let vicidial: VicidialFixture;
  beforeAll(async () => {
    vicidial = await startApiOnlyFixture();
  });
  afterAll(() => vicidial.stop());

  const sale: Desired = { aspect: 'disposition', disposition: 'SALE', outcome: 'sale' };
  const deliverAll = (target: WriteBackTarget, wishes: readonly Desired[]) =>
    bringHome(
      vicidial,
      wishes.map((wish) => writeBackFor(target, wish)),
    );
  const deliverOne = async (target: WriteBackTarget, wish: Desired) =>
    [...(await deliverAll(target, [wish])).values()][0];
  const stateOf = ({ leadKey }: Pick<WriteBackTarget, 'leadKey'>) =>
    vicidial.simulator.state({ leadId: Number(leadKey) });
  const settled = () => untilOver(vicidial.simulator, vicidial.pass);
  const signal = () => AbortSignal.timeout(5000);
  const watch = async () => {
    const job = vicidial.dialer.jobs?.find(({ name }) => name === 'watch-lines');
    await job?.run(signal());
  };
  const codesSeen = () => vicidial.sightings.map(({ leg }) => leg.callKey);

  it('is not taken without the remote agents, for their lines could be people', () => {
    const config = { type: 'vicidial', api: { url: 'http://dialer.example.com/', user: 'a', pass: 'b' } };
    const zone = { timeZone: 'America/Denver' };

    const without = VicidialConfig.safeParse({ ...config, ...zone });
    const withThem = VicidialConfig.safeParse({ ...config, ...zone, remoteAgents: [{ user: '7001', lines: 2 }] });

    expect(without.error?.issues.map(({ path }) => path.join('.'))).toEqual(['remoteAgents']);
    expect(withThem.success).toBe(true);
  });

  it('follows a call from its hand-over to disposition, callback, opt-out and fields, and asks no database', async () => {
    const leadId = await vicidial.addLead({
      columns: { first_name: 'Adelheid', comments: 'asked | twice' },
      custom: { plan: 'gold' },
    });
    const target = await vicidial.placeCall(leadId, { talkSec: 40 });
    await vicidial.pass(12);
    await watch();
    const sighting = vicidial.sightings.find(({ leg }) => leg.callKey === target.callKey);
    const lead = sighting && (await vicidial.dialer.findLead?.(sighting, signal()));
    await settled();

    const answers = await deliverAll(target, [
      vicidial.desired('disposition', target),
      vicidial.desired('callback', target),
      vicidial.desired('dnc', target),
      vicidial.desired('fields', target),
    ]);

    expect(sighting).toMatchObject({
      leg: { leadKey: target.leadKey, campaign: 'SPRING', agent: '7001', phone: target.phone },
    });
    expect(lead).toMatchObject({
      campaign: 'SPRING',
      list: '101',
      phones: [target.phone],
      fields: { first_name: 'Adelheid', comments: 'asked | twice', plan: 'gold' },
    });
    expect([...answers.values()].map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'done']);
    const state = await stateOf(target);
    expect([state.lead?.status, state.logs[0]?.status]).toEqual(['CBHOLD', 'CALLBK']);
    expect(state.callbacks).toHaveLength(1);
    expect(state.dncLists).toEqual(['SYSTEM_INTERNAL']);
    expect(state.custom).toMatchObject({ plan: 'gold', ai_summary: expect.stringContaining('\nSecond line') });
    expect(await vicidial.sql("SELECT 1 FROM information_schema.PROCESSLIST WHERE USER = 'patchbay_read'", [])).toEqual(
      [],
    );
  });

  it('reads no leads in bulk and reviews no mapping, and tells the operator so', async () => {
    const { dialer } = vicidial;

    const checks = await Promise.all(dialer.checks().map(async ({ id, run }) => ({ id, ...(await run()) })));

    expect([dialer.readLeads, dialer.reviewCampaigns]).toEqual([undefined, undefined]);
    const { found = '', status } = checks.find(({ id }) => id === 'database.reachable') ?? {};
    expect(status).toBe('ok');
    for (const gap of ['Leads are not synced', 'DNC list', 'statuses of the site', 'called again'])
      expect(found).toContain(gap);
    const blind = checks.find(({ id }) => id === 'carrier.call-log-first');
    expect(blind).toMatchObject({ status: 'unknown', fix: expect.stringContaining('Admin → Carriers') });
  });

  it('registers each call on a line once, and none that a person has', async () => {
    const before = vicidial.sightings.length;
    const ours = await vicidial.placeCall(await vicidial.addLead(), { talkSec: 60 });
    const human = await vicidial.placeCall(await vicidial.addLead(), { talkSec: 60, answerSec: 30 });
    await vicidial.pass(12);
    await vicidial.sql(
      `INSERT INTO vicidial_live_agents SET user = 'anna', server_ip = '10.10.10.15', extension = 'SIP/anna', conf_exten = '8600051',
         status = 'INCALL', campaign_id = 'SPRING', lead_id = ?, callerid = ?, user_level = 1`,
      [human.leadKey, human.callKey],
    );

    await watch();
    await vicidial.pass(2);
    await watch();

    const seen = vicidial.sightings.slice(before).map(({ leg }) => leg.callKey);
    await vicidial.sql("DELETE FROM vicidial_live_agents WHERE user = 'anna'", []);
    await settled();
    expect(seen).toEqual([ours.callKey]);
  });

  it('brings a call again whose registration failed', async () => {
    let tries = 0;
    const dialer = vicidial.connect(() => undefined, {
      async registerCall(sighting) {
        tries += 1;
        if (tries === 1) throw new Error('the store is away');
        vicidial.sightings.push(sighting);
        return { correlationId: 'c0rre1at10n1d0', route: 'ai', headers: [], sentHeaders: [] };
      },
    });
    const target = await vicidial.placeCall(await vicidial.addLead(), { talkSec: 60 });
    await vicidial.pass(12);
    const job = dialer.jobs?.find(({ name }) => name === 'watch-lines');

    await job?.run(signal());
    const first = codesSeen().includes(target.callKey);
    await vicidial.pass(2);
    await job?.run(signal());

    expect([first, codesSeen().includes(target.callKey)]).toEqual([false, true]);
    await settled();
  });

  it('waits while the line has the call, also when the customer is gone and the line is not free yet', async () => {
    const target = await vicidial.placeCall(await vicidial.addLead(), { talkSec: 60 });
    await vicidial.pass(12);
    const row = writeBackFor(target, sale);
    const during = (await vicidial.dialer.deliver([row])).get(row.id);
    await vicidial.sql('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [target.callKey]);
    await vicidial.pass(2);

    const dead = (await vicidial.dialer.deliver([row])).get(row.id);

    expect(during).toMatchObject({ kind: 'notYet', why: 'the call is still going on' });
    expect(dead).toMatchObject({ kind: 'notYet' });
    expect((await vicidial.journal()).filter(({ by, record }) => by === 'api' && record === target.leadKey)).toEqual(
      [],
    );
    await settled();
  });

  it("leaves a person's disposition alone, and reports it", async () => {
    const human = { status: 'NI', user: 'anna', afterSec: 60 };
    const target = await vicidial.placeCall(await vicidial.addLead(), { talkSec: 20, human });
    await settled();

    const answer = await deliverOne(target, sale);

    const { lead, logs } = await stateOf(target);
    expect(answer).toMatchObject({ kind: 'overtaken', disposition: 'NI', by: 'anna' });
    expect([lead?.status, ...logs.map(({ status }) => status)]).toEqual(['NI', 'NI', 'XFER']);
  });

  it('touches neither lead nor log of a lead that was dialled again, in whoever’s time it is kept', async () => {
    for (const offset of [null, '-5.00']) {
      const leadId = await vicidial.addLead();
      const target = await vicidial.placeCall(leadId, { talkSec: 20 });
      await settled();
      await vicidial.pass(120);
      await vicidial.placeCall(leadId, { notAnswered: 'NA' });
      await settled();
      // The dialer keeps it in the customer's own time, two hours ahead of the server's.
      if (offset)
        await vicidial.sql(
          'UPDATE vicidial_list SET last_local_call_time = last_local_call_time + INTERVAL 2 HOUR WHERE lead_id = ?',
          [leadId],
        );

      const answer = await deliverOne(target, sale);

      const { lead, logs } = await stateOf(target);
      expect(answer).toEqual({ kind: 'done', note: 'redialled' });
      expect([lead?.status, ...logs.map(({ status }) => status)]).toEqual(['NA', 'NA', 'XFER']);
    }
  });

  it("writes to a lead whose time of call is kept in the customer's own time", async () => {
    const target = await vicidial.endedCall();
    await vicidial.sql(
      'UPDATE vicidial_list SET last_local_call_time = last_local_call_time + INTERVAL 2 HOUR WHERE lead_id = ?',
      [target.leadKey],
    );

    const answer = await deliverOne(target, sale);

    expect(answer?.kind).toBe('done');
    const { lead, logs } = await stateOf(target);
    expect([lead?.status, logs[0]?.status]).toEqual(['SALE', 'SALE']);
  });

  it.each([
    ['its status', 60, { notAnswered: 'NA' }, ['NA', 'XFER']],
    ['when its channel began', 600, { talkSec: 20 }, ['XFER', 'XFER']],
  ] as const)(
    'puts the log of another call back when it was hit, known by %s',
    async (_name, laterSec, second, statuses) => {
      const leadId = await vicidial.addLead();
      const target = await vicidial.placeCall(leadId, { talkSec: 20 });
      await settled();
      await vicidial.pass(laterSec);
      await vicidial.placeCall(leadId, second);
      await settled();
      await vicidial.pass(5);
      // As if the lead had kept the time of our call: only the answer of update_log_entry can tell then.
      await vicidial.sql(
        'UPDATE vicidial_list SET last_local_call_time = (SELECT MIN(call_date) FROM vicidial_log WHERE lead_id = ?) WHERE lead_id = ?',
        [leadId, leadId],
      );

      const answer = await deliverOne(target, sale);

      const hits = (await vicidial.journal()).filter(
        ({ kind, record }) => kind === 'log-wrong' && record === target.leadKey,
      );
      expect(answer).toEqual({ kind: 'done', note: 'redialled' });
      expect(hits.map(({ value }) => value)).toEqual(['SALE', statuses[0]]);
      expect((await stateOf(target)).logs.map(({ status }) => status)).toEqual(statuses);
    },
  );

  it('does the same over releases that lack the newer look-ups', async () => {
    // lead_all_info came in 2021, lead_callback_info at the end of 2018, ccc_lead_info in 2017.
    for (const build of [210101, 170101]) {
      vicidial.simulator.fault({ kind: 'oldRelease', build });
      const dialer = vicidial.connect();
      const target = await vicidial.placeCall(await vicidial.addLead({ custom: { plan: 'basic' } }), { talkSec: 40 });
      await vicidial.pass(12);
      const sighting = dialer.recogniseCall?.({ code: target.callKey });
      const lead = sighting && (await dialer.findLead?.(sighting, signal()));
      await settled();
      const wishes = (['disposition', 'callback', 'fields'] as const).map((each) => vicidial.desired(each, target));

      const answers = await bringHome(
        { ...vicidial, dialer },
        wishes.map((wish) => writeBackFor(target, wish)),
      );

      vicidial.simulator.fault({ kind: 'none' });
      expect(lead).toMatchObject({
        list: '101',
        phones: [target.phone],
        fields: { first_name: 'Adelheid', plan: 'basic' },
      });
      expect([...answers.values()].map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
      const state = await stateOf(target);
      expect([state.lead?.status, state.logs[0]?.status]).toEqual(['CBHOLD', 'CALLBK']);
      expect(state.callbacks).toHaveLength(1);
    }
  });

  it('writes nothing over a release that can not tell what a person made of a lead', async () => {
    vicidial.simulator.fault({ kind: 'oldRelease', build: 160101 });
    const dialer = vicidial.connect();
    const target = await vicidial.endedCall();

    const row = writeBackFor(target, sale);
    const answer = (await bringHome({ ...vicidial, dialer }, [row])).get(row.id);

    vicidial.simulator.fault({ kind: 'none' });
    expect(answer).toMatchObject({ kind: 'refused', hint: expect.stringContaining('database') });
    expect((await stateOf(target)).lead?.status).toBe('XFER');
  });

  it.each([
    ['view_reports', '0', 'fail', '"View Reports" to 1'],
    ['modify_lists', '0', 'fail', '"Modify Lists" to 1'],
    ['user_level', '7', 'fail', '"User Level" to at least 8'],
    ['api_allowed_functions', ' update_lead update_log_entry add_dnc_phone ra_call_control ', 'fail', 'callid_info'],
  ])('names the right that is missing when %s is "%s"', async (column, value, status, fix) => {
    const [before] = await vicidial.sql('SELECT * FROM vicidial_users WHERE user = ?', ['patchbay']);
    await vicidial.sql(`UPDATE vicidial_users SET ${column} = ? WHERE user = ?`, [value, 'patchbay']);
    const check = vicidial.dialer.checks().find(({ id }) => id === 'api.rights');

    const result = await check?.run();

    await vicidial.sql(`UPDATE vicidial_users SET ${column} = ? WHERE user = ?`, [
      String(before?.[column]),
      'patchbay',
    ]);
    expect(result?.status).toBe(status);
    expect(result?.fix).toContain(fix);
  });
});
