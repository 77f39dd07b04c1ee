import { describe, expect, it } from 'vitest';
import { fitLogRow, readLogRows } from '../../../connectors/five9/read/call-log-rows.ts';
import { judgeLogRow } from '../../../connectors/five9/read/judge-log-row.ts';
import { readTable } from '../../../connectors/five9/read/report-table.ts';
import type { CallDescription } from '../../../src/domain/connector.ts';
import type { FactBody, StoredFact } from '../../../src/domain/fact.ts';
import type { Desired } from '../../../src/domain/write-back.ts';
import { configOf, rowOf, sale } from './cast.ts';

const config = configOf({ campaigns: { Spring: { dispositions: { sale: 'AI - Sale', qualified: 'Call later' } } } });
const now = '2026-03-02T18:00:00.000Z';
/** Ada's call: from 7:00 in California for two minutes, dispositioned by Grace. */
const graces = {
  callId: '30000000001',
  at: '2026-03-02T15:00:00.000Z',
  endedAt: '2026-03-02T15:02:00.000Z',
  campaign: 'Spring',
  agent: 'grace@example.com',
  disposition: 'Call later',
} as const;
const nobodys = { ...graces, agent: '' };

function fact(body: FactBody, at = '2026-03-02T15:01:00.000Z', key: string = body.kind): StoredFact {
  return { correlationId: 'ada0000000000a', source: 'test', key, at, receivedAt: at, body };
}

const byGrace = (disposition: string, at: string) =>
  fact({ kind: 'dispositioned', dialer: 'five9', disposition, by: 'grace' }, at, `${disposition} ${at}`);

function adas(overrides: Partial<CallDescription> = {}): CallDescription {
  const call = { correlationId: 'ada0000000000a', campaign: 'Spring' } as CallDescription['call'];
  const writeBacks = [rowOf('w1', sale, { state: 'confirmed' })];
  return { call, refs: [], facts: [fact({ kind: 'started' }, graces.at)], writeBacks, ...overrides };
}

const as = (disposition: string): Desired => ({ aspect: 'disposition', disposition, outcome: 'sale' });
const judge = (row: Parameters<typeof judgeLogRow>[2], known?: CallDescription) =>
  judgeLogRow('five9', config, row, known, now);

describe('readLogRows', () => {
  const log = (...lines: string[]) => readTable(lines.join('\n'));

  it('finds the columns by their headers, in any order and case', async () => {
    const table = await log(
      '\uFEFFDisposition,Agent,Call Id,TimeStamp,Customer Name,CAMPAIGN,call time',
      'AI - Sale,[None],30000000001,"Mon, 02 Mar 2026 07:00:00","Ada ""Countess"", Byron",Spring,00:02:00',
      'Call later,grace@example.com,30000000002,"Mon, 02 Mar 2026 07:10:00",,Spring,',
    );

    expect(readLogRows(table, config, Date.parse(now))).toEqual({
      rows: [
        { ...nobodys, disposition: 'AI - Sale' },
        { ...graces, callId: '30000000002', at: '2026-03-02T15:10:00.000Z', endedAt: '' },
      ],
      rejects: {},
    });
  });

  it('counts rows that can not be used, and goes on', async () => {
    const table = await log(
      'CALL ID,TIMESTAMP,CAMPAIGN,AGENT,DISPOSITION',
      ',2026-03-02 07:00:00,Spring,,',
      '30000000001,soon,Spring,,',
      '30000000001,2026-03-02 07:00:00,Spring',
      '30000000001,2026-03-02 07:00:00,Spring,,No Answer',
    );

    const { rows, rejects } = readLogRows(table, config, Date.parse(now));

    expect(rows).toHaveLength(1);
    expect(rejects).toEqual({
      'no call id': 1,
      'a time that no pattern of `callLog.timePatterns` fits': 1,
      'not a row of the report': 1,
    });
  });

  it('says which column is missing, and which there are', async () => {
    const table = await log('CALL ID,WHEN,CAMPAIGN,AGENT,DISPOSITION', '1,2,3,4,5');

    expect(() => readLogRows(table, config, Date.parse(now))).toThrow(
      'the report has no column TIMESTAMP; it has CALL ID, WHEN, CAMPAIGN, AGENT, DISPOSITION',
    );
  });

  it('reads the times by the zone of the report', async () => {
    const european = configOf({ callLog: { timeZone: 'UTC', columns: { timestamp: 'Start' } } });
    const table = await log('CALL ID,START,CAMPAIGN,AGENT,DISPOSITION', '1,2026-03-02 07:00:00,Spring,,Busy');

    expect(readLogRows(table, european, Date.parse(now)).rows).toMatchObject([{ at: '2026-03-02T07:00:00.000Z' }]);
  });

  it.each([
    ['the first time', '2026-11-01T08:29:30.000Z', '2026-11-01T08:29:00.000Z', '2026-11-01T08:31:00.000Z'],
    ['the second time', '2026-11-01T09:29:30.000Z', '2026-11-01T09:29:00.000Z', '2026-11-01T09:31:00.000Z'],
    ['which nobody can tell', undefined, '2026-11-01T09:29:00.000Z', '2026-11-01T09:31:00.000Z'],
  ])(
    'knows by its registration when a call was in the hour that comes twice: %s',
    async (_when, registered, at, endedAt) => {
      const table = await log(
        'CALL ID,TIMESTAMP,CAMPAIGN,AGENT,DISPOSITION,CALL TIME',
        '30000000001,"Sun, 01 Nov 2026 01:29:00",Spring,grace@example.com,Call later,00:02:00',
      );

      const { rows } = readLogRows(table, config, Date.parse('2026-11-02T00:00:00.000Z'));

      expect(rows.map((row) => fitLogRow(row, registered))).toMatchObject([{ at, endedAt }]);
    },
  );

  it('takes an empty report for no calls', async () => {
    expect(readLogRows(await log(''), config, Date.parse(now))).toEqual({ rows: [], rejects: {} });
  });
});

