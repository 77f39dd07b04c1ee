import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createApi, type Five9Api } from '../../../connectors/five9/soap/api.ts';
import { Anything } from '../../../connectors/five9/soap/schema.ts';
import { createImportOperations } from '../../../connectors/five9/write/import-operations.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import { eventually } from '../../support/eventually.ts';
import { realClock } from '../../support/real-clock.ts';
import { createTestClock } from '../simulators/five9/test-clock.ts';
import { configOf, silentLog } from './cast.ts';
import { answerXml, faultXml, type StubAnswer, startSoapStub } from './soap-stub.ts';

type Stub = Awaited<ReturnType<typeof startSoapStub>>;
const started: { stub: Stub; api: ReturnType<typeof createApi> }[] = [];

afterEach(async () => {
  for (const { stub, api } of started.splice(0)) {
    await api.close();
    await stub.stop();
  }
});

const ada = { user: 'ada@example', password: 'engine' };
const ben = { user: 'ben@example', password: 'lightning' };

async function start(
  answer: (operation: string, xml: string, user: string) => StubAnswer,
  {
    users = [ada],
    withLease,
    clock = realClock,
  }: { users?: (typeof ada)[]; withLease?: ConnectorDeps['withLease']; clock?: Clock } = {},
) {
  const stub = await startSoapStub(answer);
  const deps = {
    clock,
    log: silentLog,
    newId: randomUUID,
    random: () => 0,
    readCursor: async () => '',
    writeCursor: async () => undefined,
    withLease: withLease ?? ((_name, work) => work(new AbortController().signal, nobodysLease)),
  } satisfies Partial<ConnectorDeps>;
  const config = configOf({ soap: { host: stub.url, users, timeoutMs: 2000 } });
  const api = createApi(deps, 'five9', config);
  started.push({ stub, api });
  /** Without the question about limits that comes first. */
  const requests = () => stub.requests.filter(({ operation }) => operation !== 'getCallCountersState');
  return { stub, api, requests };
}

const identifier = '<return><identifier>0A1B2C</identifier></return>';
const key = { field: 'number1', isKey: true };

function sale(api: Five9Api): Promise<string> {
  return createImportOperations(api, null).updateDispositions('Spring', [key], [['2125550101', 'AI - Sale']], false);
}

