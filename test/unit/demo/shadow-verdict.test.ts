import { expect, it } from 'vitest';
import { overtakenWhy } from '../../../src/domain/write-back.ts';
import { writeScript } from '../../demo/script.ts';
import { compareRuns, type StoredRow } from '../../demo/shadow-verdict.ts';

const script = writeScript(1, { calls: 2, daySec: 100, five9Every: 2, rushes: [] });
const [ada] = script;
if (!ada) throw new Error('the script has no call');
const calledAt = '2026-03-02T16:00:00.000Z';

let count = 0;

function row(desired: object, changes: Partial<StoredRow> = {}, minutes = 0): StoredRow {
  count += 1;
  const target = {
    phone: `+1${ada?.number}`,
    calledAt: new Date(Date.parse(calledAt) + minutes * 60_000).toISOString(),
  };
  const { aspect } = desired as { aspect: string };
  const own = { id: `row-${count}`, dialer: 'vicidial', aspect, revision: 1, state: 'confirmed', why: '' };
  return { ...own, target: JSON.stringify(target), desired: JSON.stringify(desired), ...changes };
}

const sold = { aspect: 'disposition', disposition: 'SALE', outcome: 'sale' };
const refused = { aspect: 'disposition', disposition: 'NI', outcome: 'not_interested' };
const listed = { aspect: 'dnc', listed: true, phones: ['+13035550100'] };
const callback = (hours: number, minutes: number) => ({
  ...{ aspect: 'callback', note: '' },
  at: new Date(Date.parse(calledAt) + hours * 3_600_000 + minutes * 60_000).toISOString(),
});

function compared(shown: readonly (readonly [StoredRow, string])[], real: readonly StoredRow[]) {
  const report = shown.map(([{ id }, verdict]) => ({ id, verdict }));
  const { rows, agree, leftToPeople, differ, missing } = compareRuns(
    script,
    { report, rows: shown.map(([r]) => r) },
    real,
  );
  return { rows, agree, leftToPeople, differ, missing };
}

it('agrees where the real run wrote what was shown, a callback by the hours after its call', () => {
  const shown = [row(sold), row(listed), row(callback(48, 2))].map((each) => [each, 'would-change'] as const);
  const real = [row(refused), row(sold, { revision: 2 }), row(listed), row(callback(48, 9), {}, 7)];

  expect(compared(shown, real)).toEqual({ rows: 3, agree: 3, leftToPeople: 0, differ: 0, missing: 0 });
});

it('agrees where a person was faster in both, and only there', () => {
  const left = row(sold, { state: 'cancelled', why: overtakenWhy });

  expect(compared([[row(sold), 'set-since']], [left])).toMatchObject({ agree: 1, leftToPeople: 1, differ: 0 });
  expect(compared([[row(sold), 'would-change']], [left])).toMatchObject({ agree: 0, differ: 1 });
});

it('lets fields of a call that was left to a person have their outcome, and nothing else of theirs', () => {
  const fields = (result: string, note: string) => row({ aspect: 'fields', fields: { result, note } });
  const left = () => row(sold, { state: 'cancelled', why: overtakenWhy });
  const shown = [fields('qualified', 'hi'), 'unknown'] as const;

  expect(compared([shown], [left(), fields('sale', 'hi')])).toMatchObject({ agree: 1, leftToPeople: 1, differ: 0 });
  expect(compared([shown], [left(), fields('sale', 'other')])).toMatchObject({ agree: 0, differ: 1 });
  expect(compared([shown], [fields('sale', 'hi')])).toMatchObject({ agree: 0, differ: 1 });
});

it('counts another value, a write of which nothing was shown, and one that never came', () => {
  expect(compared([[row(sold), 'would-change']], [row(refused)])).toMatchObject({ agree: 0, differ: 1, missing: 0 });
  expect(compared([], [row(sold)])).toMatchObject({ rows: 0, missing: 1 });
  expect(compared([[row(sold), 'would-change']], [])).toMatchObject({ agree: 0, differ: 1 });
});
