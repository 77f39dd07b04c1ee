import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { five9 } from '../../../connectors/five9/index.ts';
import { outcomeKeys, registerKeys } from '../../../connectors/five9/ivr/regexes.ts';
import { SignatureConfig } from '../../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { ruleOf, sign } from '../../../connectors/sigmamind/signature.ts';
import { vicidial } from '../../../connectors/vicidial/index.ts';
import { eventToken, inboundToken, keys, startTestApp, type TestApp, webhookSecret } from '../../support/start-app.ts';
import { bytesOf, oddText, repeated, spoiltJsonText, spoiltText } from '../arbitraries.ts';
import { door, type FuzzedParser, type Verdict } from '../parser.ts';
import { contentTypes, ivrBodies } from './own-parsers.ts';
import { events } from './platform-parsers.ts';

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  /** It has what proves its sender; missing where nobody asks. */
  isProven?: boolean;
}

interface Heard {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const callerCode = 'V3020800000000001001';
const queries = [
  'call_id=300000001&call_type=5&ani=8005550199&dnis=3035550111&campaign=Spring&format=json',
  `code=${callerCode}&cl=${callerCode}&phone=3035550111&uid=1772463600.12&fmt=arr`,
  'correlation_id=0123456789abcd&wait_ms=0&format=xml&campaign=Spring',
  'ani=3035550111&format=text&wait_ms=1e9',
];
/** A value of a query or a header: what is no good character there is sent in its %-form. */
const query = spoiltText(queries).map((text) => encodeURI(text.slice(0, 1500).toWellFormed()).replace(/#/g, '%23'));
const body = fc.oneof(bytesOf(spoiltText(ivrBodies)), fc.constant(Buffer.alloc(0)), bytesOf(repeated));
const type = fc.constantFrom(...contentTypes, 'application/json; charset=utf-16', 'nonsense');
const encoding = fc.constantFrom('', '', '', '', 'gzip', 'br', 'identity');
const budgets = { registerMs: 300, outcomeMs: 150, contextMs: 150, headersMs: 150 };
const headers = ['correlation_id', 'caller_code', 'first_name'].map((from) => ({ name: `X-${from}`, from }));
const dispositions = { sale: 'SALE', callback: 'CALLBK', opt_out: 'DNC', not_interested: 'NI' };
const shared = { budgets, headers, campaigns: { '*': { dispositions, safeRoute: 'skill' } } };

/** A Patchbay with both dialers configured, and nobody at their addresses. */
function startPatchbay(): Promise<TestApp> {
  const soap = { host: 'http://127.0.0.1:9', users: [{ user: 'ada@example', password: 'engine' }] };
  const api = { url: 'http://127.0.0.1:9/vicidial/non_agent_api.php', user: 'patchbay', pass: 'secret7Word' };
  return startTestApp({
    registry: { dialers: [vicidial, five9 as never], platforms: [sigmamind] },
    dialers: {
      vicidial: {
        type: 'vicidial',
        api,
        timeZone: 'America/Denver',
        remoteAgents: [{ user: '7001', lines: 2 }],
        ...shared,
      },
      five9: {
        type: 'five9',
        domainTimeZone: 'America/New_York',
        soap,
        keyField: 'number1',
        callbackList: 'Callbacks',
        ...shared,
      },
    },
  });
}

function httpDoor(
  name: string,
  covers: readonly string[],
  sent: fc.Arbitrary<Sent>,
  judge: (sent: Sent, heard: Heard) => Verdict,
): FuzzedParser {
  return door<Sent>({
    name,
    covers,
    atOnce: 8,
    limitMs: 3000,
    async open() {
      const patchbay = await startPatchbay();
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      return {
        arbitrary: sent,
        async feed(input) {
          const heard = await ask(patchbay.url, agent, input);
          if (heard.status >= 500) throw new Error(`it answered ${heard.status}: ${heard.body.slice(0, 200)}`);
          const denied = heard.status === 401 || heard.status === 429;
          if (denied && input.isProven === true)
            throw new Error(`who proved to be the sender was answered ${heard.status}`);
          if (heard.status === 200 && input.isProven === false) throw new Error('who proved nothing was answered 200');
          return denied ? 'refused' : judge(input, heard);
        },
        async stop() {
          agent.destroy();
          const failed = patchbay.log.find(({ msg }) => /failed inside|route failed/.test(String(msg)));
          await patchbay.stop();
          if (failed) throw new Error(`the log says: ${JSON.stringify(failed)}`);
        },
      };
    },
  });
}

function ask(url: string, agent: Agent, { method, path, headers: given, body: bytes }: Sent): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      new URL(url),
      { method, path, agent, headers: { ...given, 'content-length': method === 'GET' ? 0 : bytes.length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : bytes);
  });
}

const proofs = fc.constantFrom<Record<string, string>>(
  ...[{ 'x-api-key': keys.script }, { authorization: `Bearer ${keys.script}` }, { 'x-api-key': keys.script }],
  { authorization: `Basic ${Buffer.from(`script:${keys.script}`).toString('base64')}` },
  ...[{}, { 'x-api-key': keys.tools }, { authorization: 'Basic ///' }, { authorization: 'Bearer ' }],
);

const ivrRequest: fc.Arbitrary<Sent> = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'POST', 'POST', 'PUT'),
    endpoint: fc.constantFrom('register', 'outcome', 'context', 'headers'),
    dialer: fc.constantFrom('vicidial', 'five9', 'five9', 'nobody', 'constructor', '__proto__'),
    ...{ query, body, type, encoding, proof: proofs },
  })
  .map(({ method, endpoint, dialer, query: asked, body: bytes, type: contentType, encoding: packed, proof }) => ({
    method,
    path: `/v1/ivr/${dialer}/${endpoint}?${asked}`,
    headers: {
      ...proof,
      ...(contentType && { 'content-type': contentType }),
      ...(packed && { 'content-encoding': packed }),
    },
    body: bytes,
    isProven:
      JSON.stringify(proof).includes(keys.script) ||
      ('authorization' in proof && proof.authorization?.startsWith('Basic c') === true),
  }));

