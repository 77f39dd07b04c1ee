import { describe, expect, it } from 'vitest';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { wordsOfRecords } from '../../../src/flows/words-of-records.ts';

const noon = '2026-11-21T12:00:00.000Z';
const oneOClock = '2026-11-21T13:00:00.000Z';
const twoOClock = '2026-11-21T14:00:00.000Z';
const sold: Desired = { aspect: 'disposition', disposition: 'sold', outcome: 'sale' };

function rowOf(correlationId: string, calledAt: string, changes: Partial<WriteBack> = {}, leadKey = 'ada'): WriteBack {
  const record = { campaign: 'Autumn', list: '', leadKey, callKey: correlationId, agent: '' };
  const desired = changes.desired ?? sold;
  return {
    ...{ id: `${correlationId} ${calledAt} ${desired.aspect}`, correlationId, dialer: 'carousel', revision: 1 },
    ...{ aspect: desired.aspect, desired, state: 'confirmed', dueAt: noon, attempts: 0, inDoubt: false, receipt: '' },
    ...{ why: '', hint: '', createdAt: noon, settledAt: null },
    target: { ...record, number: '3035550101', phone: '+13035550101', calledAt },
    ...changes,
  };
}

function othersOf(row: WriteBack, ...rows: WriteBack[]) {
  const { later, isEarlierOpen } = wordsOfRecords([row, ...rows], new Map([[row.id, row]]))(row);
  return [[...later], isEarlierOpen];
}

describe('what other calls say of the places of a row', () => {
  it("is not what its own call said, though that is the latest, and an earlier revision's time another", () => {
    const own = rowOf('mu-1', oneOClock);
    const ownFirst = rowOf('mu-1', twoOClock);

    expect(othersOf(own, ownFirst)).toEqual([[], false]);
    expect(othersOf(own, ownFirst, rowOf('mu-2', noon, { state: 'submitted' }))).toEqual([[], true]);
    expect(othersOf(own, ownFirst, rowOf('mu-2', '2026-11-21T13:30:00.000Z'))).toEqual([['Autumn'], false]);
  });

  it('is found behind any number of rows that say nothing, in any order', () => {
    const own = rowOf('mu-1', oneOClock, { state: 'submitted' });
    const before = rowOf('mu-0', noon, { state: 'submitted' });
    const after = rowOf('mu-9', twoOClock);
    const silent = Array.from({ length: 9 }, (_, index) =>
      rowOf(`mu-${index + 20}`, twoOClock, { state: 'superseded' }),
    );

    expect(othersOf(own, before, after, ...silent)).toEqual([['Autumn'], true]);
    expect(othersOf(own, ...silent, after, before)).toEqual([['Autumn'], true]);
  });

  it.each([
    ['the same lead', 'ada', 'ada', true],
    ['another lead of the number', 'ada', 'ben', false],
    ['a lead that only the number tells', 'ada', '', true],
    ['a row that names no lead, and one that does', '', 'ben', true],
  ])('goes by the record: %s', (_what, ownLead, otherLead, isRival) => {
    const own = rowOf('mu-1', noon, {}, ownLead);

    expect(othersOf(own, rowOf('mu-2', oneOClock, {}, otherLead))).toEqual([isRival ? ['Autumn'] : [], false]);
  });

  it('is told field by field', () => {
    const fieldsOf = (fields: Record<string, string>) => ({ desired: { aspect: 'fields', fields } }) as const;
    const own = rowOf('mu-1', noon, fieldsOf({ note: 'Bought two', result: 'sale' }));

    expect(othersOf(own, rowOf('mu-2', oneOClock, fieldsOf({ result: 'gone', other: 'x' })))).toEqual([
      ['result'],
      false,
    ]);
  });
});