describe('judgeLogRow', () => {
  it.each([
    ['same', 'AI - Sale', 'confirmed'],
    ['differs', 'AI - Not interested', 'confirmed'],
    ['differs', 'AI - Not interested', 'dead'],
    ['open', 'AI - Not interested', 'pending'],
    ['open', 'AI - Not interested', 'held'],
    ['system', 'Transferred To 3rd Party', 'confirmed'],
    ['system', '', 'confirmed'],
  ] as const)('finds %s where the log shows "%s" and the write-back is %s', (kind, disposition, state) => {
    const known = adas({ writeBacks: [rowOf('w1', sale, { state })] });

    const { finding, fact: made } = judge({ ...nobodys, disposition }, known);

    expect(finding).toMatchObject({ kind, wrote: 'AI - Sale', state, shows: disposition });
    expect(made).toBeUndefined();
  });

  it('finds a call that never reached us unknown, also with an agent', () => {
    const { finding, fact: made } = judge(graces, undefined);

    expect(finding).toMatchObject({ kind: 'unknown', correlationId: '', wrote: '' });
    expect(made).toBeUndefined();
  });

  it('looks at the revision that counts, of this leg', () => {
    const known = adas({
      writeBacks: [
        rowOf('w1', as('Old'), { state: 'superseded' }),
        rowOf('w2', sale, { state: 'confirmed', revision: 2 }),
        rowOf('w3', as('Newer'), { state: 'cancelled', revision: 3 }),
        rowOf('w4', as('Mirror'), { dialer: 'vicidial', state: 'confirmed' }),
      ],
    });

    expect(judge({ ...nobodys, disposition: 'AI - Sale' }, known).finding.kind).toBe('same');
  });

  it("makes a human's word a fact, with the outcome that it stands for", () => {
    const { finding, fact: made } = judge(graces, adas());

    expect(finding.kind).toBe('human');
    expect(made).toEqual({
      refs: [{ instance: 'five9', kind: 'call-id', key: '30000000001' }],
      source: 'five9',
      key: 'call-log:30000000001:Call later:2026-03-02T15:02:00.000Z',
      at: '2026-03-02T15:02:00.000Z',
      body: {
        kind: 'dispositioned',
        dialer: 'five9',
        disposition: 'Call later',
        by: 'grace@example.com',
        outcome: 'qualified',
      },
    });
  });

  it('makes the same fact of the same word, and none of one that is known', () => {
    const known = byGrace('Call later', '2026-03-02T15:05:00.000Z');

    expect(judge(graces, adas()).fact).toEqual(judge(graces, adas()).fact);
    expect(judge(graces, adas({ facts: [known] }))).toMatchObject({ finding: { kind: 'human' } });
    expect(judge(graces, adas({ facts: [known] })).fact).toBeUndefined();
  });

  it('counts a word that was changed from when it is seen, also one that is changed back', () => {
    const first = byGrace('Call later', '2026-03-02T15:02:00.000Z');
    const second = byGrace('Wrong number', '2026-03-02T16:00:00.000Z');

    const changedBack = judge(graces, adas({ facts: [second, first] })).fact;

    expect(changedBack).toMatchObject({ at: now, body: { disposition: 'Call later' } });
  });

  it('does not take a word for new that the row told before, whatever came to be known since', () => {
    const told = fact(
      { kind: 'dispositioned', dialer: 'five9', disposition: 'Call later', by: 'grace' },
      '2026-03-02T15:02:00.000Z',
      'call-log:30000000001:Call later:2026-03-02T15:02:00.000Z',
    );
    const later = byGrace('Wrong number', '2026-03-02T16:00:00.000Z');

    expect(judge(graces, adas({ facts: [told, later] })).fact).toBeUndefined();
  });

  it('hears each leg of a call once, whichever was read last', () => {
    const ofOtherLeg = fact(
      { kind: 'dispositioned', dialer: 'five9', disposition: 'Sold', by: 'hedy' },
      '2026-03-02T15:30:00.000Z',
      'call-log:30000000002:Sold:2026-03-02T15:30:00.000Z',
    );

    const first = judge(graces, adas({ facts: [ofOtherLeg] })).fact;
    expect(first).toMatchObject({ at: graces.endedAt, body: { disposition: 'Call later' } });

    const told = fact(first?.body as FactBody, first?.at, first?.key);
    expect(judge(graces, adas({ facts: [told, ofOtherLeg] })).fact).toBeUndefined();
  });

  it.each([
    ['what Five9 sets by itself', { ...graces, disposition: 'No Disposition' }, 'system'],
    ["what our IVR script sets, which is no person's", { ...nobodys, disposition: 'Call later' }, 'differs'],
    ['what we wrote ourselves', { ...graces, disposition: 'AI - Sale' }, 'same'],
    ['an agent who was through before the AI began', { ...graces, endedAt: '2026-03-02T14:59:00.000Z' }, 'differs'],
  ] as const)('does not take for a human: %s', (_name, row, kind) => {
    const judged = judge(row, adas());

    expect(judged.finding.kind).toBe(kind);
    expect(judged.fact).toBeUndefined();
  });
});