const statuses = {
  register: ['ok', 'degraded', 'error'],
  outcome: ['done', 'pending', 'unknown', 'error'],
  context: ['done', 'pending', 'unknown', 'error'],
};

/** A script can branch on it: every key once and in its order, only texts, and short enough for a CURL answer. */
function judgeIvr({ path }: Sent, { status, headers: told, body: answer }: Heard): Verdict {
  if (status === 431) return 'refused';
  if (status !== 200) throw new Error(`a live call was answered ${status}`);
  if (Buffer.byteLength(answer) > 4095) throw new Error(`the answer has ${Buffer.byteLength(answer)} bytes`);
  const endpoint = /\/(register|outcome|context|headers)\?/.exec(path)?.[1];
  if (endpoint === 'headers') return answer === '' ? 'refused' : 'taken';
  const values = valuesIn(String(told['content-type']), answer);
  const wanted: readonly string[] = endpoint === 'register' ? registerKeys : outcomeKeys;
  const missing = wanted.filter((key) => !values.has(key));
  if (missing.length > 0) throw new Error(`the answer lacks ${missing.join(', ')}: ${answer}`);
  const said = values.get('status') ?? '';
  if (!statuses[endpoint as keyof typeof statuses].includes(said)) throw new Error(`the status ${said} is none`);
  if (!values.get('route')) throw new Error(`the route is empty: ${answer}`);
  return said === 'error' || said === 'unknown' ? 'refused' : 'taken';
}

function valuesIn(contentType: string, answer: string): Map<string, string> {
  if (contentType.startsWith('application/json')) {
    const entries = Object.entries(JSON.parse(answer) as Record<string, unknown>);
    if (entries.some(([, value]) => typeof value !== 'string')) throw new Error(`a value is no text: ${answer}`);
    return new Map(entries as [string, string][]);
  }
  const pattern = contentType.startsWith('text/xml') ? /<var name="([^"]*)" expr="([^"]*)"\/>/g : /^([^=\n]*)=(.*)$/gm;
  return new Map([...answer.matchAll(pattern)].map(([, name = '', value = '']) => [name, value]));
}

const rule = ruleOf(
  SignatureConfig.parse({
    header: 'X-SigmaMind-Signature',
    prefix: 'sha256=',
    signed: 'body',
    secrets: [webhookSecret],
  }),
);
const forged = ruleOf(
  SignatureConfig.parse({
    header: 'X-SigmaMind-Signature',
    prefix: 'sha256=',
    signed: 'body',
    secrets: ['another secret'],
  }),
);

const webhook: fc.Arbitrary<Sent> = fc
  .record({
    body: bytesOf(spoiltJsonText(events)),
    proof: fc.constantFrom('signed', 'signed', 'signed', 'forged', 'none', 'token'),
    type,
  })
  .map(({ body: bytes, proof, type: contentType }) => ({
    method: 'POST',
    path: `/v1/platforms/sigmamind/events/${proof === 'token' ? 'another-token-0123456789abcdef' : eventToken}`,
    headers: {
      ...(contentType && { 'content-type': contentType }),
      ...(proof !== 'none' && sign((proof === 'forged' ? forged : rule) as never, bytes, Date.now(), 'delivery-1')),
    },
    body: bytes,
    isProven: proof === 'signed',
  }));

const tools = ['commit-outcome', 'transfer', 'end-call', 'find-lead', 'schedule-callback'];
const toolCall: fc.Arbitrary<Sent> = fc
  .record({
    name: fc.constantFrom(...tools),
    body: bytesOf(
      spoiltJsonText([
        {
          correlation_id: '0123456789abcd',
          outcome: 'callback',
          callback_at: 'tomorrow at 3 pm',
          summary: 'wants "more"',
        },
        { caller_code: callerCode, lead_id: '1001', outcome: 'opt_out', to: 'ingroup:SALES', mood: 'good' },
      ]),
    ),
    type,
    key: fc.constantFrom(keys.tools, keys.tools, keys.tools, keys.script, 'pb_guess'),
  })
  .map(({ name, body: bytes, type: contentType, key }) => ({
    method: 'POST',
    path: `/v1/platforms/sigmamind/tools/${name}`,
    headers: { authorization: `Bearer ${key}`, ...(contentType && { 'content-type': contentType }) },
    body: bytes,
    isProven: key === keys.tools,
  }));

const inboundCall: fc.Arbitrary<Sent> = fc
  .record({
    body: bytesOf(spoiltJsonText([{ event: 'inbound_call', from_number: '+13035550111', to_number: '+13035550100' }])),
    token: fc.constantFrom(inboundToken, inboundToken, inboundToken, 'a-guess', '%00'),
    type,
  })
  .map(({ body: bytes, token, type: contentType }) => ({
    method: 'POST',
    path: `/v1/platforms/sigmamind/inbound-call/${token}`,
    headers: { ...(contentType && { 'content-type': contentType }) },
    body: bytes,
    isProven: token === inboundToken,
  }));

/** What nobody has a key for: paths of any kind. */
const anyPath: fc.Arbitrary<Sent> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'),
    path: spoiltText([
      ...[
        '/livez',
        '/readyz',
        '/metrics',
        '/openapi.json',
        '/v1/dialers/vicidial/start',
        '/v1/dialers/five9/imports/x',
      ],
      ...['/v1/ivr/%zz/register', '/v1/platforms//events/', '/console/calls?text=x', '/../../etc/passwd', '//host/x'],
    ]),
    body: bytesOf(oddText),
  })
  .map(({ method, path, body: bytes }) => ({
    method,
    path: `/${path.replace(/[^\x21-\x7e]/g, '').slice(1, 6000)}`,
    headers: {},
    body: bytes,
  }));

