import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Five9 } from '../../../connectors/five9/five9.ts';
import { auditContext } from '../../../connectors/five9/ivr/audit/audit-context.ts';
import { auditScript } from '../../../connectors/five9/ivr/audit/audit-script.ts';
import { readExport } from '../../../connectors/five9/ivr/audit/read-export.ts';
import { writeXml } from '../../../connectors/five9/ivr/xml.ts';
import { readLogRows } from '../../../connectors/five9/read/call-log-rows.ts';
import { contactsToLeads } from '../../../connectors/five9/read/contact-to-lead.ts';
import { fieldsOfColumns, rowsToContacts } from '../../../connectors/five9/read/report-contacts.ts';
import { readTable } from '../../../connectors/five9/read/report-table.ts';
import { readTimes, timePatterns } from '../../../connectors/five9/read/time-patterns.ts';
import { readRequest } from '../../../connectors/five9/read-request.ts';
import { recogniseCall } from '../../../connectors/five9/recognise.ts';
import { readUndoing } from '../../../connectors/five9/setup/undoing.ts';
import { readDomainTimes } from '../../../connectors/five9/times.ts';
import { readReceipt } from '../../../connectors/five9/write/imports.ts';
import { goodScript, publicUrl } from '../../unit/five9/audit-cast.ts';
import { configOf, standingClock } from '../../unit/five9/cast.ts';
import { springConfig } from '../../unit/five9/script-cast.ts';
import { bytesOf, oddText, repeated, spoiltJson, spoiltText } from '../arbitraries.ts';
import { type FuzzedParser, reader } from '../parser.ts';
import { soapAnswers } from './soap-answers.ts';

const config = configOf();
/** In the hour that New York has twice. */
const clock = standingClock('2026-11-01T05:30:00Z');
const now = clock.now();
const five9 = { id: 'five9', config, deps: { clock } } as unknown as Five9;
const context = auditContext('five9', publicUrl, springConfig(), 'Spring');

const scripts = ['good-handoff-a', 'good-inbound', 'ordinary'].map((name) => goodScript(`${name}.five9ivr`));
const bombs = [
  `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(50)}"><!ENTITY c "${'&b;'.repeat(50)}">]><ivrScript>&c;</ivrScript>`,
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ivrScript><modules>&x;</modules></ivrScript>',
  '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><ivrScript/>',
  `<ivrScript>${'<modules>'.repeat(5000)}`,
  `<ivrScript a="${'x'.repeat(200_000)}"/>`,
  `<ivrScript ${Array.from({ length: 5000 }, (_, index) => `a${index}="1"`).join(' ')}/>`,
  '<?xml version="1.0" encoding="utf-7"?><ivrScript/>',
  '<ns:ivrScript xmlns:ns="urn:other"/>',
];
/** A query whose packed body is far larger than it looks. */
const packed = scripts.map((text) => text.replace(/H4sI[\w+/=]+/, gzipSync('x'.repeat(5_000_000)).toString('base64')));

const logs = [
  'CALL ID,TIMESTAMP,CAMPAIGN,AGENT,DISPOSITION,CALL TIME\n300000001,"Mon, 02 Mar 2026 07:01:02",Spring,ada@example,AI - Qualified,00:01:02\n',
  '\ufeffCall ID,Timestamp,Campaign,Agent,Disposition\n"3000""1",2026-03-02 07:01:02.123,"Spring, late",[None],No Answer\n',
  'number1,first_name,last_name,street\n3035550111,Ada,"O\'Neil\nMiss",\n',
];
const times = ['Mon, 02 Mar 2026 07:01:02', '2026-03-02 07:01:02.123', '03/02/2026 07:01:02 PM', '2026-11-01 01:30:00'];
const variables = {
  call_id: '300000001',
  call_type: '5',
  ani: '8005550199',
  dnis: '3035550111',
  campaign: 'Spring',
  'X-outcome': 'sale',
  'Customer.first_name': 'Ada',
};

export const five9Parsers: readonly FuzzedParser[] = [
  reader(
    'IVR script',
    [
      ...[
        'xml',
        'script-model',
        'audit/read-export',
        'audit/unpack',
        'audit/query',
        'audit/operands',
        'audit/reads',
      ].map((name) => `connectors/five9/ivr/${name}.ts`),
    ],
    bytesOf(spoiltText([...scripts, ...bombs, ...packed])),
    (bytes) => {
      const script = readExport(bytes);
      writeXml(script.root);
      return auditScript(script, context);
    },
  ),
  reader(
    'report CSV',
    ['connectors/five9/read/report-table.ts', 'connectors/five9/read/call-log-rows.ts'],
    spoiltText(logs),
    async (csv) => {
      const table = await readTable(csv);
      contactsToLeads(five9, rowsToContacts(table.rows, fieldsOfColumns(table.headers, config)));
      return readLogRows(table, config, now);
    },
  ),
  reader(
    'dialer time text',
    ['connectors/five9/read/time-patterns.ts', 'connectors/five9/times.ts'],
    spoiltText(times),
    (text) => [
      ...readTimes(text, timePatterns, config.domainTimeZone, now),
      ...readDomainTimes(text, config.domainTimeZone, now),
    ],
  ),
  reader(
    'Five9 variables',
    ['connectors/five9/recognise.ts', 'connectors/five9/read-request.ts'],
    fc.tuple(spoiltJson([variables]), fc.dictionary(oddText, fc.oneof(oddText, repeated), { maxKeys: 5 })).map(flat),
    (given) => recogniseCall('five9', config, standingClock('2026-03-02T15:00:00Z'), readRequest(config, given)),
  ),
  reader(
    'import receipt',
    ['connectors/five9/write/imports.ts'],
    spoiltText(['disp:import-1:12', 'list:abc:3@1772463600000']),
    readReceipt,
  ),
  reader(
    'set-up journal',
    ['connectors/five9/setup/undoing.ts'],
    spoiltJson([{ kind: 'members', campaign: 'Spring', type: 'OUTBOUND', set: {}, before: {} }]),
    (kept) => readUndoing(kept as Parameters<typeof readUndoing>[0]),
  ),
  soapAnswers,
];

/** Variables as a request has them: texts by name. */
function flat([value, more]: [unknown, Record<string, string>]): Record<string, string> {
  const own = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    [...own, ...Object.entries(more)].map(([name, each]) => [
      name,
      typeof each === 'symbol' ? '' : `${typeof each === 'object' ? '' : each}`,
    ]),
  );
}
