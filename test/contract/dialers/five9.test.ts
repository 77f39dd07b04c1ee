import { afterEach, describe, expect, it } from 'vitest';
import type { Desired } from '../../../src/domain/write-back.ts';
import { bringHome, writeBackFor } from './bring-home.ts';
import { describeDialerContract } from './dialer-contract.ts';
import { type Five9Fixture, startFive9Fixture } from './five9-fixture.ts';

const mappingCheck = 'dispositions.known';

describeDialerContract('five9', {
  async start() {
    const fixture = await startFive9Fixture();
    // The doubtful campaign makes the check of the mapping fail, as it should (see below), however well Five9 is.
    const checks = () => fixture.dialer.checks().filter(({ id }) => id !== mappingCheck);
    return { ...fixture, dialer: { ...fixture.dialer, checks } };
  },
});

describe('five9', () => {
  let fixture: Five9Fixture;
  afterEach(() => fixture.stop());

  const sale: Desired = { aspect: 'disposition', disposition: 'AI - Sale', outcome: 'sale' };
  const operations = () => fixture.simulator.requests().map(({ operation }) => operation);
  const kinds = (answers: ReadonlyMap<string, { kind: string }>) => [...answers.values()].map(({ kind }) => kind);

  it('says which campaign maps to a disposition that is not there', async () => {
    fixture = await startFive9Fixture();

    const result = await fixture.dialer
      .checks()
      .find(({ id }) => id === mappingCheck)
      ?.run();

    expect(result).toMatchObject({ status: 'fail', found: expect.stringContaining('(Autumn)') });
  });

  it('writes the dispositions of a campaign in one import, each row with its own end', async () => {
    fixture = await startFive9Fixture();
    const [ada, ben] = [await fixture.endedCall(), await fixture.endedCall()];
    const stranger = { ...(await fixture.endedCall()), leadKey: '2125559999' };
    const rows = [ada, stranger, ben].map((target) => writeBackFor(target, sale));

    const answers = await bringHome(fixture, rows);

    expect(rows.map(({ id }) => answers.get(id)?.kind)).toEqual(['done', 'refused', 'done']);
    expect(fixture.simulator.state(ada.leadKey).dispositions).toEqual({ Spring: 'AI - Sale' });
    expect(fixture.simulator.state(ben.leadKey).dispositions).toEqual({ Spring: 'AI - Sale' });
  });

  it('sends what an import lost again, alone, and the rest not', async () => {
    fixture = await startFive9Fixture();
    const rows = [writeBackFor(await fixture.endedCall(), sale), writeBackFor(await fixture.endedCall(), sale)];
    const [broken] = rows;
    fixture.simulator.refuseRows((number1) => number1 === broken?.target.leadKey);

    const first = await fixture.dialer.deliver(rows);
    const receipt = [...first.values()].map((answer) => (answer.kind === 'submitted' ? answer.receipt : ''))[0] ?? '';
    await fixture.passTimeTo(new Date(fixture.clock.now() + 10_000).toISOString());
    const confirmed = await fixture.dialer.confirm?.(receipt, rows);
    fixture.simulator.heal();
    const again = await bringHome(fixture, [{ ...(broken as (typeof rows)[0]), inDoubt: true }]);

    expect(rows.map(({ id }) => confirmed?.get(id)?.kind)).toEqual(['retry', 'done']);
    expect(kinds(again)).toEqual(['done']);
  });

  it('leaves both the callback and the disposition of a call in place', async () => {
    fixture = await startFive9Fixture();
    const target = await fixture.endedCall();
    const at = '2026-03-04T15:00:00.000Z';
    const wishes: Desired[] = [
      { aspect: 'disposition', disposition: 'AI - Callback', outcome: 'callback', callbackAt: at },
      { aspect: 'callback', at, note: '' },
    ];
    const rows = wishes.map((desired) => ({ ...writeBackFor(target, desired), correlationId: 'adas-call' }));
    // The callback's import takes its time, and resets the disposition in the end.
    fixture.simulator.failNext('importRunningFor', { operation: 'asyncAddRecordsToList', ms: 30_000 });

    const answers = await bringHome(fixture, rows);

    expect(kinds(answers)).toEqual(['done', 'done']);
    expect(fixture.simulator.state(target.leadKey)).toMatchObject({
      dispositions: { Spring: 'AI - Callback' },
      listEntries: expect.arrayContaining([{ list: 'AI callbacks', callTime: at }]),
    });
  });

  it('takes a callback back', async () => {
    fixture = await startFive9Fixture();
    const target = await fixture.endedCall();
    await bringHome(fixture, [writeBackFor(target, fixture.desired('callback', target))]);

    const answers = await bringHome(fixture, [
      { ...writeBackFor(target, { aspect: 'callback', at: null, note: '' }), revision: 2 },
    ]);

    expect(kinds(answers)).toEqual(['done']);
    expect(fixture.simulator.state(target.leadKey).listEntries.map(({ list }) => list)).toEqual(['Leads']);
  });

  it('finds a contact by its number when the call named no key', async () => {
    fixture = await startFive9Fixture();
    const target = await fixture.endedCall();

    const answers = await bringHome(fixture, [writeBackFor({ ...target, leadKey: '' }, sale)]);

    expect(kinds(answers)).toEqual(['done']);
    expect(fixture.simulator.state(target.leadKey).dispositions).toEqual({ Spring: 'AI - Sale' });
  });

  it('waits for the next window when imports are used up, without spending an attempt', async () => {
    fixture = await startFive9Fixture({ limits: { AsynchronousUpload: { minute: 1, hour: 100, day: 100 } } });
    const spring = writeBackFor(await fixture.endedCall(), sale);
    const summer = writeBackFor({ ...(await fixture.endedCall()), campaign: 'Summer' }, sale);
    // A second late, as clocks differ.
    const nextMinute = new Date((Math.floor(fixture.clock.now() / 60_000) + 1) * 60_000 + 1000).toISOString();

    const first = await fixture.dialer.deliver([spring, summer]);
    const answers = await bringHome(fixture, [summer]);

    expect(first.get(spring.id)?.kind).toBe('submitted');
    expect(first.get(summer.id)).toMatchObject({ kind: 'notYet', until: nextMinute });
    expect(kinds(answers)).toEqual(['done']);
    // One that went, and one when the minute was over: none that Five9 would refuse.
    expect(operations().filter((name) => name === 'asyncUpdateCampaignDispositions')).toHaveLength(2);
  });

  it('survives lost sessions, server faults and pages that are not SOAP without doing anything twice', async () => {
    fixture = await startFive9Fixture();
    const target = await fixture.endedCall();
    const rows = fixture.dialer.aspects.map((aspect) => writeBackFor(target, fixture.desired(aspect, target)));
    fixture.simulator.failNext('sessionClosed', { times: 3 });
    fixture.simulator.failNext('serverFault', { times: 2, operation: 'asyncAddRecordsToList' });
    fixture.simulator.failNext('serviceUnavailable503Html', { times: 2 });
    fixture.simulator.failNext('timeoutAfterEffect', { operation: 'asyncAddRecordsToList' });

    const answers = await bringHome(fixture, rows);

    expect(kinds(answers)).toEqual(rows.map(() => 'done'));
    const callbacks = (await fixture.journal()).filter(({ kind }) => kind === 'callback');
    expect(callbacks).toHaveLength(1);
  });

  it('never reaches for the password again once it was refused', async () => {
    fixture = await startFive9Fixture();
    const denied = await fixture.withWrongPassword();
    const row = writeBackFor(await fixture.endedCall(), sale);

    const answers = [await denied.deliver([row]), await denied.deliver([row])];

    expect(answers.map((each) => each.get(row.id)?.kind)).toEqual(['notYet', 'notYet']);
    expect(fixture.simulator.requests().filter(({ status }) => status === 401)).toHaveLength(1);
  });

  it('tells the operator when a part of the contacts reaches the cap', async () => {
    fixture = await startFive9Fixture();
    const contacts = Array.from({ length: 1000 }, (_, index) => ({
      fields: { number1: `3105551${String(index).padStart(3, '0')}`, state: 'NY' },
    }));
    fixture.simulator.seed({ contacts });

    const page = await fixture.dialer.readLeads?.('', AbortSignal.timeout(5000));

    expect(page).toMatchObject({ rejects: { 'partition at the cap': 1 }, cursor: 'p:1' });
  });
});
