import { afterEach, describe, expect, it } from 'vitest';
import { five9 } from '../../connectors/five9/index.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import type { Dialer } from '../../src/domain/dialer.ts';
import { ConnectorError } from '../../src/domain/errors.ts';
import type { TestCall, TestCalls } from '../../src/domain/test-call.ts';
import { startSite, stopSitesAfterEach } from '../contract/dialers/five9-setup-site.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import type { SeedInput } from '../simulators/five9/options.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp } from '../support/start-app.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

stopSitesAfterEach();

const spring = 'Spring outbound';
const dispositions = { sale: 'AI - Sale' };
const ada = { phone: '+12125550101', number: '2125550101' };
const stranger = { phone: '+12125550155', number: '2125550155' };
const running = { name: spring, type: 'AUTODIAL', state: 'RUNNING', lists: ['AI callbacks', 'Leads'] } as const;

/** A domain that dials, and Patchbay behind its scripts. */
async function start(seed: SeedInput = {}): Promise<{ simulator: Five9Simulator; dialer: Dialer; calls: TestCalls }> {
  const simulator = await startFive9Simulator({
    clock: realClock,
    users: [{ name: 'ada@example', password: 'engine' }],
    importDelayMs: 0,
    dials: true,
    ivrUser: 'script',
    ivrKey: keys.script,
    seed: {
      campaigns: [
        { ...running, lists: [...running.lists] },
        { name: 'Help line', type: 'INBOUND', ani: '8005550177' },
        { name: 'Winter', type: 'OUTBOUND', lists: ['Leads'], members: { dialingMode: 'PREVIEW' } },
        { name: 'Bare', type: 'AUTODIAL' },
      ],
      dispositions: ['AI - Sale'],
      contactFields: [
        { name: 'patchbay_key' },
        { name: 'last_disposition', mapTo: 'LastDisposition' },
        { name: 'last_disposition_at', type: 'DATE_TIME', mapTo: 'LastDispositionDateTime' },
      ],
      contacts: [{ fields: { number1: ada.number, patchbay_key: 'key-of-ada' }, lists: ['Leads'] }],
      ...seed,
    },
  });
  stops.push(() => simulator.stop());
  const campaigns = Object.fromEntries(
    [spring, 'Help line', 'Winter', 'Bare'].map((name) => [
      name,
      { dispositions, script: { transferTo: '+19895551235', skill: 'Sales', name: `Script of ${name}` } },
    ]),
  );
  const patchbay = await startTestApp({
    registry: { dialers: [five9], platforms: [sigmamind] },
    dialers: {
      five9: {
        type: 'five9',
        soap: { host: simulator.url, users: [{ user: 'ada@example', password: 'engine' }] },
        domainTimeZone: 'America/Los_Angeles',
        callbackList: 'AI callbacks',
        fields: { lastDisposition: 'last_disposition', lastDispositionAt: 'last_disposition_at' },
        campaigns,
      },
    },
  });
  stops.push(() => patchbay.stop());
  simulator.pointAt({ patchbayUrl: patchbay.url });
  const dialer = patchbay.app.instances.find(({ id }) => id === 'five9') as Dialer;
  return { simulator, dialer, calls: dialer.testCalls as TestCalls };
}

async function refusal(work: Promise<TestCall>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectorError)) throw new Error('it was not refused');
  return `${error.message} → ${error.hint}`;
}

