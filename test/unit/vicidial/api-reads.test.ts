import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../connectors/vicidial/api/api.ts';
import { type ApiReads, apiReads } from '../../../connectors/vicidial/api/api-reads.ts';
import { VicidialConfig } from '../../../connectors/vicidial/config.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';

/** What the API answers to a function; a Buffer where the bytes matter. */
type Answers = Record<string, string | Buffer | ((form: URLSearchParams) => string | Buffer)>;

const names =
  'status user vendor_lead_code source_id list_id gmt_offset_now phone_code phone_number title first_name middle_initial last_name address1 address2 address3 city state province postal_code country_code gender date_of_birth alt_phone email security_phrase comments called_count last_local_call_time rank owner entry_list_id lead_id'.split(
    ' ',
  );
const ada: Record<string, string> = {
  ...{ status: 'XFER', user: '7001', list_id: '101', gmt_offset_now: '-5.00', phone_code: '1' },
  ...{ phone_number: '3035551000', first_name: 'Ada', comments: 'likes | pipes', date_of_birth: '0000-00-00' },
  ...{ last_local_call_time: '2026-11-20 10:00:00', entry_list_id: '0', lead_id: '1001' },
};
const valuesOf = (lead: Record<string, string>) => names.map((name) => lead[name] ?? '');
const allInfo = (lead = ada, custom: Record<string, string> = {}) =>
  `${[...names, ...Object.keys(custom)].join('\t')}\n${[...valuesOf(lead), ...Object.values(custom)].join('\t')}\n`;
const listInfo = '101\tSpring | calls\tSPRING\tY\t2026-11-01 00:00:00\t\t2099-12-31\t0\n';
const code = 'V1201000000000001001';