/** Bytes that are no HTTP, or nearly: the service answers in HTTP or hangs up, and goes on. */
const rawHttp: FuzzedParser = door<Buffer[]>({
  name: 'HTTP bytes',
  covers: ['src/http/listen.ts'],
  atOnce: 4,
  limitMs: 3000,
  async open() {
    const patchbay = await startPatchbay();
    const { port } = new URL(patchbay.url);
    const good = [
      `GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      `POST /v1/ivr/five9/register HTTP/1.1\r\nHost: a\r\nX-API-Key: ${keys.script}\r\nContent-Length: 15\r\n\r\n{"call_id":"1"}`,
      `POST /v1/ivr/five9/outcome HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n`,
      'GET / HTTP/2.0\r\nHost: a\r\nHost: b\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    ];
    return {
      arbitrary: fc.array(bytesOf(spoiltText(good)), { minLength: 1, maxLength: 3 }),
      async feed(pieces) {
        const heard = await talk(Number(port), pieces);
        if (heard === '') return 'refused';
        const [, status = ''] = /^HTTP\/1\.1 (\d{3}) /.exec(heard) ?? [];
        if (status === '' || Number(status) >= 500) throw new Error(`it said ${heard.slice(0, 100)}`);
        return status === '200' ? 'taken' : 'refused';
      },
      async stop() {
        const isAlive = (await fetch(`${patchbay.url}/livez`)).ok;
        await patchbay.stop();
        if (!isAlive) throw new Error('the service no longer answers');
      },
    };
  },
});

function talk(port: number, pieces: readonly Buffer[]): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

function judgeStatus(_sent: Sent, { status, headers: told, body: answer }: Heard): Verdict {
  if (status === 200) return 'taken';
  const isPlain = status === 204 || status === 302 || status === 405;
  if (!isPlain && !/json|html|plain/.test(String(told['content-type'])) && answer !== '') {
    throw new Error(`${status} in a form that nobody knows: ${answer.slice(0, 100)}`);
  }
  return 'refused';
}

function judgeAlways200(_sent: Sent, { status, body: answer }: Heard): Verdict {
  if (status !== 200) throw new Error(`it answered ${status}`);
  JSON.parse(answer);
  return 'taken';
}

export const httpDoors: readonly FuzzedParser[] = [
  httpDoor('IVR request', ['src/http/ivr-routes.ts', 'src/http/render-headers.ts'], ivrRequest, judgeIvr),
  httpDoor('webhook', ['src/http/platform-routes.ts', 'connectors/sigmamind/signature.ts'], webhook, judgeStatus),
  httpDoor('tool call', ['src/http/platform-routes.ts'], toolCall, judgeStatus),
  httpDoor('inbound call', ['src/http/inbound-call-route.ts'], inboundCall, judgeAlways200),
  httpDoor('any path', ['src/http/connector-routes.ts', 'connectors/five9/import-route.ts'], anyPath, judgeStatus),
  rawHttp,
];
