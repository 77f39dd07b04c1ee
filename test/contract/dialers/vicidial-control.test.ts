import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VicidialConfig } from '../../../connectors/vicidial/index.ts';
import type { Leg } from '../../../src/domain/call.ts';
import type { LiveCallControl } from '../../../src/domain/dialer.ts';
import type { Desired } from '../../../src/domain/write-back.ts';
import { bringHome, writeBackFor } from './bring-home.ts';
import { startVicidialFixture, untilOver, type VicidialFixture } from './vicidial-fixture.ts';

const sale = { outcome: 'sale', disposition: 'SALE' };
const transferred = { outcome: 'transferred', disposition: 'AIQUAL' };

describe('a live call in VICIdial', () => {
  let vicidial: VicidialFixture;
  let control: LiveCallControl;
  beforeAll(async () => {
    vicidial = await startVicidialFixture();
    if (!vicidial.dialer.control) throw new Error('VICIdial has control');
    control = vicidial.dialer.control;
  });
  afterAll(() => vicidial.stop());

  const stateOf = ({ leadKey }: Pick<Leg, 'leadKey'>) => vicidial.simulator.state({ leadId: Number(leadKey) });
  const rows = (table: string) => vicidial.sql(`SELECT * FROM ${table}`, []);
  const commands = async () =>
    (await rows('vicidial_manager')).map(({ action, cmd_line_d }) => `${action} ${cmd_line_d}`);

  async function liveCall(request: Parameters<VicidialFixture['placeCall']>[1] = {}): Promise<Leg> {
    const target = await vicidial.placeCall(await vicidial.addLead(), { talkSec: 300, noticeSec: 1, ...request });
    await vicidial.pass(6);
    return { dialer: 'vicidial', ...target };
  }

  it('is hung up on the line that really has it, whatever a header said', async () => {
    const leg = await liveCall({ lineUser: '7002' });

    await control.hangUp({ ...leg, agent: '7001' }, sale);

    const { lead, logs, autoCall } = await stateOf(leg);
    expect([lead?.status, autoCall]).toEqual(['SALE', null]);
    expect(logs[0]).toMatchObject({ status: 'SALE', user: '7002', term_reason: 'NONE' });
    expect(logs[0]?.end_epoch).toBeGreaterThan(0);
    expect((await rows('vicidial_live_agents')).find(({ user }) => user === '7002')).toMatchObject({ callerid: '' });
    expect((await commands()).at(-1)).toBe('Hangup ');
  });

  it('is found as it should be by the write-back that follows, which writes nothing', async () => {
    const leg = await liveCall();
    await control.hangUp(leg, sale);
    const before = (await vicidial.journal()).length;
    const desired: Desired = { aspect: 'disposition', ...sale };
    const row = writeBackFor(leg, desired);

    const answers = await bringHome(vicidial, [row]);

    expect(answers.get(row.id)).toMatchObject({ kind: 'done' });
    const since = (await vicidial.journal()).slice(before).filter(({ record }) => record === leg.leadKey);
    expect(since).toEqual([]);
  });

  it('keeps a lead that is to be called back out of the hopper from the hang-up on', async () => {
    const leg = await liveCall();

    await control.hangUp(leg, { outcome: 'callback', disposition: 'CALLBK', callbackAt: '2026-11-30T16:30:00.000Z' });

    expect((await stateOf(leg)).lead?.status).toBe('CBHOLD');
  });

  it('that came in is over for its callback too as soon as it is hung up', async () => {
    await vicidial.sql("UPDATE vicidial_remote_agents SET closer_campaigns = ' SALESLINE -'", []);
    const leg = await liveCall({ kind: 'inbound', inGroup: 'SALESLINE' });
    const at = new Date(vicidial.clock.now() + 300_000).toISOString();
    await control.hangUp(leg, { outcome: 'callback', disposition: 'CALLBK', callbackAt: at });
    const row = writeBackFor(leg, { aspect: 'callback', at, note: '' });

    const answers = await vicidial.dialer.deliver([row]);

    expect((await stateOf(leg)).autoCall).toBeNull();
    expect(answers.get(row.id)).toEqual({ kind: 'done', note: 'read back' });
  });

  it('that came in and that no line had is nobody’s, whoever had the lead before', async () => {
    const leadId = await vicidial.addLead();
    const target = await vicidial.placeCall(leadId, {
      ...{ kind: 'inbound', inGroup: 'SALESLINE', noticeSec: 600, talkSec: 3 },
    });
    await untilOver(vicidial.simulator, vicidial.pass);
    // VICIdial leaves the name that an earlier call put there.
    await vicidial.sql("UPDATE vicidial_list SET user = 'anna' WHERE lead_id = ?", [leadId]);
    const row = writeBackFor(target, { aspect: 'disposition', disposition: 'SALE', outcome: 'sale' });

    const written = (await vicidial.dialer.deliver([row])).get(row.id);
    await vicidial.pass(16);
    const receipt = written?.kind === 'submitted' ? written.receipt : '';
    const settled = (await vicidial.dialer.confirm?.(receipt, [row]))?.get(row.id);

    expect(written).toMatchObject({ kind: 'submitted' });
    expect(settled).toMatchObject({ kind: 'done', note: 'read back' });
  });

  it('goes to the in-group, whose human has the last word', async () => {
    const leg = await liveCall({ human: { status: 'NI', user: 'anna', afterSec: 30 } });

    const answer = await control.transfer(leg, 'ingroup:SALESLINE', transferred);
    await vicidial.pass(8);
    const during = await stateOf(leg);
    const early = writeBackFor(leg, { aspect: 'disposition', ...transferred });
    const waiting = (await vicidial.dialer.deliver([early])).get(early.id);
    await untilOver(vicidial.simulator, vicidial.pass);
    const row = writeBackFor(leg, { aspect: 'disposition', ...transferred });
    const answers = await bringHome(vicidial, [row]);

    expect(answer).toEqual({ kind: 'done' });
    expect((await commands()).at(-1)).toBe(
      `Redirect Exten: 90009*SALESLINE**${leg.leadKey}**${leg.number}**${await lineOf(leg)}**`,
    );
    expect(during.logs[0]).toMatchObject({ status: 'AIQUAL', term_reason: 'NONE' });
    expect([during.lead?.status, during.lead?.user]).toEqual(['INCALL', 'anna']);
    expect(during.autoCall).toMatchObject({ campaign_id: 'SALESLINE', status: 'CLOSER' });
    expect(waiting).toMatchObject({ kind: 'notYet' });
    expect(answers.get(row.id)).toMatchObject({ kind: 'overtaken', disposition: 'NI', by: 'anna' });
    expect((await stateOf(leg)).lead?.status).toBe('NI');
  });

  it("goes to the campaign's default in-group when none is named, and to a number", async () => {
    await vicidial.sql("UPDATE vicidial_campaigns SET default_xfer_group = 'SALESLINE'", []);
    const [first, second] = [await liveCall(), await liveCall()];

    const answers = [
      await control.transfer(first, '', transferred),
      await control.transfer(second, 'extension:99195551234', transferred),
    ];

    expect(answers).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    const [group, number] = (await commands()).slice(-2);
    expect(group).toContain('90009*SALESLINE**');
    expect(number).toBe('Redirect Exten: 99195551234');
  });

  it('is over when the customer hung up, even where the dialer’s own status is the one that is mapped', async () => {
    const leg = await liveCall();
    await vicidial.simulator.end(leg.callKey);
    await vicidial.pass(1);

    const answer = await control.transfer(leg, 'ingroup:SALESLINE', { outcome: 'transferred', disposition: 'XFER' });

    expect((await stateOf(leg)).logs[0]).toMatchObject({ status: 'XFER', term_reason: 'CALLER' });
    expect(answer).toEqual({ kind: 'over' });
  });

  it('is not acted on while no line has it: nobody else’s name goes into the log', async () => {
    const leg = await liveCall();
    await vicidial.sql("UPDATE vicidial_live_agents SET callerid = 'X' WHERE callerid = ?", [leg.callKey]);

    const answer = await control.hangUp(leg, sale);

    expect(answer).toMatchObject({ kind: 'refused', why: 'no line of a remote agent has the call' });
    await vicidial.sql("UPDATE vicidial_live_agents SET callerid = ? WHERE callerid = 'X'", [leg.callKey]);
  });

  it('is refused with the reason when the line of which a header told is not logged in', async () => {
    const leg = await liveCall();
    await vicidial.sql("UPDATE vicidial_live_agents SET callerid = 'X' WHERE callerid = ?", [leg.callKey]);

    const answer = await control.hangUp({ ...leg, agent: '7999' }, sale);

    expect(answer).toMatchObject({ kind: 'refused', why: expect.stringContaining('agent_user is not logged in') });
    await vicidial.sql("UPDATE vicidial_live_agents SET callerid = ? WHERE callerid = 'X'", [leg.callKey]);
  });

  it('has the status of VICIdial itself where none is mapped', async () => {
    const leg = await liveCall();

    const answers = [
      await control.hangUp(leg, { outcome: 'qualified', disposition: '' }),
      await control.hangUp(leg, { outcome: 'qualified', disposition: '' }),
    ];

    expect(answers).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect((await stateOf(leg)).lead?.status).toBe('RAXFER');
  });

  it.each([
    ['ingroup:SALESLINE', true],
    ['extension:9195551234', true],
    ['SALESLINE', false],
    ['extension:+1919', false],
    ['ingroup:A B', false],
    ['ingroup:SALES\nHANGUP', false],
  ])('can be configured to go to %j: %s', (target, isGood) => {
    const raw = {
      type: 'vicidial',
      api: { url: 'http://dialer.example.com/vicidial/non_agent_api.php', user: 'patchbay', pass: 'x' },
      database: { host: 'db', user: 'reader', password: 'x' },
      timeZone: 'America/Denver',
      campaigns: { SPRING: { transfers: { sales: target } } },
    };

    expect(VicidialConfig.safeParse(raw).success).toBe(isGood);
  });

  async function lineOf({ leadKey }: Leg): Promise<string> {
    const [row] = await vicidial.sql('SELECT user FROM vicidial_remote_agent_log WHERE lead_id = ?', [leadKey]);
    return String(row?.user);
  }
});
