import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type { ZodType } from 'zod';
import type { Operation } from '../../../connectors/five9/soap/operations.ts';
import {
  CallCounters,
  Campaigns,
  ContactFields,
  Contacts,
  ImportIdentifier,
  ImportResult,
  Named,
  Numbers,
  Versions,
} from '../../../connectors/five9/soap/schema.ts';
import { createSoapClient } from '../../../connectors/five9/soap/soap-client.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { answerXml, faultXml } from '../../unit/five9/soap-stub.ts';
import { bytesOf, spoiltText } from '../arbitraries.ts';
import { door, type Verdict } from '../parser.ts';

interface Answer {
  operation: Operation;
  status: number;
  type: string;
  body: Buffer;
}

const password = 'a-password-that-no-error-may-quote';

const contents: Partial<Record<Operation, { schema: ZodType; content: string }>> = {
  getApiVersions: {
    schema: Versions,
    content: '<return><maxVersion>v13</maxVersion><minVersion>v2</minVersion></return>',
  },
  getDispositions: { schema: Named, content: '<return><name>AI - Qualified</name><type>FinalDisp</type></return>' },
  getCampaigns: {
    schema: Campaigns,
    content: '<return><name>Spring</name><type>OUTBOUND</type><state>RUNNING</state></return>',
  },
  getContactFields: {
    schema: ContactFields,
    content: '<return><name>number1</name><mapTo>None</mapTo><type>PHONE</type></return>',
  },
  checkDncForNumbers: { schema: Numbers, content: '<return>3035550111</return><return>3035550112</return>' },
  getContactRecords: {
    schema: Contacts,
    content:
      '<return><fields>number1</fields><fields>first_name</fields><records><values><data>3035550111</data><data>Ada</data></values></records></return>',
  },
  getCallCountersState: {
    schema: CallCounters,
    content:
      '<return><callCounterStates><limit>100</limit><operationType>Query</operationType><value>3</value></callCounterStates><timeout>60</timeout></return>',
  },
  asyncUpdateCampaignDispositions: {
    schema: ImportIdentifier,
    content: '<return><identifier>import-1</identifier></return>',
  },
  getDispositionsImportResult: {
    schema: ImportResult,
    content:
      '<return><success>true</success><warningsCount><entry><key>NO_RECORD</key><value>1</value></entry></warningsCount><importTroubles><key>1</key><kind>X</kind><rowNumber>1</rowNumber></importTroubles></return>',
  },
};
const operations = Object.keys(contents) as Operation[];

const open = '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header/><env:Body>';
const close = '</env:Body></env:Envelope>';
const bombs = [
  `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(60)}"><!ENTITY c "${'&b;'.repeat(60)}">]>${open}<a>&c;</a>${close}`,
  `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${open}<a>&x;</a>${close}`,
  `${open}${'<a>'.repeat(20_000)}`,
  `${open}${'<a>'.repeat(3000)}${'</a>'.repeat(3000)}${close}`,
  `${open}<a b="${'x'.repeat(300_000)}"/>${close}`,
  '<html><body>Please log in</body></html>',
];

const answer: fc.Arbitrary<Answer> = fc.constantFrom(...operations).chain((operation) => {
  const good = `${open}${answerXml(operation, contents[operation]?.content ?? '')}${close}`;
  const fault = `${open}${faultXml('RecordNotFound', '<campaignName>Spring</campaignName>').body}${close}`;
  return fc.record({
    operation: fc.constant(operation),
    status: fc.constantFrom(200, 200, 200, 500, 204, 302, 401, 403, 404, 503),
    type: fc.constantFrom('text/xml;charset=UTF-8', 'text/html', 'application/xop+xml', 'multipart/related', ''),
    body: bytesOf(spoiltText([good, good.replace('service.admin.ws.five9.com', 'other.example'), fault, ...bombs])),
  });
});

/** Answers and faults of Five9 over real HTTP: whatever comes, the caller has an answer or an error of ours. */
export const soapAnswers = door<Answer>({
  name: 'SOAP answer',
  covers: [
    'connectors/five9/soap/schema.ts',
    'connectors/five9/soap/errors.ts',
    'connectors/five9/soap/soap-client.ts',
  ],
  limitMs: 3000,
  async open() {
    let current: Answer | undefined;
    const server = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        if (!current) return void response.destroy();
        response.writeHead(current.status, { ...(current.type && { 'content-type': current.type }) }).end(current.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createSoapClient({ host, version: 'v13', timeoutMs: 2000 }, { user: 'ada@example', password });
    return {
      arbitrary: answer,
      async feed(input): Promise<Verdict> {
        current = input;
        try {
          const read = contents[input.operation]?.schema.safeParse(await client.call(input.operation, {}));
          return read?.success ? 'taken' : 'refused';
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
          const told = `${error.message} ${error.hint} ${JSON.stringify(error.cause ?? '')}`;
          if (told.includes(password)) throw new Error('an error quotes the password');
          if (told.length > 5000) throw new Error('an error quotes the whole answer');
          return 'refused';
        }
      },
      async stop() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
});
