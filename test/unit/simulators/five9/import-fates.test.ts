import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import {
  ada,
  bea,
  type CallCenter,
  dispositionImport,
  faultIn,
  identifier,
  mapping,
  openCallCenter,
  rows,
  spring,
  textOf,
} from './call-center.ts';
import { type StandIn, standIn } from './stand-in.ts';

const sale = dispositionImport(spring, [ada, 'Sale']);

describe('what may befall an import of the Five9 simulator', () => {
  let center: CallCenter;
  let ear: StandIn;
  beforeEach(async () => {
    center = await openCallCenter();
    ear = await standIn(() => ({ text: '' }));
  });
  afterEach(async () => {
    await center.five9.stop();
    await ear.stop();
  });

  async function submit(operation: string, inner: string): Promise<string> {
    const { body } = await center.soap(operation, inner);
    center.clock.advance(2000);
    return textOf(body, 'identifier');
  }

  const resultOf = (id: string) => center.soap('getDispositionsImportResult', identifier(id));
  const dispositionOf = (number: string) => center.five9.state(number).dispositions[spring];
  const summaries = (count: number) =>
    `<crmUpdateSettings><callbackUrl>${ear.url}/told</callbackUrl>${mapping('number1', 'ai_summary')}<skipHeaderLine>false</skipHeaderLine></crmUpdateSettings>${rows(...Array.from({ length: count }, () => [ada, 'x']))}`;

  it('tells of one record too few when it miscounts, and wrote it all the same', async () => {
    center.five9.failNext('miscount');

    const { body } = await resultOf(await submit('asyncUpdateCampaignDispositions', sale));

    expect([textOf(body, 'success'), textOf(body, 'dispRecordsUpdated')]).toEqual(['true', '0']);
    expect(dispositionOf(ada)).toBe('Sale');
  });

  it('changes nothing when it is cancelled', async () => {
    center.five9.failNext('importCancelled');

    const { body } = await resultOf(await submit('asyncUpdateCampaignDispositions', sale));

    expect(textOf(body, 'success')).toBe('false');
    expect(dispositionOf(ada)).toBeUndefined();
  });

  it('takes effect when its identifier is forgotten', async () => {
    center.five9.failNext('importForgotten');

    const { body } = await resultOf(await submit('asyncUpdateCampaignDispositions', sale));

    expect(faultIn(body)).toBe('UnknownIdentifierFault');
    expect(dispositionOf(ada)).toBe('Sale');
  });

  it('takes effect before the session is closed, when it is told to', async () => {
    center.five9.failNext('sessionClosedAfterEffect', { operation: 'asyncUpdateCampaignDispositions' });

    const { body } = await center.soap('asyncUpdateCampaignDispositions', sale);
    center.clock.advance(2000);

    expect(faultIn(body)).toBe('AdminSessionClosedFault');
    expect(dispositionOf(ada)).toBe('Sale');
  });

  it('tells of its end once, twice or never', async () => {
    await submit('updateContacts', summaries(1));
    await eventually(() => expect(ear.asked).toHaveLength(1));
    center.five9.failNext('callbackTwice');
    await submit('updateContacts', summaries(1));
    await eventually(() => expect(ear.asked).toHaveLength(3));
    center.five9.failNext('callbackLost');
    await submit('updateContacts', summaries(1));
    await submit('updateContacts', summaries(1));
    await eventually(() => expect(ear.asked).toHaveLength(4));

    expect(new Set(ear.asked.map(({ body }) => body)).size).toBe(3);
  });

  it.each([
    ['asyncUpdateCrmRecords', 101, '100'],
    ['updateContacts', 50_001, '50000'],
  ])('%s refuses %i rows', { timeout: 30_000 }, async (operation, count, limit) => {
    const { body } = await center.soap(operation, summaries(count));

    expect(faultIn(body)).toBe('ImportSizeLimitExceededFault');
    expect([textOf(body, 'limit'), textOf(body, 'recordsCount')]).toEqual([limit, String(count)]);
  });

  it('takes 50,000 rows in a few seconds', { timeout: 30_000 }, async () => {
    const numbers = Array.from({ length: 50_000 }, (_, index) =>
      `212555${String(index).padStart(5, '0')}`.slice(0, 11),
    );
    center.five9.seed({
      contactFields: [{ name: 'row_key' }],
      contacts: numbers.map((key) => ({ fields: { row_key: key, number1: bea }, lists: ['Spring leads'] })),
    });
    const inner = `<campaignName>${spring}</campaignName><DispositionsUpdateSettings>${mapping('row_key')}<skipHeaderLine>false</skipHeaderLine><dispositionColumnNumber>2</dispositionColumnNumber><updateToCommonDisposition>false</updateToCommonDisposition><warnIfNoCrmMatchFound>true</warnIfNoCrmMatchFound></DispositionsUpdateSettings>${rows(...numbers.map((key) => [key, 'Sale']))}`;
    const began = performance.now();

    const { body } = await resultOf(await submit('updateDispositions', inner));

    expect(textOf(body, 'dispRecordsUpdated')).toBe('50000');
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