describe('the Five9 API', () => {
  it('writes requests in the order of the WSDL, with children that have no prefix', async () => {
    const { requests, api } = await start((operation) => ({ body: answerXml(operation, identifier) }));

    const imports = createImportOperations(api, null);
    await imports.updateDispositions('Spring & Co', [key], [['2125550101', 'AI - Sale\u0007']], false);
    await imports.addToList(
      'AI callbacks',
      [key, { field: 'mark', isKey: false }],
      [['2125550101', 'a:1', '179']],
      'Spring',
    );

    const bodies = requests().map(({ xml }) => /<soap:Body>(.*)<\/soap:Body>/.exec(xml)?.[1]);
    const mapping = (column: number, name: string, isKey: boolean) =>
      `<fieldsMapping><columnNumber>${column}</columnNumber><fieldName>${name}</fieldName><key>${isKey}</key></fieldsMapping>`;
    expect(bodies).toEqual([
      '<tns:asyncUpdateCampaignDispositions><campaignName>Spring &amp; Co</campaignName><dispositionsUpdateSettings>' +
        `<failOnFieldParseError>true</failOnFieldParseError>${mapping(1, 'number1', true)}<skipHeaderLine>false</skipHeaderLine><dispositionColumnNumber>2</dispositionColumnNumber>` +
        '<dispositionsUpdateMode>UPDATE_IF_SOLE_CRM_MATCH</dispositionsUpdateMode><updateToCommonDisposition>false</updateToCommonDisposition>' +
        '<warnIfNoCrmMatchFound>true</warnIfNoCrmMatchFound></dispositionsUpdateSettings>' +
        '<importData><values><item>2125550101</item><item>AI - Sale</item></values></importData></tns:asyncUpdateCampaignDispositions>',
      '<tns:asyncAddRecordsToList><listName>AI callbacks</listName><listUpdateSettings>' +
        `<failOnFieldParseError>true</failOnFieldParseError>${mapping(1, 'number1', true)}${mapping(2, 'mark', false)}<skipHeaderLine>false</skipHeaderLine>` +
        '<callTimeColumnNumber>3</callTimeColumnNumber><cleanListBeforeUpdate>false</cleanListBeforeUpdate>' +
        '<crmAddMode>DONT_ADD</crmAddMode><crmUpdateMode>UPDATE_SOLE_MATCHES</crmUpdateMode><listAddMode>ADD_IF_SOLE_CRM_MATCH</listAddMode>' +
        '</listUpdateSettings><importData><values><item>2125550101</item><item>a:1</item><item>179</item></values></importData>' +
        '<resetDispositionsInCampaignsImportData>Spring</resetDispositionsInCampaignsImportData></tns:asyncAddRecordsToList>',
    ]);
    expect(requests()[0]?.headers).toMatchObject({ soapaction: '""', 'content-type': 'text/xml; charset=utf-8' });
  });

  it.each([
    ['no return at all', ''],
    ['an empty return', '<return/>'],
  ])('reads no contacts from %s', async (_name, content) => {
    const { api } = await start((operation) => ({ body: answerXml(operation, content) }));

    expect(await api.contacts({ number1: '2125550101' })).toEqual([]);
  });

  it('reads contacts by column, empty values in their place', async () => {
    const columns = '<fields>number1</fields><fields>number2</fields><fields>first_name</fields>';
    const record = '<records><values><data>2125550101</data><data></data><data>Ada</data></values></records>';
    const { api } = await start((operation) => ({
      body: answerXml(operation, `<return>${columns}${record}</return>`),
    }));

    expect(await api.contacts({ number1: '2125550101' })).toEqual([
      { number1: '2125550101', number2: '', first_name: 'Ada' },
    ]);
  });

  it('makes one call at a time per user, and as many at once as there are users', async () => {
    const one = await start((operation) => ({ body: answerXml(operation, ''), delayMs: 20 }));
    const two = await start((operation) => ({ body: answerXml(operation, ''), delayMs: 20 }), { users: [ada, ben] });

    await Promise.all([...'1234'].map((number1) => one.api.contacts({ number1 })));
    await Promise.all([...'1234'].map((number1) => two.api.contacts({ number1 })));

    expect(one.stub.mostAtOnce()).toBe(1);
    expect(two.stub.mostAtOnce()).toBe(2);
  });

  it('never sends a refused password again', async () => {
    const { stub, api } = await start(() => ({ status: 401, body: '<html>no</html>', isRaw: true }));

    const both = await Promise.allSettled([api.dispositions(), api.campaigns()]);
    const later = api.versions();

    await expect(later).rejects.toMatchObject({ code: 'dialer_denied', retryable: false });
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(stub.requests).toHaveLength(1);
  });

  it('goes on with another user when one is refused', async () => {
    const { stub, api } = await start(
      (operation, _xml, user) =>
        user === ada.user
          ? { status: 401, body: '<html>no</html>', isRaw: true }
          : { body: answerXml(operation, '<return><name>AI - Sale</name></return>') },
      { users: [ada, ben] },
    );

    expect(await api.dispositions()).toEqual(['AI - Sale']);
    expect(await api.dispositions()).toEqual(['AI - Sale']);
    expect(stub.requests.map(({ user }) => user)).toEqual([ada.user, ben.user, ben.user, ben.user]);
  });

  it('holds the queue and tries again when something else uses the user', async () => {
    let tries = 0;
    const { api } = await start((operation) => {
      if (operation === 'getCallCountersState') return { body: answerXml(operation, '') };
      tries += 1;
      return tries === 1 ? faultXml('UserAlreadyLoggedIn') : { body: answerXml(operation, identifier) };
    });

    expect(await sale(api)).toBe('0A1B2C');
    expect(tries).toBe(2);
  });

  it('does not send a write again after a lost session, but leaves it in doubt', async () => {
    const { requests, api } = await start(() => faultXml('AdminSessionClosed'));

    const write = sale(api);

    await expect(write).rejects.toMatchObject({ retryable: true, inDoubt: true });
    expect(requests()).toHaveLength(1);
  });

  it('sends nothing while another process has the user, and says so when that takes too long', async () => {
    const { stub, api } = await start(() => ({ body: '' }), { withLease: async () => null });
    // Turns at a user go by the machine's clock.
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());

    const answers = Promise.allSettled([api.dispositions(), api.contacts({ number1: '1' }, { isLive: true })]);
    const ticking = setInterval(() => vi.advanceTimersByTime(1000), 10);
    const reasons = (await answers).map((answer) => (answer.status === 'rejected' ? answer.reason : 'sent'));
    clearInterval(ticking);

    expect(reasons).toEqual(Array(2).fill(expect.objectContaining({ code: 'dialer_limit', retryable: true })));
    expect(stub.requests).toHaveLength(0);
  });

  it('gives no user up for a right that it lacks', async () => {
    const { api, requests } = await start(() => ({ status: 403, body: '<html>no</html>', isRaw: true }));

    const first = await api.dispositions().catch((error: unknown) => error);
    const second = await api.campaigns().catch((error: unknown) => error);

    const denied = { code: 'dialer_denied', hint: expect.stringContaining('Administrator role') };
    expect([first, second]).toEqual([expect.objectContaining(denied), expect.objectContaining(denied)]);
    expect(requests()).toHaveLength(2);
    expect(api.deniedWhy()).toBe('');
  });

  it('waits for the end of the window whose counter is full, and asks no more until then', async () => {
    const clock = createTestClock('2026-03-02T20:41:30.000Z');
    const state = (timeout: number, value: number) =>
      `<return><callCounterStates><limit>50</limit><operationType>Query</operationType><value>${value}</value></callCounterStates><timeout>${timeout}</timeout></return>`;
    let used = 1;
    const { api, requests } = await start(
      (operation) => {
        if (operation === 'getCallCountersState') {
          return { body: answerXml(operation, state(60, 1) + state(3600, used)) };
        }
        used = 50;
        return faultXml('OperationsLimitExceeded', '<limit>50</limit><operationType>Query</operationType>');
      },
      { clock },
    );

    const first = await api.dispositions().catch((error: unknown) => error);
    const second = await api.campaigns().catch((error: unknown) => error);
    const opensAt = new Date(api.openAt('getCampaigns')).toISOString();

    expect(first).toMatchObject({ code: 'dialer_limit', afterMs: 18 * 60_000 + 31_000 });
    expect(second).toMatchObject({ code: 'dialer_limit' });
    expect(opensAt).toBe('2026-03-02T21:00:01.000Z');
    expect(requests().map(({ operation }) => operation)).toEqual(['getDispositions']);
  });

  it('answers a live call before write-backs that wait, and those before background work', async () => {
    const { api, requests } = await start((operation) => ({ body: answerXml(operation, ''), delayMs: 40 }));
    await api.dispositions();

    const background = { purpose: 'background' } as const;
    const slow = [api.dispositions(), api.call('getContactFields', {}, Anything, background), api.campaigns()];
    await eventually(() => expect(requests()).toHaveLength(2));
    const live = api.contacts({ number1: '1' }, { isLive: true });
    const late = api.contacts({ number1: '2' }, { isLive: true, signal: AbortSignal.timeout(5) });

    await expect(late).rejects.toMatchObject({ code: 'dialer_away' });
    await Promise.all([...slow, live]);
    expect(
      requests()
        .map(({ operation }) => operation)
        .slice(1),
    ).toEqual(['getDispositions', 'getContactRecords', 'getCampaigns', 'getContactFields']);
  });

  it('closes the session of a user that it used', async () => {
    const { stub, api } = await start((operation) => ({ body: answerXml(operation, '') }));
    await api.dispositions();

    await api.close();

    await eventually(() => expect(stub.requests.at(-1)?.operation).toBe('closeSession'));
    await expect(api.dispositions()).rejects.toMatchObject({ code: 'dialer_away' });
  });
});
