import fc from 'fast-check';
import type { z } from 'zod';
import { cellRows, recordOf, wholeValue } from '../../../connectors/vicidial/api/answer-cells.ts';
import { findLine, readAnswer, updatedRows, wordsOf } from '../../../connectors/vicidial/api/api-answer.ts';
import { parseCallerCode } from '../../../connectors/vicidial/caller-code.ts';
import { readCursor } from '../../../connectors/vicidial/leads/cursor.ts';
import { readTransferTarget } from '../../../connectors/vicidial/live/transfer-target.ts';
import { readPhone } from '../../../connectors/vicidial/phones.ts';
import { readClues, recogniseCall } from '../../../connectors/vicidial/recognise.ts';
import { fromServerText, offsetMinutes } from '../../../connectors/vicidial/server-time.ts';
import { readGrant } from '../../../connectors/vicidial/setup/checks/read-grants.ts';
import { readVersion } from '../../../connectors/vicidial/setup/checks/version.ts';
import { readPeers } from '../../../connectors/vicidial/setup/dialplan/account-entry.ts';
import { calledNumber, fillGlobals, readGlobals } from '../../../connectors/vicidial/setup/dialplan/called-number.ts';
import { factsOf, handlerHeaders } from '../../../connectors/vicidial/setup/dialplan/entry-facts.ts';
import { matchesPattern, prefixOf } from '../../../connectors/vicidial/setup/dialplan/match-pattern.ts';
import { readDialplan } from '../../../connectors/vicidial/setup/dialplan/read-dialplan.ts';
import * as siteTableRows from '../../../connectors/vicidial/setup/site-tables/rows.ts';
import { leadRowOf } from '../../../connectors/vicidial/tables/lead-cells.ts';
import * as tableRows from '../../../connectors/vicidial/tables/schema.ts';
import * as siteRows from '../../../connectors/vicidial/tables/site-rows.ts';
import { decodeBytes } from '../../../connectors/vicidial/tables/texts.ts';
import { bytesOf, oddText, repeated, spoiltJson, spoiltText } from '../arbitraries.ts';
import { type FuzzedParser, reader } from '../parser.ts';
import { now, zone } from './examples.ts';

const context = { id: 'vicidial', config: { country: 'US', timeZone: zone }, clock: { now: () => now } };
const code = 'V3020800000000001001';

export const apiAnswers = [
  'SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1001|1|0|\n',
  'ERROR: update_lead NO MATCHES FOUND IN THE SYSTEM - |patchbay|1001||\n',
  'ERROR: Login incorrect, please try again: |6|6666|BAD|\n',
  'ERROR: Invalid Username/Password: |patchbay|secret|LOCK|\n',
  'NOTICE: add_lead ADDED TO HOPPER - 3035550111|1001|101|1|patchbay\n',
  'VERSION: 2.14-173|BUILD: 250720-1841|DATE: 2026-03-02 08:00:00|EPOCH: 1772463600|DST: 0|TZ: -7|\n',
  `status\tuser\tlead_id\tfirst_name\tcomments\nCALLBK\tVDAD\t1001\tAda\tsaid "no"\n${code}\t3035550111\tSPRING\t101\tSALE\t2026-03-02 08:00:00\t6666\t12\t1772463600\n`,
  '<br />\n<b>Warning</b>: mysqli_query()\nSUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1001|1|0|\n',
  'MySQL connect ERROR: Access denied for user\n',
];
const functions = ['update_lead', 'version', 'lead_all_info', 'callid_info', 'add_dnc_phone'];

const dialplans = [
  `exten => _7700X.,1,AGI(agi://127.0.0.1:4577/call_log)\nexten => _7700X.,n,AGI(agi://10.0.0.2:4580/vicidial,\${CONNECTEDLINE(name)})\nexten => _7700X.,n,Dial(SIP/platform/+\${EXTEN:4},55,Tob(handler^s^1))\nexten => _7700X.,n,Hangup\n`,
  `[macro-x]\nsame => n(label),Set(PJSIP_HEADER(add,X-code)=\${CALLERID(name)}) ; note\n;-- long\ncomment --;\nexten => s,1,Set(__SIPADDHEADER01=X-lead_id: \${lead_id})\nexten = _9[2-9]NXXXXXX!,1,Set(r=\${CURL(https://script:key@patchbay.example.com/v1/ivr/vicidial/headers?code=\${CALLERID(name)})})\n`,
];
const account =
  '[platform]\ntype=endpoint\ntransport=tls\n[platform]\ntype=aor\ncontact=sip:10.0.0.3:5061;transport=tls ; far\nregister => a:b@host\n';
const rowExamples = [
  {
    ...{ lead_id: '1001', list_id: '101', entry_list_id: '0', campaign_id: 'SPRING', status: 'NEW', user: '' },
    ...{ phone_code: '1', phone_number: '3035550111', alt_phone: null, modified: '1772463600', first_name: 'Ada' },
    ...{ date_of_birth: '0000-00-00', last_local_call_time: '2026-03-02 08:00:00', gmt_offset_now: '-7.00' },
  },
  {
    uniqueid: '1772463600.12',
    callerid: code,
    call_time: '2026-03-02 08:00:00',
    start_epoch: '1772463600',
    field_label: 'tier',
  },
  { campaign_id: 'SPRING', dial_statuses: ' NEW DROP -', active: 'Y', auto_dial_level: '1.5', drop_call_seconds: '5' },
  {
    carrier_id: 'ai',
    dialplan_entry: dialplans[0],
    globals_string: 'AI = SIP/ai',
    account_entry: account,
    server_ip: '10.0.0.3',
  },
];
const schemas = [tableRows, siteRows, siteTableRows].flatMap((file) =>
  Object.values(file).filter((each): each is z.ZodType => typeof each === 'object' && 'safeParse' in each),
);
const cursors = [
  { kind: 'full', after: 10, until: 20, upTo: now, lists: 'ab' },
  { kind: 'idle', fullAt: now, since: now, maxLead: 20, lists: 'ab' },
  {
    ...{ kind: 'changes', fullAt: now, since: now, maxLead: 20, lists: 'ab', until: 30, upTo: now },
    stage: 'new',
    at: '5',
    skip: 0,
    open: now,
  },
];
const setup = 'connectors/vicidial/setup';