describe('a test call of Five9', () => {
  it('names the campaigns that dial', async () => {
    const { calls } = await start();

    expect(await calls.campaigns()).toEqual([spring, 'Winter', 'Bare']);
  });

  it('is dialled at once, even after a final disposition, and its script registers at Patchbay', async () => {
    const { simulator, calls } = await start();
    simulator.seed({ dispositions: [{ name: 'AI - Sale', type: 'FinalDisp' }] });
    simulator.change(({ contacts, records }) => {
      const [contact] = contacts.find([['number1', ada.number]]);
      if (contact) records.set(spring, new Map([[contact.id, { disposition: 'AI - Sale', at: 0, by: 'human' }]]));
    });

    const call = await calls.begin({ campaign: spring, phone: ada.phone });

    expect(call).toMatchObject({ campaign: spring, phone: ada.phone, leadKey: 'key-of-ada' });
    await eventually(() => expect(simulator.calls()).toMatchObject([{ number1: ada.number, list: 'Leads' }]));
    await eventually(() => expect(simulator.calls()[0]?.correlation_id).not.toBe(''));
    expect(simulator.calls()[0]?.queries[0]).toMatchObject({ module: 'register', status: 200 });
  });

  it('tells nothing of itself but its end, by the disposition that the contact shows since', async () => {
    const { simulator, calls } = await start();
    const call = await calls.begin({ campaign: spring, phone: ada.phone });

    const before = await calls.look(call);
    const human = { disposition: 'AI - Sale', afterSec: 0 };
    const placed = simulator.call({ campaign: spring, number1: ada.number, callType: 4, human });
    if (placed.kind === 'placed') await placed.over;

    expect(before).toMatchObject({ stage: 'waiting', why: expect.stringContaining('register request') });
    expect(await calls.look(call)).toEqual({
      stage: 'over',
      why: 'the contact shows the disposition AI - Sale',
      disposition: 'AI - Sale',
    });
    simulator.seed({ campaigns: [{ ...running, lists: [...running.lists], state: 'STOPPING' }] });
    const later = { ...call, begunAt: new Date(Date.now() + 60_000).toISOString() };
    expect(await calls.look(later)).toMatchObject({ stage: 'waiting', fix: expect.stringContaining('Start it') });
  });

  it('leaves nothing behind when Five9 does not tell what became of the record', async () => {
    const { simulator, calls } = await start();
    const before = simulator.domain().lists;
    simulator.failNext('importForgotten', { operation: 'asyncAddRecordsToList' });

    await expect(calls.begin({ campaign: spring, phone: stranger.phone })).rejects.toThrow(ConnectorError);

    expect(simulator.requests().some(({ operation }) => operation === 'asyncAddRecordsToList')).toBe(true);
    expect(simulator.domain().lists).toEqual(before);
    expect(simulator.state(stranger.number).contact).toBeNull();
  });

  it('leaves a contact and its list as they were', async () => {
    const { simulator, calls } = await start();
    const before = simulator.domain().lists;
    const call = await calls.begin({ campaign: spring, phone: ada.phone });

    await calls.end(call);
    await calls.end(call);

    expect(simulator.domain().lists).toEqual(before);
    expect(simulator.state(ada.number).contact?.fields.patchbay_key).toBe('key-of-ada');
  });

  it('makes a contact for a number that has none, and deletes it again, also in another process', async () => {
    const { simulator, calls, dialer } = await start();
    const call = await calls.begin({ campaign: spring, phone: stranger.phone });
    const made = simulator.state(stranger.number);
    await eventually(() => expect(simulator.calls()).toMatchObject([{ number1: stranger.number }]));

    expect(made).toMatchObject({
      contact: { fields: { patchbay_key: call.leadKey } },
      listEntries: [{ list: 'Leads' }],
    });
    expect(call.leadKey).toMatch(/^patchbay-test-/);

    await calls.end({ ...call, leadKey: 'key-of-somebody' });
    expect(simulator.state(stranger.number).contact).not.toBeNull();
    await calls.end(call);
    expect(simulator.state(stranger.number)).toMatchObject({ contact: null, listEntries: [] });
    await dialer.testCalls?.end(call);
    expect(await calls.look(call)).toMatchObject({ stage: 'over', why: expect.stringContaining('no more') });
  });

  it('is refused where the dialer would not call, with what to do', async () => {
    const { simulator, calls } = await start();
    const begin = (campaign: string, { phone } = ada) => refusal(calls.begin({ campaign, phone }));

    expect(await begin('Help line')).toContain('inbound');
    expect(await begin('Winter')).toContain('Dialing Mode');
    expect(await begin('Bare')).toContain('has no list → Add one');
    expect(await begin('Nowhere')).toContain('no campaign "Nowhere"');
    expect(await begin(spring, { phone: '12125550101', number: '' })).toContain('with + and the country code');
    simulator.seed({ contacts: [{ fields: { number1: ada.number } }] });
    expect(await begin(spring)).toContain('2 contacts');
    simulator.change(({ dnc }) => void dnc.add(ada.number));
    expect(await begin(spring)).toContain('DNC list');
    simulator.seed({ campaigns: [{ ...running, lists: [...running.lists], state: 'NOT_RUNNING' }] });
    expect(await begin(spring, stranger)).toContain('Start it: VCC Administrator');
    expect(simulator.calls()).toEqual([]);
  });

  it('is refused for a number that has opted out with us', async () => {
    const { dialer, simulator } = await startSite();

    const why = await refusal(
      dialer.testCalls?.begin({ campaign: spring, phone: '+12125550109' }) as Promise<TestCall>,
    );

    expect(why).toContain('opted out');
    expect(simulator.requests()).toEqual([]);
  });

  it('names the account at the trunk for a softphone', async () => {
    const { dialer } = await start();

    expect(dialer.softphone?.(spring)).toMatchObject({
      dial: '+19895551235',
      passwordFrom: 'the provider of the trunk',
    });
    expect(() => dialer.softphone?.('Nowhere')).toThrow('has no script');
  });
});
