import { afterEach, describe, expect, it } from 'vitest';
import { createScriptOperations } from '../../../connectors/five9/ivr/script/script-operations.ts';
import type { Operation } from '../../../connectors/five9/soap/operations.ts';
import { Named, Versions } from '../../../connectors/five9/soap/schema.ts';
import { createSoapClient } from '../../../connectors/five9/soap/soap-client.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { answerXml, type StubAnswer, startSoapStub } from './soap-stub.ts';

type Stub = Awaited<ReturnType<typeof startSoapStub>>;
const started: Stub[] = [];

afterEach(async () => {
  for (const stub of started.splice(0)) await stub.stop();
});

const ada = { user: 'ada@example', password: 'analytical-engine' };
const person = 'Adelheid';

/** The SOAP client before a server that gives one answer to everything. */
async function start(answer: StubAnswer | ((operation: string) => StubAnswer), timeoutMs = 2000) {
  const stub = await startSoapStub((operation) => (typeof answer === 'function' ? answer(operation) : answer));
  started.push(stub);
  const client = createSoapClient({ host: stub.url, version: 'v13', timeoutMs }, ada);
  const bodySent = () => /<soap:Body>(.*)<\/soap:Body>/s.exec(stub.requests.at(-1)?.xml ?? '')?.[1] ?? '';
  return { client, stub, bodySent };
}

const says = (content: string) => (operation: string) => ({ body: answerXml(operation, content) });
const nothing = says('');

describe('what the SOAP client sends', () => {
  it('is in the order of the WSDL, whatever the order given', async () => {
    const { client, bodySent } = await start(nothing);
    const time = { start: '2026-03-01T00:00:00.000Z', end: '2026-03-02T00:00:00.000Z' };

    await client.call('runReport', { criteria: { time }, reportName: 'Call Log', folderName: 'Call Log Reports' });

    expect(bodySent()).toBe(
      '<tns:runReport><folderName>Call Log Reports</folderName><reportName>Call Log</reportName>' +
        '<criteria><time><end>2026-03-02T00:00:00.000Z</end><start>2026-03-01T00:00:00.000Z</start></time></criteria></tns:runReport>',
    );
  });

  it('is in the order of the WSDL inside extended types too, but not inside their repeated elements', async () => {
    const { client, bodySent } = await start(nothing);
    const inOrder = { columnNumber: 1, fieldName: 'number1', key: true };
    const misplaced = { key: false, fieldName: 'city', columnNumber: 2 };

    await client.call('updateCrmRecord', {
      crmUpdateSettings: { crmUpdateMode: 'DONT_UPDATE', skipHeaderLine: false, fieldsMapping: [inOrder, misplaced] },
    });

    expect(bodySent()).toBe(
      '<tns:updateCrmRecord><crmUpdateSettings>' +
        '<fieldsMapping><columnNumber>1</columnNumber><fieldName>number1</fieldName><key>true</key></fieldsMapping>' +
        // So the connector must write them in order itself.
        '<fieldsMapping><key>false</key><fieldName>city</fieldName><columnNumber>2</columnNumber></fieldsMapping>' +
        '<skipHeaderLine>false</skipHeaderLine><crmUpdateMode>DONT_UPDATE</crmUpdateMode></crmUpdateSettings></tns:updateCrmRecord>',
    );
  });

  it('has no element for what is not there, so no xsi:nil and nothing empty', async () => {
    const { client, bodySent } = await start(nothing);

    await client.call('getCampaigns', { campaignNamePattern: null, campaignType: undefined });

    expect(bodySent()).toMatch(/^<tns:getCampaigns(\/>|><\/tns:getCampaigns>)$/);
  });

  it('keeps empty values of a row in their place', async () => {
    const { client, bodySent } = await start(nothing);

    await client.call('updateCrmRecord', { record: { fields: ['2125550101', null, '', 'x'] } });

    expect(bodySent()).toContain(
      '<fields>2125550101</fields><fields></fields><fields></fields><fields>x</fields></record>',
    );
  });

  it('has instants as text, never as an empty element', async () => {
    const { client, bodySent } = await start(nothing);
    const end = new Date('2026-03-02T00:00:00.000Z');

    await client.call('runReport', { folderName: 'A', reportName: 'B', criteria: { time: { end } } });

    expect(bodySent()).toContain('<time><end>2026-03-02T00:00:00.000Z</end></time>');
  });

  it('has no characters that XML forbids, and keeps all others', async () => {
    const { client, bodySent } = await start(nothing);

    await client.call('createList', { listName: 'A\u0000\u0007\uFFFE\ud800B\tC\nD <é&😀>' });

    expect(bodySent()).toBe('<tns:createList><listName>AB&#x9;C&#xA;D &lt;é&amp;😀&gt;</listName></tns:createList>');
  });
});

