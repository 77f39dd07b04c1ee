import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ada,
  bea,
  type CallCenter,
  dan,
  dispositionImport,
  faultIn,
  identifier,
  mapping,
  openCallCenter,
  rows,
  spring,
  textOf,
} from './call-center.ts';

const nobody = '7205550199';
const notInterested = 'AI - Not interested';
const usualDelayMs = 2000;

describe('the imports of the Five9 simulator', () => {
  let center: CallCenter;
  beforeEach(async () => {
    center = await openCallCenter();
  });
  afterEach(() => center.five9.stop());

  async function submit(operation: string, inner: string): Promise<string> {
    const { body } = await center.soap(operation, inner);
    return textOf(body, 'identifier');
  }

  async function dispositionResult(inner: string): Promise<string> {
    const id = await submit('asyncUpdateCampaignDispositions', inner);
    center.clock.advance(usualDelayMs);
    return (await center.soap('getDispositionsImportResult', identifier(id))).body;
  }

  function callbackImport(list: string, ...values: readonly (readonly string[])[]): string {
    return `<listName>${list}</listName><listUpdateSettings>${mapping('number1')}<skipHeaderLine>false</skipHeaderLine><callTimeColumnNumber>2</callTimeColumnNumber><cleanListBeforeUpdate>false</cleanListBeforeUpdate><crmAddMode>DONT_ADD</crmAddMode><crmUpdateMode>UPDATE_SOLE_MATCHES</crmUpdateMode><listAddMode>ADD_IF_SOLE_CRM_MATCH</listAddMode></listUpdateSettings>${rows(...values)}<resetDispositionsInCampaignsImportData>${spring}</resetDispositionsInCampaignsImportData>`;
  }

  it('runs for a while, and takes effect when it is through', async () => {
    const id = await submit('asyncUpdateCampaignDispositions', dispositionImport(spring, [ada, notInterested]));
    const running = await center.soap('isImportRunning', identifier(id));
    const tooEarly = await center.soap('getDispositionsImportResult', identifier(id));
    const before = center.five9.state(ada).dispositions;

    const longPoll = center.soap('isImportRunning', `${identifier(id)}<waitTime>10</waitTime>`);
    setTimeout(() => center.clock.advance(usualDelayMs), 50);
    const ended = await longPoll;
    const result = await center.soap('getDispositionsImportResult', identifier(id));

    expect([textOf(running.body, 'return'), textOf(ended.body, 'return')]).toEqual(['true', 'false']);
    expect(faultIn(tooEarly.body)).toBe('ResultIsNotReadyFault');
    expect(before).toEqual({});
    expect(textOf(result.body, 'dispRecordsUpdated')).toBe('1');
    expect(center.five9.state(ada).dispositions).toEqual({ [spring]: notInterested });
    expect(center.five9.state(ada).contact?.fields.last_disposition).toBe(notInterested);
  });

  it('knows an import by its identifier and its kind only', async () => {
    const id = await submit('asyncUpdateCampaignDispositions', dispositionImport(spring, [ada, notInterested]));
    center.clock.advance(usualDelayMs);

    const unknown = await center.soap('getDispositionsImportResult', identifier('no-such'));
    const otherKind = await center.soap('getCrmImportResult', identifier(id));

    expect([faultIn(unknown.body), faultIn(otherKind.body)]).toEqual([
      'UnknownIdentifierFault',
      'UnknownIdentifierFault',
    ]);
  });

  it('remarks on rows that fit no contact or several, without counting them as errors', async () => {
    const body = await dispositionResult(
      dispositionImport(
        spring,
        [ada, notInterested],
        [nobody, notInterested],
        [bea, notInterested],
        ['', notInterested],
      ),
    );

    const troubles = [...body.matchAll(/<kind>(\w+)<\/kind><rowNumber>(\d)</g)].map(
      ([, kind, row]) => `${row} ${kind}`,
    );
    expect(troubles.sort()).toEqual(['2 NoMatchesInContacts', '3 MultipleMatchesInContacts', '4 AllKeyFieldsAreEmpty']);
    expect(textOf(body, 'uploadErrorsCount')).toBe('0');
    expect(textOf(body, 'dispRecordsUpdated')).toBe('1');
    expect(textOf(body, 'failureMessage')).toBe('There were errors during the upload');
    expect(textOf(body, 'success')).toBe('true');
  });

  it('counts a refused row, an unknown disposition and a contact of no list of the campaign', async () => {
    center.five9.refuseRows((number1) => number1 === ada);

    const body = await dispositionResult(
      dispositionImport(spring, [ada, notInterested], [dan, notInterested], [dan, 'Unheard of']),
    );

    expect([...body.matchAll(/<kind>(\w+)</g)].map(([, kind]) => kind).sort()).toEqual([
      'InternalImportError',
      'NoMatchesInContacts',
      'ParseError',
    ]);
    expect([textOf(body, 'uploadErrorsCount'), textOf(body, 'dispRecordsUpdated')]).toEqual(['2', '0']);
  });

  it('makes an unknown disposition a fault when the switch says so', async () => {
    await center.five9.stop();
    center = await openCallCenter({ switches: { unknownDisposition: 'fault' } });

    const { body } = await center.soap(
      'asyncUpdateCampaignDispositions',
      dispositionImport(spring, [ada, 'Unheard of']),
    );

    expect(faultIn(body)).toBe('DispositionNotFoundFault');
  });

  it('refuses dispositions for an inbound campaign, and more than 100 rows', async () => {
    const inbound = await center.soap('asyncUpdateCampaignDispositions', dispositionImport('Help line', [ada, 'Sale']));
    const many = Array.from({ length: 101 }, () => [ada, 'Sale']);
    const tooMany = await center.soap('asyncUpdateCampaignDispositions', dispositionImport(spring, ...many));

    expect(faultIn(inbound.body)).toBe('WrongCampaignTypeFault');
    expect(textOf(inbound.body, 'actualType')).toBe('INBOUND');
    expect(faultIn(tooMany.body)).toBe('ImportSizeLimitExceededFault');
    expect([textOf(tooMany.body, 'limit'), textOf(tooMany.body, 'recordsCount')]).toEqual(['100', '101']);
  });

  it('puts the number on the DNC list when the type of the disposition says so', async () => {
    await dispositionResult(dispositionImport(spring, [ada, 'AI - Do not call']));

    expect(center.five9.state(ada).dnc).toBe(true);
    expect(center.five9.effects().map(({ kind, by }) => `${kind} by ${by}`)).toEqual([
      'disposition by api',
      'dnc by dialer',
    ]);
  });

  it('schedules a callback and makes the record diallable again', async () => {
    await dispositionResult(dispositionImport(spring, [ada, notInterested]));
    const callTime = '2026-11-26T17:00:00.000Z';

    const id = await submit(
      'asyncAddRecordsToList',
      callbackImport('AI callbacks', [ada, String(Date.parse(callTime))]),
    );
    center.clock.advance(usualDelayMs);
    const { body } = await center.soap('getListImportResult', identifier(id));

    expect(center.five9.state(ada).listEntries).toContainEqual({ list: 'AI callbacks', callTime });
    expect(center.five9.state(ada).dispositions).toEqual({});
    expect([textOf(body, 'listRecordsInserted'), textOf(body, 'recordDispositionsReset')]).toEqual(['1', '1']);
    expect(body).toContain('<result>UpdatedCRM</result><result>AddedToList</result>');
  });

  it('journals the same callback a second time as no change', async () => {
    const row = [ada, String(Date.parse('2026-11-26T17:00:00.000Z'))];
    for (let time = 0; time < 2; time += 1) {
      await submit('asyncAddRecordsToList', callbackImport('AI callbacks', row));
      center.clock.advance(usualDelayMs);
    }

    const callbacks = center.five9.effects().filter(({ kind }) => kind === 'callback');

    expect(callbacks.map(({ isChange }) => isChange)).toEqual([true, false]);
  });

  it('passes over the call time of a list that belongs to no campaign', async () => {
    await submit('asyncAddRecordsToList', callbackImport('Loose list', [dan, String(center.clock.now())]));
    center.clock.advance(usualDelayMs);

    expect(center.five9.state(dan).listEntries).toEqual([{ list: 'Loose list', callTime: null }]);
  });

  it('takes a contact out of a list again', async () => {
    const inner = `<listName>Spring leads</listName><listDeleteSettings>${mapping('number1')}<skipHeaderLine>false</skipHeaderLine><listDeleteMode>DELETE_IF_SOLE_CRM_MATCH</listDeleteMode></listDeleteSettings><record><fields>${ada}</fields></record>`;

    const { body } = await center.soap('deleteRecordFromList', inner);

    expect(textOf(body, 'listRecordsDeleted')).toBe('1');
    expect(center.five9.state(ada).listEntries).toEqual([]);
  });

  it.each([
    ['DONT_ADD', 'UPDATE_SOLE_MATCHES', nobody, { kind: 'NoMatchesInContacts', inserted: '0', updated: '0' }],
    ['ADD_NEW', 'UPDATE_SOLE_MATCHES', nobody, { kind: '', inserted: '1', updated: '0' }],
    ['DONT_ADD', 'UPDATE_SOLE_MATCHES', ada, { kind: '', inserted: '0', updated: '1' }],
    ['DONT_ADD', 'UPDATE_SOLE_MATCHES', bea, { kind: 'MultipleMatchesInContacts', inserted: '0', updated: '0' }],
    ['DONT_ADD', 'UPDATE_FIRST', bea, { kind: '', inserted: '0', updated: '1' }],
    ['DONT_ADD', 'DONT_UPDATE', ada, { kind: 'OneMatchInContacts', inserted: '0', updated: '0' }],
  ])('imports contacts by their modes: %s, %s, %s', async (add, update, number, expected) => {
    const id = await submit(
      'asyncUpdateCrmRecords',
      `<crmUpdateSettings>${mapping('number1', 'ai_summary')}<skipHeaderLine>false</skipHeaderLine><crmAddMode>${add}</crmAddMode><crmUpdateMode>${update}</crmUpdateMode></crmUpdateSettings>${rows([number, 'Hello'])}`,
    );
    center.clock.advance(usualDelayMs);

    const { body } = await center.soap('getCrmImportResult', identifier(id));

    const counts = { inserted: textOf(body, 'crmRecordsInserted'), updated: textOf(body, 'crmRecordsUpdated') };
    expect({ kind: textOf(body, 'kind'), ...counts }).toEqual(expected);
  });

  it('leaves an unreadable value out and takes the rest of the row', async () => {
    const { body } = await center.soap(
      'updateCrmRecord',
      `<crmUpdateSettings>${mapping('number1', 'score', 'ai_summary')}<skipHeaderLine>false</skipHeaderLine></crmUpdateSettings><record><fields>${ada}</fields><fields>many</fields><fields>Hello</fields></record>`,
    );

    expect([textOf(body, 'kind'), textOf(body, 'uploadErrorsCount')]).toEqual(['ParseError', '1']);
    expect(center.five9.state(ada).contact?.fields).toMatchObject({ score: '', ai_summary: 'Hello' });
  });

  it('runs longer when it is told to', async () => {
    center.five9.failNext('importRunningFor', { ms: 60_000 });
    const id = await submit('asyncUpdateCampaignDispositions', dispositionImport(spring, [ada, 'Sale']));
    center.clock.advance(usualDelayMs);

    const running = await center.soap('isImportRunning', identifier(id));

    expect(textOf(running.body, 'return')).toBe('true');
  });
});
