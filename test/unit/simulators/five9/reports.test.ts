import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { ada, type CallCenter, faultIn, openCallCenter, spring, textOf } from './call-center.ts';

const contacts = {
  folder: 'Patchbay',
  name: 'Leads',
  kind: 'contacts' as const,
  columns: ['number1', 'first_name', 'ai_summary'],
};

function request(folder: string, name: string, start: string, end: string): string {
  return `<folderName>${folder}</folderName><reportName>${name}</reportName><criteria><time><end>${end}</end><start>${start}</start></time></criteria>`;
}

const today = ['2026-11-24T00:00:00.000-08:00', '2026-11-25T00:00:00.000-08:00'] as const;
const callLog = request('Call Log Reports', 'Call Log', ...today);
const byId = (id: string) => `<identifier>${id}</identifier>`;

describe('the reports of the Five9 simulator', () => {
  let center: CallCenter;
  beforeEach(async () => {
    center = await openCallCenter({ reportRowCap: 3 });
    center.five9.seed({ reports: [contacts] });
  });
  afterEach(() => center.five9.stop());

  async function csvOf(inner: string): Promise<string> {
    const { body } = await center.soap('runReport', inner);
    center.clock.advance(2000);
    return textOf((await center.soap('getReportResultCsv', byId(textOf(body, 'return')))).body, 'return');
  }

  it('run for a while, and give their result when they are through', async () => {
    const { body } = await center.soap('runReport', callLog);
    const id = textOf(body, 'return');
    const early = await center.soap('getReportResultCsv', byId(id));
    const asked = center.soap('isReportRunning', `${byId(id)}<timeout>30</timeout>`);
    await eventually(() => expect(center.five9.requests()).toHaveLength(3));
    center.clock.advance(2000);

    expect(faultIn(early.body)).toBe('ResultIsNotReadyFault');
    expect(textOf((await asked).body, 'return')).toBe('false');
    const ready = await center.soap('getReportResultCsv', byId(id));
    expect(textOf(ready.body, 'return').startsWith('CALL ID,TIMESTAMP,CAMPAIGN,CALL TYPE,AGENT,')).toBe(true);
  });

  it('know the calls that the simulator placed, by the clock of the data centre', async () => {
    const human = { disposition: 'Sale', afterSec: 0 };
    const placed = center.five9.call({ campaign: spring, number1: ada, callType: 1, human });
    if (placed.kind !== 'placed') throw new Error(placed.why);
    center.five9.endAiLeg(placed.call.call_id, { headers: {}, reason: 'ended' });
    await eventually(async () => {
      center.clock.advance(1000);
      expect(placed.call.endedAt).not.toBe('');
    });

    const [header = '', row = '', ...more] = (await csvOf(callLog)).trim().split('\n');

    expect(header.split(',')).toHaveLength(25);
    expect(row.startsWith(`${placed.call.call_id},"Tue, 24 Nov 2026 12:00:`)).toBe(true);
    expect(row).toContain(`,${spring},Outbound,`);
    expect(more).toEqual([]);
    expect((await csvOf(request('Call Log Reports', 'Call Log', today[1], today[1]))).trim().split('\n')).toHaveLength(
      1,
    );
  });

  it('hold the contacts that changed within the time, quoted where need be, and cut the rest off', async () => {
    center.five9.seed({ contacts: [{ fields: { number1: '7205550109', first_name: 'Eve "E", jr' } }] });

    const csv = await csvOf(request('Patchbay', 'Leads', ...today));

    expect(csv.trim().split('\n')).toEqual([
      'number1,first_name,ai_summary',
      '7205550101,Ada,',
      '7205550102,Bea,',
      '7205550102,Cal,',
    ]);
    await center.five9.stop();
    center = await openCallCenter();
    center.five9.seed({ reports: [contacts] });
    center.clock.advance(86_400_000);
    center.five9.seed({ contacts: [{ fields: { number1: '7205550109', first_name: 'Eve "E", jr' } }] });
    const next = await csvOf(request('Patchbay', 'Leads', today[1], '2026-11-26T00:00:00.000-08:00'));
    expect(next.trim().split('\n').slice(1)).toEqual(['7205550109,"Eve ""E"", jr",']);
  });

  it.each([
    ['a report', request('Patchbay', 'Nothing', ...today), 'ReportNotFoundFault'],
    ['a folder', request('Call Log', 'Call Log', ...today), 'ReportNotFoundFault'],
  ])('refuse %s that is not there', async (_what, inner, fault) => {
    expect(faultIn((await center.soap('runReport', inner)).body)).toBe(fault);
  });

  it('do not know an identifier that they did not give', async () => {
    expect(faultIn((await center.soap('getReportResultCsv', byId('0A1B'))).body)).toBe('UnknownIdentifierFault');
  });
});
