import { describe, expect, it } from 'vitest';
import type { CallSighting } from '../../../src/domain/call.ts';
import { answerXml } from './soap-stub.ts';
import { contactXml, start, stopAfterEach } from './start-dialer.ts';

stopAfterEach();

const ada = { patchbay_key: 'K1', number1: '2125550101', number2: '', first_name: 'Ada', zip: '10001' };
const keyless = { ...ada, patchbay_key: '' };
const { signal } = new AbortController();

function sightingOf(leg: Partial<CallSighting['leg']>): CallSighting {
  const nothing = { campaign: 'Spring', list: '', leadKey: '', number: '', phone: '', agent: '' };
  const at = { calledAt: '2026-03-02T15:00:00.000Z' };
  return { refs: [], leg: { dialer: 'five9', callKey: '30000000001', ...nothing, ...at, ...leg }, fields: {} };
}

/** A Five9 that answers each lookup by its one criterion, `field=value`. */
function startWith(contacts: Record<string, object[]>, config: object = {}) {
  return start(
    (operation, xml) => {
      const field = /<field>(.*?)<\/field>/.exec(xml)?.[1] ?? '';
      const value = /<value>(.*?)<\/value>/.exec(xml)?.[1] ?? '';
      const found = contacts[field ? `${field}=${value}` : 'all'] ?? [];
      const [first, ...others] = found.map((contact) => contactXml(contact as Record<string, string>));
      const records = others.map((each) => /<records>.*<\/records>/.exec(each)?.[0] ?? '').join('');
      return { body: answerXml(operation, first ? first.replace('</return>', `${records}</return>`) : '<return/>') };
    },
    { keyField: 'patchbay_key', ...config },
  );
}

describe('findLead', () => {
  it.each([
    ['its key', { leadKey: 'K1' }, { 'patchbay_key=K1': [ada] }, 'K1'],
    ['its number', { phone: '+12125550101' }, { 'number1=2125550101': [ada] }, 'K1'],
    ['its second number', { phone: '+12125550101' }, { 'number2=2125550101': [ada] }, 'K1'],
    ['its number, when it has no key yet', { phone: '+12125550101' }, { 'number1=2125550101': [keyless] }, ''],
  ])('finds a contact by %s', async (_name, leg, contacts, key) => {
    const { dialer } = await startWith(contacts);

    expect(await dialer.findLead?.(sightingOf(leg), signal)).toMatchObject({
      key,
      phones: ['+12125550101'],
      fields: { first_name: 'Ada', postal_code: '10001' },
    });
  });

  it.each([
    ['nobody', {}],
    ['two of one number', { 'number1=2125550101': [ada, { ...ada, patchbay_key: 'K2' }] }],
  ])('does not guess: %s', async (_name, contacts) => {
    const { dialer } = await startWith(contacts);

    expect(await dialer.findLead?.(sightingOf({ phone: '+12125550101' }), signal)).toBeNull();
  });

  it('ends with the time that the caller has', async () => {
    const { dialer } = await start((operation) => ({ body: answerXml(operation, '<return/>'), delayMs: 300 }));

    const late = dialer.findLead?.(sightingOf({ leadKey: '2125550101' }), AbortSignal.timeout(10));

    await expect(late).rejects.toMatchObject({ code: 'dialer_away', retryable: true });
  });
});

describe('leads by partitions', () => {
  const partitions = [{ field: 'state', values: ['CO', 'NM'] }];

  it('are read part by part, and one without a key is counted', async () => {
    const { dialer } = await startWith({ 'state=CO': [ada, keyless], 'state=NM': [] }, { sync: { partitions } });

    const first = await dialer.readLeads?.('', signal);
    const second = await dialer.readLeads?.(first?.cursor ?? '', signal);

    expect(first).toMatchObject({ cursor: 'p:1', rejects: { 'nothing in the key field patchbay_key': 1 } });
    expect(first?.leads.map(({ key }) => key)).toEqual(['K1']);
    expect(second).toEqual({ leads: [], rejects: {}, cursor: '' });
  });

  it('are the same when nothing changed, also where no field tells the last modification', async () => {
    const { dialer, clock } = await startWith({ all: [ada] });

    const before = await dialer.readLeads?.('', signal);
    clock.set('2026-03-09T20:00:00.000Z');
    const after = await dialer.readLeads?.('', signal);

    expect(before?.leads).toHaveLength(1);
    expect(after).toEqual(before);
  });

  it('tell when they were changed by the clock of the domain', async () => {
    const changed = { ...ada, modified: '2026-03-08 03:00:00.000' };
    const { dialer } = await startWith({ all: [changed] }, { fields: { lastModifiedAt: 'modified' } });

    const page = await dialer.readLeads?.('', signal);

    expect(page?.leads).toMatchObject([{ changedAt: '2026-03-08T07:00:00.000Z' }]);
  });

  it('are reported where a part is at the cap of 1,000', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ ...ada, patchbay_key: `K${n}` }));
    const { dialer } = await startWith({ 'state=CO': many }, { sync: { partitions } });

    const page = await dialer.readLeads?.('', signal);

    expect(page?.rejects).toEqual({ 'partition at the cap': 1 });
    expect(page?.leads).toHaveLength(1000);
  });
});