export const vicidialParsers: readonly FuzzedParser[] = [
  reader(
    'API text',
    ['connectors/vicidial/api/api-answer.ts', 'connectors/vicidial/api/answer-cells.ts', `${setup}/checks/version.ts`],
    fc.tuple(fc.constantFrom(200, 200, 200, 404, 500), bytesOf(spoiltText(apiAnswers)), fc.constantFrom(...functions)),
    ([status, bytes, name]) => {
      const body = bytes.toString('latin1');
      const answer = readAnswer(status, body, name);
      updatedRows(answer);
      findLine(answer, 'error', 'NOT FOUND');
      if (wordsOf(answer).length > 200) throw new Error('its words are as long as the answer');
      if (answer.kind === 'lines' || answer.kind === 'empty') readVersion(answer, now);
      cellRows(body);
      recordOf(body, 5);
      wholeValue(body);
      return answer.kind === 'lines' ? answer : null;
    },
  ),
  reader(
    'table row',
    [
      'connectors/vicidial/tables/schema.ts',
      'connectors/vicidial/tables/site-rows.ts',
      'connectors/vicidial/tables/lead-cells.ts',
      'connectors/vicidial/tables/lead-rows.ts',
      `${setup}/site-tables/rows.ts`,
    ],
    spoiltJson(rowExamples),
    (row) => {
      const isTaken = schemas.map((schema) => schema.safeParse(row).success).includes(true);
      const cells = Object.values(row ?? {}).map((cell) => (typeof cell === 'string' ? cell : null));
      return leadRowOf(cells, new Map()) ?? (isTaken ? true : null);
    },
  ),
  reader(
    'column bytes',
    ['connectors/vicidial/tables/texts.ts', 'connectors/vicidial/tables/utf8.ts'],
    bytesOf(spoiltText(['Zoë', 'naïve'])),
    decodeBytes,
  ),
  reader(
    'caller code',
    ['connectors/vicidial/caller-code.ts', 'connectors/vicidial/recognise.ts', 'connectors/vicidial/phones.ts'],
    fc.tuple(
      spoiltText([
        code,
        `"${code} 5565" <3035551000>`,
        'DC463600W0000001001W',
        'Y3020800000000001001',
        'J0302080000000000100',
      ]),
      fc.dictionary(
        fc.oneof(fc.constantFrom('code', 'cl', 'uid', 'phone', 'lead_id', 'dialer'), oddText),
        fc.oneof(oddText, repeated),
        { maxKeys: 5 },
      ),
    ),
    ([text, variables]) => {
      const read = parseCallerCode(text, now, zone);
      if (read && !(read.calledAt <= now + 3_720_000)) throw new Error('a call from the future');
      readPhone('1', text, 'US');
      recogniseCall(context, { code: text, ...variables });
      readClues(context, variables);
      return read;
    },
  ),
  reader(
    'server time',
    ['connectors/vicidial/server-time.ts'],
    spoiltText(['2026-03-08 02:30:00', '2026-11-01 01:30:00', '-7.00', '9999-12-31 23:59:59']),
    (text) => fromServerText(text, zone) ?? offsetMinutes(text),
  ),
  reader(
    'lead cursor',
    ['connectors/vicidial/leads/cursor.ts'],
    spoiltText(cursors.map((each) => JSON.stringify(each))),
    readCursor,
  ),
  reader(
    'transfer target',
    ['connectors/vicidial/live/transfer-target.ts'],
    spoiltText(['ingroup:SALES', 'extension:9195551234']),
    readTransferTarget,
  ),
  reader(
    'dialplan',
    ['read-dialplan', 'account-entry', 'called-number', 'entry-facts', 'match-pattern', 'split-arguments'].map(
      (name) => `${setup}/dialplan/${name}.ts`,
    ),
    spoiltText([...dialplans, account]),
    (text) => {
      const globals = readGlobals([text]);
      readPeers(text);
      const extensions = readDialplan(fillGlobals(text, globals));
      for (const extension of extensions) {
        for (const { user } of factsOf(extension).dials) calledNumber(user, '77001303555');
        handlerHeaders(extension);
        matchesPattern(extension.pattern, '770013035550111');
        prefixOf(extension.pattern);
      }
      return extensions.length > 0 ? extensions : null;
    },
  ),
  reader(
    'database grant',
    [`${setup}/checks/read-grants.ts`],
    spoiltText([
      'GRANT SELECT (`lead_id`, `status`) ON `asterisk`.`vicidial_list` TO `patchbay`@`%`',
      'GRANT `r`@`%` TO `patchbay`@`%`',
    ]),
    readGrant,
  ),
];