describe('what the SOAP client reads', () => {
  it.each([
    ['one', '<return><name>Sale</name></return>', ['Sale']],
    ['several', '<return><name>Sale</name></return><return><name>Callback</name></return>', ['Sale', 'Callback']],
    ['none', '', []],
    ['an empty return', '<return/>', []],
  ])('is a list for %s', async (_what, content, names) => {
    const { client } = await start(says(content));

    const read = Named.parse(await client.call('getDispositions', {}));

    expect(read.map(({ name }) => name)).toEqual(names);
  });

  it('keeps every digit of an id', async () => {
    const { client } = await start(says('<return><id>9007199254740993</id><name>Sales</name></return>'));
    const call = async (operation: Operation, args: object, schema: { parse(value: unknown): unknown }) =>
      schema.parse(await client.call(operation, args));

    const skills = await createScriptOperations({ call: call as never }).skills();

    expect(skills.get('Sales')).toBe('9007199254740993');
  });

  it.each([
    ['<return><maxVersion>v13</maxVersion><minVersion></minVersion></return>', 'v13', ''],
    ['<return><maxVersion>v13</maxVersion><minVersion/></return>', 'v13', ''],
    ['<return><maxVersion>v9_5</maxVersion></return>', 'v9_5', ''],
  ])('takes versions as they come: %s', async (content, maxVersion, minVersion) => {
    const { client } = await start(says(content));

    expect(Versions.parse(await client.call('getApiVersions', {}))).toEqual({ maxVersion, minVersion });
  });
});

describe('how the SOAP client fails', () => {
  const page = (status: number): StubAnswer => ({
    status,
    body: `<html><body>Error ${status}<br></body></html>`,
    isRaw: true,
  });
  const write = { crmUpdateSettings: { skipHeaderLine: false }, record: { fields: [person, '2125550101'] } };
  const fault: StubAnswer = {
    status: 500,
    body: `<env:Fault><faultcode>env:Server</faultcode><faultstring>${person}</faultstring><detail><ns1:ServerFault xmlns:ns1="http://service.admin.ws.five9.com/"><message>${person}</message></ns1:ServerFault></detail></env:Fault>`,
  };

  it.each([
    ['the page of a refused password', page(401), 'dialer_denied', false, false],
    ['the page of a proxy', page(503), 'dialer_away', true, true],
    ['a page with status 200', page(200), 'dialer_odd', true, true],
    ['a fault', fault, 'dialer_odd', true, true],
    ['an answer that trickles on', { body: '', trickles: true }, 'dialer_away', true, true],
    ['no answer in time', { ...nothing('updateCrmRecord'), delayMs: 600 }, 'dialer_away', true, true],
  ] as const)(
    'is told by %s, without names, numbers or the password',
    async (_what, answer, code, retryable, inDoubt) => {
      const { client } = await start(answer, 300);

      const error: unknown = await client.call('updateCrmRecord', write).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(ConnectorError);
      expect(error).toMatchObject({ code, retryable, inDoubt });
      const told = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack);
      for (const secret of [ada.password, btoa(`${ada.user}:${ada.password}`), person, '2125550101']) {
        expect(told).not.toContain(secret);
      }
    },
  );

  it('leaves a read that had no answer in no doubt', async () => {
    const { client } = await start({ ...nothing('getSkills'), delayMs: 600 }, 300);

    await expect(client.call('getSkills', {})).rejects.toMatchObject({ code: 'dialer_away', inDoubt: false });
  });
});
