import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { createApi } from '../../../connectors/vicidial/api/api.ts';
import { type ApiReads, apiReads } from '../../../connectors/vicidial/api/api-reads.ts';
import { VicidialConfig } from '../../../connectors/vicidial/config.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import { bytesOf, spoiltText } from '../arbitraries.ts';
import { door } from '../parser.ts';
import { now } from './examples.ts';
import { apiAnswers } from './vicidial-parsers.ts';

const columns =
  'status user vendor_lead_code source_id list_id gmt_offset_now phone_code phone_number title first_name middle_initial last_name address1 address2 address3 city state province postal_code country_code gender date_of_birth alt_phone email security_phrase comments called_count last_local_call_time rank owner entry_list_id lead_id';
const lead =
  'XFER 7001 v1 s1 101 -7.00 1 3035550111 - Ada - - - - - - - - 80202 US F 0000-00-00 - - - pipes| 3 2026-03-02 0 - 0 1001';
const code = 'V3020800000000001001';
const good: Readonly<Record<string, string>> = {
  lead_all_info: `${columns.replaceAll(' ', '\t')}\n${lead.replaceAll(' ', '\t').replaceAll('-\t', '\t')}\n`,
  lead_field_info: '2026-03-02 08:00:00\n',
  list_info: '101\tSpring | calls\tSPRING\tY\t2026-11-01 00:00:00\t\t2099-12-31\t0\n',
  callid_info: `${code}\t3035550111\tSPRING\t101\tSALE\t2026-03-02 08:00:00\t6666\t12\t1772463600\n`,
  lead_callback_info:
    '1001\tANYONE\t\tACTIVE\tCALLBK\t2026-03-03 08:00:00\t2026-03-02 08:00:00\t6666\t101\tSPRING\tx\n',
  logged_in_agents: `7001\tSPRING\tSESS\tINCALL\t1001\t${code}\t3\tRemote\tALL\t1\n`,
  agent_status: `INCALL\t${code}\t1001\tSPRING\t3\tRemote Agent\tALL\t1\t\t3035550111\n`,
  recording_lookup: `2026-03-02 08:00:00\t7001\t55\t1001\thttps://rec.example/a.wav\n`,
  phone_number_log: '3035550111\t2026-03-02 08:00:00\t101\t12\tCALLER\tSALE\tOUT\tSPRING\n',
};
const functions = Object.keys(good);

const target: WriteBackTarget = {
  ...{ campaign: 'SPRING', list: '101', leadKey: '1001', callKey: code, number: '3035550111', phone: '+13035550111' },
  ...{ agent: '', calledAt: '2026-03-02T15:00:00.000Z' },
};
const reads: readonly ((api: ApiReads) => Promise<unknown>)[] = [
  ({ lead: read }) => read('1001'),
  ({ callLog }) => callLog(target, '1001'),
  ({ callbacks }) => callbacks('1001'),
  ({ callsLike }) => callsLike({ leadId: '1001', uniqueid: '1772463600.12', number: '3035550111' }),
  ({ liveLines }) => liveLines(),
  ({ liveCalls }) => liveCalls(code, '1001'),
  ({ lineOf }) => lineOf(code),
  ({ recordings }) => recordings('1001', { from: 1772463000, to: 1772464000 }),
  ({ leadsWithNumber }) => leadsWithNumber(['3035550111'], 'SPRING'),
  ({ numbersHeld }) => numbersHeld(['3035550111']),
  ({ callsOnLines }) => callsOnLines(() => true),
];

interface Told {
  read: number;
  /** The function whose answer is spoilt; the others answer as they should. */
  of: string;
  status: number;
  body: Buffer;
}

const told: fc.Arbitrary<Told> = fc.constantFrom(...functions).chain((of) =>
  fc.record({
    of: fc.constant(of),
    read: fc.nat(reads.length - 1),
    status: fc.constantFrom(200, 200, 200, 200, 500, 302, 404),
    body: bytesOf(spoiltText([good[of] ?? '', good[of] ?? '', ...apiAnswers])),
  }),
);
const pass = 'secret7Word-of-the-api';

/** VICIdial's API over real HTTP: what it answers becomes a value or an error of ours, which tells nobody's password. */
export const vicidialApiDoor = door<Told>({
  name: 'VICIdial API answer',
  covers: [
    'api',
    'api-reads',
    'call-info',
    'calls-on-lines',
    'lead-info',
    'lines',
    'lists',
    'recording-lookup',
    'search-leads',
  ].map((name) => `connectors/vicidial/api/${name}.ts`),
  limitMs: 3000,
  async open() {
    let current: Told | undefined;
    const server = createServer(async (request, response) => {
      let form = '';
      for await (const part of request) form += String(part);
      const name = new URLSearchParams(form).get('function') ?? '';
      if (name === current?.of) response.writeHead(current.status).end(current.body);
      else response.end(good[name] ?? `ERROR: ${name} NOT FOUND\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vicidial/non_agent_api.php`;
    const config = VicidialConfig.parse({
      type: 'vicidial',
      api: { url, user: 'patchbay', pass, timeoutMs: 2000 },
      timeZone: 'America/Denver',
      remoteAgents: [{ user: '7001', lines: 2 }],
      customFields: ['tier'],
    });
    const clock = { now: () => now };
    const memory = { read: async () => '', write: async () => undefined };
    return {
      arbitrary: told,
      async feed(input) {
        current = input;
        // A refused log-in would keep the next inputs out.
        const api = createApi(config.api, { clock, memory, who: 'who' });
        try {
          const value = await reads[input.read]?.(apiReads({ id: 'vicidial', config, api, clock }));
          return value === null ? 'refused' : 'taken';
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
          if (`${error.message} ${error.hint}`.includes(pass)) throw new Error('an error quotes the password');
          return 'refused';
        } finally {
          api.close();
        }
      },
      async stop() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
});