describe('apiReads', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  interface Site {
    reads: ApiReads;
    asked: URLSearchParams[];
    most(): number;
    count(name: string): number;
  }

  /** A web server that knows these functions and no others. */
  async function siteWith(answers: Answers, config: Record<string, unknown> = {}): Promise<Site> {
    const asked: URLSearchParams[] = [];
    let [open, most] = [0, 0];
    const server = createServer(async (request, response) => {
      open += 1;
      most = Math.max(most, open);
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const form = new URLSearchParams(body);
      asked.push(form);
      const answer = answers[form.get('function') ?? ''] ?? 'ERROR: NO FUNCTION SPECIFIED\n';
      // As slow as a web server, so that requests meet.
      await wait(5);
      open -= 1;
      response.end(typeof answer === 'function' ? answer(form) : answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/vicidial/non_agent_api.php`;
    const parsed = VicidialConfig.parse({
      type: 'vicidial',
      api: { url, user: 'patchbay', pass: 'topSecret1', timeoutMs: 2000 },
      timeZone: 'America/Denver',
      remoteAgents: [{ user: '7001', lines: 3 }],
      ...config,
    });
    const clock = { now: () => Date.parse('2026-11-20T17:05:00.000Z') };
    const memory = { read: async () => '', write: async () => undefined };
    const api = createApi(parsed.api, { clock, memory, who: 'x' });
    closing.push(async () => {
      api.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const reads = apiReads({ id: 'vicidial', config: parsed, api, clock });
    const count = (name: string) => asked.filter((form) => form.get('function') === name).length;
    return { reads, asked, most: () => most, count };
  }

  const errorOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
    const thrown = await work.catch((error: unknown) => error);
    if (!(thrown instanceof ConnectorError)) throw new Error('it did not fail as it should');
    return thrown;
  };
  const target = (callKey = code): WriteBackTarget => ({
    ...{ campaign: 'SPRING', callKey, calledAt: '2026-11-20T17:00:00.000Z', list: '101', leadKey: '1001' },
    ...{ number: '3035551000', phone: '+13035551000', agent: '7001' },
  });

  it('reads a lead with values that hold pipes, zero dates, and custom fields of several lines', async () => {
    const { reads, asked } = await siteWith(
      {
        lead_all_info: (form) =>
          form.get('force_entry_list_id') === '101' ? allInfo(ada, { plan: 'gold', notes: 'one\ntwo' }) : allInfo(),
        lead_field_info: '2026-11-20 10:01:00',
        list_info: listInfo,
      },
      { customFields: ['plan', 'notes', 'missing'] },
    );

    const lead = await reads.lead('1001');

    expect(lead).toMatchObject({ list: '101', campaign: 'SPRING', phones: ['+13035551000'] });
    expect(lead?.changedAt).toBe('2026-11-20T17:01:00.000Z');
    expect(lead?.fields).toMatchObject({ comments: 'likes | pipes', plan: 'gold', notes: 'one\ntwo' });
    expect(Object.keys(lead?.fields ?? {})).not.toContain('date_of_birth');
    expect(asked.some((form) => form.has('pass') && form.get('stage') === 'tab')).toBe(true);
  });

  it('decodes each value by itself: UTF-8, and true latin1', async () => {
    const [before, after] = allInfo({ ...ada, first_name: '@', last_name: '#' }).split('@') as [string, string];
    const [between = '', rest = ''] = after.split('#');
    const bytes = Buffer.concat([
      Buffer.from(before),
      Buffer.from('Søren', 'utf8'),
      Buffer.from(between),
      Buffer.from('Møller', 'latin1'),
      Buffer.from(rest),
    ]);
    const { reads } = await siteWith({ lead_all_info: bytes, list_info: listInfo });

    const row = await reads.leadRow('1001');

    expect([row?.first_name, row?.last_name]).toEqual(['Søren', 'Møller']);
  });

  it('takes no text of a lead for a refusal', async () => {
    const evil = 'x\nERROR: Login incorrect, please try again: |a|b|LOCK|\nERROR: NO FUNCTION SPECIFIED';
    const { reads } = await siteWith({ lead_all_info: allInfo(ada, { notes: evil }), list_info: listInfo });

    const values = await reads.customValues((await reads.leadRow('1001')) as never, ['notes']);
    const again = await reads.leadRow('1001');

    expect(values).toEqual({ notes: evil });
    expect(again?.status).toBe('XFER');
  });

  it.each<[string, Answers]>([
    ['an answer can not be parted', { lead_all_info: allInfo({ ...ada, comments: 'a\ttab' }) }],
    ['the release has no look-up for all of them', {}],
  ])('asks column by column, a few at once, when %s', async (_name, answers) => {
    const { reads, most } = await siteWith({
      ...answers,
      lead_field_info: (form) => ada[form.get('field_name') ?? ''] ?? '',
      list_info: listInfo,
      logged_in_agents: 'ERROR: logged_in_agents NO LOGGED IN AGENTS\n',
    });

    const row = await reads.leadRow('1001');

    expect(row).toMatchObject({ status: 'XFER', user: '7001', comments: 'likes | pipes', campaign_id: 'SPRING' });
    expect(most()).toBe(6);
  });

  it('takes the columns from the call when a line has the lead and the release allows', async () => {
    const { reads, count } = await siteWith({
      ccc_lead_info: `${names.slice(0, 30).join('\t')}\n${valuesOf(ada).slice(0, 30).join('\t')}\n`,
      lead_field_info: (form) =>
        ({ entry_list_id: '0', modify_date: '2026-11-20 10:01:00' })[form.get('field_name') ?? ''] ?? '',
      list_info: listInfo,
      logged_in_agents: `7001\tSPRING\t770019895551234\tINCALL\t1001\t${code}\t1\tAI line\tAI\t1\t\t\n`,
    });

    const row = await reads.leadRow('1001');

    expect(row).toMatchObject({ status: 'XFER', phone_number: '3035551000', entry_list_id: 0 });
    expect(count('lead_field_info')).toBe(2);
  });

  it('counts a lead as changed just now when its last change can not be told', async () => {
    const { reads } = await siteWith({ lead_all_info: allInfo(), list_info: listInfo });

    const row = await reads.leadRow('1001');

    expect(row?.modified).toBe(Date.parse('2026-11-20T17:05:00.000Z') / 1000);
  });

  it.each([
    ['a lead that is not there', 'ERROR: lead_all_info LEAD NOT FOUND: patchbay|1001|\n', null],
    ['a list that the user may not see', 'ERROR: lead_all_info LIST NOT FOUND: patchbay|1001|\n', 'dialer_denied'],
    ['an empty body', '', 'dialer_odd'],
    ['an unknown error', 'ERROR: lead_all_info SOMETHING ELSE: 3035551000\n', 'dialer_odd'],
  ])('tells %s from others', async (_name, answer, expected) => {
    const { reads } = await siteWith({ lead_all_info: answer });

    const row = await reads.leadRow('1001').catch((error: unknown) => (error as ConnectorError).code);

    expect(row).toBe(expected);
  });

  it('asks who is logged in once for many questions, and tells lines from people', async () => {
    const { reads, count } = await siteWith({
      logged_in_agents: [
        'user\tcampaign_id\tsession_id\tstatus\tlead_id\tcallerid\tcalls_today\tfull_name\tuser_group\tuser_level\tpause_code\tsub_status',
        `7001\tSPRING\t7700\tINCALL\t1001\t${code}\t1\tAI\tAI\t1\t\t`,
        '7002\tSPRING\t7700\tINCALL\t1002\tV1201000000000001002\t1\tAI\tAI\t1\t\tDEAD',
        'anna\tSPRING\t8600051\tPAUSED\t1003\tM1201000000000001003\t1\tAnna\tAGENTS\t1\tLOGIN\tDISPO',
        'ben\tSPRING\t8600052\tREADY\t1004\t\t1\tBen\tAGENTS\t1\t\t',
      ].join('\n'),
    });

    const live = await Promise.all(['1001', '1002', '1003', '1004'].map((lead) => reads.liveCalls('', lead)));
    const lines = [await reads.lineOf(code), await reads.lineOf('V1201000000000001002'), await reads.liveLines()];

    expect(live.map((calls) => calls.map(({ callerid }) => callerid))).toEqual([
      [code],
      [],
      ['M1201000000000001003'],
      [],
    ]);
    expect(lines).toEqual([
      '7001',
      '',
      [
        { user: '7001', callerid: code, updated: 0 },
        { user: '7002', callerid: '', updated: 0 },
      ],
    ]);
    expect(count('logged_in_agents')).toBe(1);
  });

  it('trusts no answer about the lines that it can not read whole', async () => {
    for (const answer of ['7001\tSPRING\tINCALL\n', 'NOTICE: logged_in_agents SOMETHING\n', '']) {
      const { reads } = await siteWith({ logged_in_agents: answer });

      const error = await errorOf(reads.liveCalls(code, '1001'));

      expect(error).toMatchObject({ code: 'dialer_odd', retryable: true, inDoubt: false });
      expect(inspect(error)).not.toContain('topSecret1');
    }
  });

  it('asks for each line, a few at once, where a release tells no more', async () => {
    const { reads, count, most } = await siteWith(
      {
        agent_status: (form) =>
          form.get('agent_user') === '7005'
            ? `INCALL\t${code}\t1001\tSPRING\t1\tAI\tAI\t1\t\t\n`
            : 'ERROR: agent_status AGENT NOT LOGGED IN: |patchbay|x|\n',
      },
      { remoteAgents: [{ user: '7001', lines: 30 }] },
    );

    const line = await reads.lineOf(code);

    expect([line, count('agent_status')]).toEqual(['7005', 30]);
    expect(most()).toBe(6);
  });

  it.each([
    ['as it is', `${code}\t0\t2026-11-20 10:00:03\t3035551000\tOUTBOUND\tSPRING\t101\tXFER\t7001\n`],
    ['as it is documented', `${code}\t0\t2026-11-20 10:00:03\tSPRING\t101\tXFER\t7001\t3035551000\n`],
  ])('reads the log of a call %s', async (_name, answer) => {
    const { reads } = await siteWith({
      lead_all_info: allInfo(),
      callid_info: answer,
      logged_in_agents: 'ERROR: logged_in_agents NO LOGGED IN AGENTS\n',
    });

    const { log, isNewest } = await reads.callLog(target(), '1001');

    expect(isNewest).toBe(true);
    expect(log).toMatchObject({ uniqueid: '', campaign: 'SPRING', status: 'XFER', isEnded: true, isInbound: false });
    const called = Date.parse('2026-11-20T17:00:00.000Z') / 1000;
    expect(log?.startedBetween).toEqual([called - 60, called + 180]);
  });

  it.each([
    ['of another season', `${code}\t0\t2026-01-20 10:00:03\t3035551000\tOUTBOUND\tSPRING\t101\tXFER\t7001\n`],
    ['that is not there', 'ERROR: callid_info CALL NOT FOUND: |patchbay|x|\n'],
  ])('takes no log row %s for the call', async (_name, answer) => {
    const { reads } = await siteWith({
      lead_all_info: allInfo(),
      callid_info: answer,
      logged_in_agents: 'ERROR: logged_in_agents NO LOGGED IN AGENTS\n',
    });

    expect((await reads.callLog(target(), '1001')).log).toBeNull();
  });

  it.each([
    ['10:00:00', true],
    ['12:00:05', true],
    ['10:45:00', false],
    ['12:45:00', false],
    ['08:00:00', true],
    ['', true],
  ])('judges by a last call at %s whether ours is the newest: %s', async (time, isNewest) => {
    const last = time && `2026-11-20 ${time}`;
    const { reads } = await siteWith({
      lead_all_info: allInfo({ ...ada, last_local_call_time: last }),
      callid_info: 'ERROR: callid_info CALL NOT FOUND: |patchbay|x|\n',
      logged_in_agents: 'ERROR: logged_in_agents NO LOGGED IN AGENTS\n',
    });

    expect((await reads.callLog(target(), '1001')).isNewest).toBe(isNewest);
  });

  it('reads callbacks by position, whatever their comments hold', async () => {
    const row = (status: string, comments: string) =>
      `1001\tCURRENT\tANYONE\t${status}\tCALLBK\t2026-11-30 09:30:00\t2026-11-20 10:00:00\tanna\t101\tSPRING\tAGENTS\t\t\t${comments}\n`;
    const { reads } = await siteWith({ lead_callback_info: `${row('ACTIVE', 'a | b\tc\nd')}${row('INACTIVE', '')}` });
    const none = await siteWith({
      lead_callback_info: 'ERROR: lead_callback_info CALLBACK NOT FOUND: patchbay|1001||\n',
    });
    const old = await siteWith({});

    const callback = { callback_time: '2026-11-30 09:30:00', campaign_id: 'SPRING', user: 'anna' };
    expect(await reads.callbacks('1001')).toEqual([
      { ...callback, status: 'ACTIVE' },
      { ...callback, status: 'INACTIVE' },
    ]);
    expect([await none.reads.callbacks('1001'), await old.reads.callbacks('1001')]).toEqual([[], null]);
  });

  it('finds the leads of a number, by a search or where the release lacks it by an update that changes nothing', async () => {
    const lists = { '1001': '101', '1002': '102' };
    const search = await siteWith({
      lead_search: '3035551000|2|1001-1002\n13035551000|0|\n',
      lead_field_info: (form) => lists[form.get('lead_id') as keyof typeof lists],
      list_info: (form) =>
        form.get('list_id') === '101' ? listInfo : listInfo.replace('101', '102').replace('SPRING', 'AUTUMN'),
    });
    const update = await siteWith({
      update_lead: 'NOTICE: update_lead LEADS FOUND IN THE SYSTEM: |patchbay|1001|a|b|3035551000|101|0\n',
      list_info: listInfo,
    });

    const found = await search.reads.leadsWithNumber(['3035551000', '13035551000'], 'SPRING');
    const held = await search.reads.numbersHeld(['3035551000', '13035551000']);
    const foundByUpdate = await update.reads.leadsWithNumber(['3035551000'], 'SPRING');

    expect([found, held, foundByUpdate]).toEqual([['1001'], ['3035551000'], ['1001']]);
    expect(
      update.asked.filter((form) => form.get('function') === 'update_lead').map((form) => form.get('no_update')),
    ).toEqual(['Y']);
  });

  it('finds the one call that a line has with this number, and asks for no more than it must', async () => {
    const { reads } = await siteWith({
      logged_in_agents: [
        `7001\tSPRING\t7700\tINCALL\t1001\t${code}\t1\tAI\tAI\t1\t\t`,
        '7002\tSPRING\t7700\tINCALL\t1002\tV1201000000000001002\t1\tAI\tAI\t1\t\t',
      ].join('\n'),
      callid_info: (form) =>
        `${form.get('call_id')}\t0\t2026-11-20 10:00:03\t303555${form.get('call_id')?.endsWith('1') ? '1000' : '1001'}\tOUTBOUND\tSPRING\t101\tXFER\t7001\n`,
    });

    const [byNumber, byLead, byNothing] = [
      await reads.callsLike({ leadId: '', uniqueid: '', number: '+13035551000' }),
      await reads.callsLike({ leadId: '1002', uniqueid: '', number: '' }),
      await reads.callsLike({ leadId: '', uniqueid: '1.7', number: '' }),
    ];

    expect(byNumber).toMatchObject([{ code, leadId: '1001', campaign: 'SPRING', number: '3035551000' }]);
    expect(byLead.map(({ leadId }) => leadId)).toEqual(['1002']);
    expect(byNothing).toEqual([]);
  });

  it('remembers what a release lacks, and says what it can not tell', async () => {
    const { reads, count } = await siteWith({});

    for (let round = 0; round < 3; round += 1) await reads.callbacks('1001');

    expect(count('lead_callback_info')).toBe(1);
    expect(await reads.isOnDncList('SYSTEM_INTERNAL', '3035551000')).toBeNull();
    expect(reads.gaps.length).toBeGreaterThan(5);
  });
});
