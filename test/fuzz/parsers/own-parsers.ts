import fc from 'fast-check';
import { checkConfig } from '../../../config/load.ts';
import { connectors } from '../../../connectors/index.ts';
import { parseE164 } from '../../../connectors/shared/phone.ts';
import { parseFile, readFacts } from '../../../src/cli/outcome-file.ts';
import { isCorrelationId, readCorrelationId } from '../../../src/domain/correlation-id.ts';
import { readSpan } from '../../../src/domain/day-span.ts';
import { readInstant, readWantedTime, sayTime } from '../../../src/domain/wanted-time.ts';
import { readFlatJson } from '../../../src/http/read-flat-json.ts';
import { readFlatXml } from '../../../src/http/read-flat-xml.ts';
import { readVariables, withReturnedHeaders } from '../../../src/http/read-variables.ts';
import { readFormat } from '../../../src/http/render-answer.ts';
import { parseSegment } from '../../../src/store/spool/parse-segment.ts';
import { bytesOf, oddText, repeated, spoiltJsonText, spoiltText } from '../arbitraries.ts';
import { type FuzzedParser, reader } from '../parser.ts';
import { example, examplesIn, now, zone } from './examples.ts';

const noPlatform = { explain: () => null };
const secret = 'a-secret-that-no-fault-may-quote';
const configs = [
  ...examplesIn('test/unit/config/good'),
  example('config/patchbay.example.yaml'),
  `server: {port: 1}\nsecret: ${secret}\nclients: {a: {keys: [${secret}x], may: [dialer]}}\nplatforms: {p: {type: sigmamind, apiKey: '${secret}y'}}\n`,
  'a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c]\n',
  '<<: &x {a: *x}\n',
];

export const ivrBodies = [
  '{"call_id":"300000001","number":"3035550111","campaign":"Spring","call_id":"2"}',
  '{"correlation_id":"0123456789abcd","wait_ms":"0","returned_headers":"{"X-outcome":"sale","X-x":"y"}"}',
  'call_id=300000001&number=%2B13035550111&campaign=Spring+Sale&first_name=Zo%EB',
  '<?xml version="1.0"?><request><call_id>300000001</call_id><var name="number" expr="3035550111"/></request>',
  '--b\r\nContent-Disposition: form-data; name="call_id"\r\n\r\n300000001\r\n--b--\r\n',
];
export const contentTypes = [
  ...[
    'application/json',
    'application/x-www-form-urlencoded',
    'text/xml; charset=iso-8859-1',
    'text/plain;charset=utf-16le',
  ],
  ...['multipart/form-data; boundary=b', 'multipart/form-data; boundary=(', 'application/json; charset=nobody', ''],
];

export const ownParsers: readonly FuzzedParser[] = [
  reader(
    'IVR variables',
    ['read-variables', 'read-flat-json', 'read-flat-xml', 'read-form', 'render-answer'].map(
      (name) => `src/http/${name}.ts`,
    ),
    fc.record({
      query: spoiltText(ivrBodies),
      body: bytesOf(spoiltText(ivrBodies)),
      type: fc.constantFrom(...contentTypes),
    }),
    ({ query, body, type }) => {
      readFormat(query);
      readFlatJson(query, 'returned_headers');
      readFlatXml(query);
      const read = withReturnedHeaders(readVariables({ url: `/x?${query}`, body, get: () => type } as never));
      const names = Object.keys(read);
      if (names.length > 200) throw new Error('more variables than are allowed');
      if (Object.values(read).some((value) => typeof value !== 'string')) throw new Error('a variable is no text');
      return names.length > 0 ? read : null;
    },
  ),
  reader(
    'configuration',
    ['config/document.ts', 'config/parse.ts', 'config/interpolate.ts', 'config/load.ts', 'config/schema.ts'],
    spoiltText(configs),
    async (text) => {
      const loaded = await checkConfig({ file: 'patchbay.yaml', text, env: {}, registry: connectors });
      if (loaded.kind === 'ok') return loaded;
      if (loaded.faults.length === 0 || loaded.report === '') throw new Error('it is refused without a word');
      if (loaded.report.includes(secret)) throw new Error('the report quotes a secret');
      return null;
    },
  ),
  reader(
    'outcome file',
    ['src/cli/outcome-file.ts'],
    spoiltJsonText([JSON.parse(example('connectors/sigmamind/examples/facts.json'))]),
    (text) => readFacts(parseFile(text, 'facts.json'), noPlatform as never, new Date(now).toISOString()),
  ),
  reader(
    'spool segment',
    ['src/store/spool/parse-segment.ts'],
    bytesOf(spoiltText(['{"kind":"facts","facts":[]}\n{"kind":"facts"}\n', '{"a":1}\n{"b":'])),
    (bytes) => (parseSegment(bytes).entries.length > 0 ? true : null),
  ),
  reader(
    'correlation ID',
    ['src/domain/correlation-id.ts'],
    spoiltText(['0123456789abcd', 'OI23 4567-89ABCD']),
    (text) => {
      const read = readCorrelationId(text);
      if (read && !isCorrelationId(read)) throw new Error('what was read is none');
      return read || null;
    },
  ),
  reader(
    'wanted time',
    ['src/domain/wanted-time.ts', 'src/domain/day-span.ts'],
    spoiltText([
      'tomorrow at 3 pm',
      '2026-03-05T15:00:00Z',
      'in 2 hours',
      'next monday morning',
      '2026-03-05',
      '9999-12-31T23:59:59-14:00',
    ]),
    (text) => {
      const wanted = readWantedTime(text, zone, now);
      if (wanted) sayTime(wanted.at, zone, now);
      const span = readSpan(zone, text, text);
      readInstant(text);
      return wanted ?? (typeof span === 'string' ? null : span);
    },
  ),
  reader(
    'phone number',
    ['connectors/shared/phone.ts'],
    fc.oneof(spoiltText(['+1 (303) 555-0111', '0113035550111', 'tel:3035550111;ext=9']), oddText, repeated),
    (text) => parseE164(text, 'US') || null,
  ),
];
