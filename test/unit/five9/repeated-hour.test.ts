import { describe, expect, it } from 'vitest';
import type { TestCall } from '../../../src/domain/test-call.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { describedCall } from '../../support/described-call.ts';
import { rowOf, sale } from './cast.ts';
import { answerXml } from './soap-stub.ts';
import { contactXml, dialledList, identifier, lunch, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

const fields = {
  lastDisposition: 'last_disp',
  lastDispositionAt: 'last_disp_at',
  lastAgentDisposition: 'agent_disp',
  lastAgentDispositionAt: 'agent_disp_at',
  lastModifiedAt: 'changed_at',
  callbackMark: 'mark',
};

/** On 1 November New York has the hour from one to two twice: from 5:00 and from 6:00 UTC. */
const day = (time: string) => `2026-11-01T${time}.000Z`;
const shows = (time: string) => `2026-11-01 ${time}.000`;
const said = (time: string) => ({ last_disp: 'AI - Sale', last_disp_at: shows(time) });
const agents = (time: string) => ({ agent_disp: 'Sold', agent_disp_at: shows(time) });

interface Case {
  contact: Record<string, string>;
  calledAt: string;
  now: string;
  row?: Partial<WriteBack>;
  desired?: Desired;
  known?: readonly WriteBack[];
}

/** Ada's call two minutes before its row was planned, which is delivered now. */
async function startWith({ contact, calledAt, now, row = {}, desired = sale, known = [] }: Case) {
  const { dialer, stub, clock } = await start(
    (op) => ({
      body: answerXml(
        op,
        op === 'getContactRecords'
          ? contactXml({ number1: '2125550101', ...contact })
          : (dialledList(op) ?? (op.endsWith('ImportResult') ? through : identifier)),
      ),
    }),
    { fields, callbackList: 'AI callbacks' },
    { describeCalls: async () => [describedCall(known)] },
  );
  clock.set(day(now));
  const createdAt = new Date(Date.parse(day(calledAt)) + 120_000).toISOString();
  const planned = withKey(rowOf('a', desired, { createdAt, ...row }));
  return { dialer, stub, row: { ...planned, target: { ...planned.target, calledAt: day(calledAt) } } };
}

const through = '<return><success>true</success><dispRecordsUpdated>1</dispRecordsUpdated></return>';

async function deliver(given: Case) {
  const { dialer, row } = await startWith(given);
  return (await dialer.deliver([row])).get('a');
}

describe('in the hour that comes twice, a disposition', () => {
  it.each([
    ['the first time', said('01:21:00'), '05:20:00', '05:23:00', 'done'],
    ['the second time', said('01:21:00'), '06:20:00', '06:23:00', 'done'],
    ['in a call that began the first time', said('01:01:00'), '05:58:00', '06:02:00', 'done'],
    ['the first time, long ago by now', said('01:21:00'), '05:20:00', '09:00:00', 'done'],
    ['before the call, the first time', said('01:19:00'), '05:20:00', '05:23:00', 'submitted'],
    ['before the call, the second time', said('01:19:00'), '06:20:00', '06:23:00', 'submitted'],
    ['before the call, which was the second time', said('01:50:00'), '06:20:00', '06:23:00', 'submitted'],
  ])('that the script set %s', async (_when, contact, calledAt, now, kind) => {
    expect((await deliver({ contact, calledAt, now }))?.kind).toBe(kind);
  });

  it.each([
    ['shows: the import took effect', '01:21:00', '05:20:00', 'done'],
    ['shows since before the call', '01:50:00', '06:20:00', 'notYet'],
  ])('in doubt %s', async (_what, shown, calledAt, kind) => {
    const now = calledAt.replace('20:', '23:');

    expect((await deliver({ contact: said(shown), calledAt, now, row: { inDoubt: true } }))?.kind).toBe(kind);
  });

  it.each([
    ['reset by it', '01:21:00', 'notYet'],
    ['from after it', '01:25:00', 'done'],
  ])('is brought after the callback of its call, where what shows was %s', async (_what, shown, kind) => {
    const desired = { ...sale, outcome: 'callback', callbackAt: '2026-11-02T17:00:00.000Z' } as Desired;
    const callback = withKey(rowOf('b', lunch, { state: 'confirmed', settledAt: day('05:24:00') }));
    const contact = { ...said(shown), mark: `ada0000000000a:1:${Date.parse(day('05:21:00'))}` };
    const given = { contact, calledAt: '05:20:00', desired, known: [callback] };
    const { dialer, row } = await startWith({ ...given, now: '06:40:00', row: { inDoubt: true } });

    const first = await dialer.deliver([row]);

    expect(first.get('a')?.kind).toBe(kind);
  });
});

describe('in the hour that comes twice, an agent', () => {
  it.each([
    ['before the call, the first time', agents('01:19:00'), '05:20:00', '05:23:00', 'submitted', undefined],
    ['after the call, the first time', agents('01:22:00'), '05:20:00', '05:23:00', 'overtaken', day('05:22:00')],
    ['after the call, the second time', agents('01:22:00'), '06:20:00', '06:23:00', 'overtaken', day('06:22:00')],
    [
      'before or after the call, which can not be told',
      agents('01:22:00'),
      '05:50:00',
      '06:30:00',
      'overtaken',
      day('06:22:00'),
    ],
    ['a moment ahead of our clock', agents('01:23:30'), '06:20:00', '06:23:00', 'overtaken', day('06:23:30')],
  ])('spoke %s', async (_when, contact, calledAt, now, kind, at) => {
    const answer = await deliver({ contact, calledAt, now });

    expect(answer).toMatchObject({ kind, ...(at && { at }) });
  });

  it('gives way to the operator who corrected what the agent said the first time', async () => {
    const desired = { ...sale, overrules: day('05:22:00') } as Desired;

    expect(
      await deliver({ contact: agents('01:22:00'), calledAt: '05:20:00', now: '06:40:00', desired }),
    ).toMatchObject({
      kind: 'submitted',
    });
  });

  it('has the word put back once, and not again an hour later', async () => {
    const { dialer, stub, row } = await startWith({
      contact: agents('01:22:00'),
      calledAt: '05:20:00',
      now: '06:40:00',
    });
    const receipt = `disp:0A1B2C:1@${Date.parse(day('05:22:00'))}`;

    const answers = await dialer.confirm?.(receipt, [row]);

    expect(answers?.get('a')).toMatchObject({ kind: 'overtaken', at: day('05:22:00') });
    expect(stub.requests.map(({ operation }) => operation)).not.toContain('asyncUpdateCampaignDispositions');
  });
});

it('in the hour that comes twice, a callback is marked with a time that has been', async () => {
  const { dialer, stub, row } = await startWith({
    contact: said('01:21:00'),
    calledAt: '05:20:00',
    now: '05:23:00',
    desired: lunch,
  });

  await dialer.deliver([row]);

  const sent = stub.requests.find(({ operation }) => operation === 'asyncAddRecordsToList');
  expect(sent?.xml).toContain(`ada0000000000a:1:${Date.parse(day('05:21:00'))}`);
});

it.each([
  ['the first time', '05:30:00', day('05:10:00')],
  ['the second time', '06:30:00', day('06:10:00')],
])('in the hour that comes twice, a lead was changed at a time that has been: %s', async (_when, now, expected) => {
  const { dialer, clock } = await start(
    (op) => ({ body: answerXml(op, contactXml({ number1: '2125550101', changed_at: shows('01:10:00') })) }),
    { fields },
  );
  clock.set(day(now));
  const leg = { dialer: 'five9', callKey: '', campaign: 'Spring', list: '', leadKey: '2125550101' };
  const of = { ...leg, number: '', phone: '', agent: '', calledAt: day('05:00:00') };

  const lead = await dialer.findLead?.({ refs: [], leg: of, fields: {} }, new AbortController().signal);

  expect(lead?.changedAt).toBe(expected);
});

describe('in the hour that comes twice', () => {
  it.each([
    ['ends a test call that began before it', '05:05:00', 'over'],
    ['does not end a test call that began after it', '05:15:00', 'waiting'],
  ])('a disposition %s', async (_what, begunAt, stage) => {
    const { dialer, clock } = await start(
      (op) => ({
        body: answerXml(op, dialledList(op) ?? contactXml({ number1: '2125550101', ...said('01:10:00') })),
      }),
      { fields },
    );
    clock.set(day('05:30:00'));
    const call = { phone: '+12125550101', campaign: 'Spring', begunAt: day(begunAt) } as TestCall;

    expect(await dialer.testCalls?.look(call)).toMatchObject({ stage });
  });

  it('the doctor takes no time for one of the future', async () => {
    const { dialer, clock } = await start(
      (op) => ({ body: answerXml(op, contactXml({ number1: '2125550101', ...said('01:10:00') })) }),
      { fields },
    );
    clock.set(day('05:30:00'));

    const check = dialer.checks().find(({ id }) => id === 'contacts.times');

    expect(await check?.run()).toMatchObject({ status: 'ok' });
  });
});
