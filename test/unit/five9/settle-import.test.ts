import { describe, expect, it } from 'vitest';
import { ImportResult } from '../../../connectors/five9/soap/schema.ts';
import { settleImport } from '../../../connectors/five9/write/settle-import.ts';
import { configOf, rowOf, sale } from './cast.ts';

const ada = row('a', '2125550101');
const ben = row('b', '2125550102');
const cleo = row('c', '2125550103');
const config = configOf();

function row(id: string, leadKey: string) {
  const base = rowOf(id, sale);
  return { ...base, target: { ...base.target, leadKey } };
}

function result(members: object) {
  return ImportResult.parse({ success: true, uploadErrorsCount: 0, ...members });
}

function kinds(answers: ReadonlyMap<string, { kind: string }>) {
  return Object.fromEntries([...answers].map(([id, { kind }]) => [id, kind]).sort());
}

function trouble(kind: string, key: string[], rowNumber: number) {
  return { kind, key, rowNumber, troubleMessage: 'There were errors during the upload' };
}

describe('settleImport', () => {
  it('confirms all rows when the counts add up', () => {
    const answers = settleImport('disp', [cleo, ada, ben], 3, result({ dispRecordsUpdated: 3 }), config);

    expect(kinds(answers)).toEqual({ a: 'done', b: 'done', c: 'done' });
  });

  it('finds the row of a trouble by its key, though the line says otherwise', () => {
    const importTroubles = [trouble('NoMatchesInContacts', ['2125550102'], 1)];

    const answers = settleImport(
      'disp',
      [ada, ben, cleo],
      3,
      result({ dispRecordsUpdated: 2, importTroubles }),
      config,
    );

    expect(kinds(answers)).toEqual({ a: 'done', b: 'refused', c: 'done' });
  });

  it('finds it by its line, counted by the order of ids, where there is no key', () => {
    const importTroubles = [trouble('ParseError', [], 3)];

    const answers = settleImport(
      'disp',
      [cleo, ben, ada],
      3,
      result({ dispRecordsUpdated: 2, importTroubles }),
      config,
    );

    expect(kinds(answers)).toEqual({ a: 'done', b: 'done', c: 'refused' });
  });

  it('does not take a remark for a refusal', () => {
    const importTroubles = [trouble('OneMatchInContacts', ['2125550101'], 1)];

    const answers = settleImport('disp', [ada], 1, result({ dispRecordsUpdated: 1, importTroubles }), config);

    expect(kinds(answers)).toEqual({ a: 'done' });
  });

  it('sends rows again, in doubt, when the counts do not add up', () => {
    const importTroubles = [trouble('MultipleMatchesInContacts', ['2125550102'], 2)];

    const answers = settleImport(
      'disp',
      [ada, ben, cleo],
      3,
      result({ dispRecordsUpdated: 1, importTroubles }),
      config,
    );

    expect(answers.get('a')).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(kinds(answers)).toEqual({ a: 'retry', b: 'refused', c: 'retry' });
  });

  it('believes the imported rows where they are listed', () => {
    const importedRows = [{ lineNumber: 1, crmId: 1, key: ['2125550101'], result: ['UpdatedCRM'] }];

    const answers = settleImport('crm', [ada, ben], 2, result({ crmRecordsUpdated: 1, importedRows }), config);

    expect(kinds(answers)).toEqual({ a: 'done', b: 'retry' });
  });

  it.each([
    ['a duplicate that no trouble names', { dispRecordsUpdated: 2, uploadDuplicatesCount: 1 }],
    [
      'a warning that no trouble names',
      { dispRecordsUpdated: 2, warningsCount: { entry: [{ key: 'NoMatchesInContacts', value: 1 }] } },
    ],
    ['an error that no trouble names', { dispRecordsUpdated: 2, uploadErrorsCount: 1 }],
    ['more changes than rows, which may hide one that did nothing', { dispRecordsUpdated: 3 }],
    ['an import that says it failed', { dispRecordsUpdated: 2, success: false }],
  ])('is in doubt about the rows after %s', (_name, members) => {
    const answers = settleImport('disp', [ada, ben], 2, result(members), config);

    expect([...answers.values()]).toEqual(
      [ada, ben].map(() => expect.objectContaining({ kind: 'retry', inDoubt: true })),
    );
  });

  it('believes warnings that the troubles bear out, though the message says that all failed', () => {
    const importTroubles = [trouble('NoMatchesInContacts', ['2125550102'], 2), trouble('OneMatchInContacts', ['1'], 1)];
    const entry = [
      { key: 'NoMatchesInContacts', value: 1 },
      { key: 'OneMatchInContacts', value: 7 },
    ];

    const answers = settleImport(
      'disp',
      [ada, ben, cleo],
      3,
      result({
        dispRecordsUpdated: 2,
        importTroubles,
        warningsCount: { entry },
        failureMessage: 'There were errors during the upload',
      }),
      config,
    );

    expect(kinds(answers)).toEqual({ a: 'done', b: 'refused', c: 'done' });
  });

  it('takes a lone row whose one contact holds several records for done', () => {
    const answers = settleImport('disp', [ada], 1, result({ dispRecordsUpdated: 2 }), config);

    expect(kinds(answers)).toEqual({ a: 'done' });
  });

  it('refuses a lone row that changed no record of the campaign, once its contact was looked at', () => {
    const nothing = result({ dispRecordsUpdated: 0 });

    const first = settleImport('disp', [ada], 1, nothing, config);
    const afterAnOutage = settleImport('disp', [{ ...ada, attempts: 3, spared: 3 }], 1, nothing, config);
    const again = settleImport('disp', [{ ...ada, attempts: 4, spared: 3 }], 1, nothing, config);

    expect(first.get('a')).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(afterAnOutage.get('a')).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(again.get('a')).toMatchObject({ kind: 'refused', hint: expect.stringContaining('list') });
  });

  it('tries again what Five9 broke itself', () => {
    const importTroubles = [trouble('InternalImportError', ['2125550101'], 1)];

    const answers = settleImport('disp', [ada], 1, result({ importTroubles }), config);

    expect(answers.get('a')).toMatchObject({ kind: 'retry', inDoubt: true });
  });

  it('refuses a row that Five9 breaks again and again: each try costs an import of the day', () => {
    const importTroubles = [trouble('InternalImportError', ['2125550101'], 1)];
    const tries = [0, 1, 2].map((attempts) =>
      settleImport('disp', [{ ...ada, attempts }], 1, result({ importTroubles }), config).get('a'),
    );

    expect(tries.map((answer) => answer?.kind)).toEqual(['retry', 'retry', 'refused']);
    expect(tries.map((answer) => (answer?.kind === 'retry' ? answer.afterMs : undefined))).toEqual([
      60_000,
      600_000,
      undefined,
    ]);
    expect(tries.at(-1)).toMatchObject({ why: expect.stringContaining('InternalImportError') });
  });

  it('is sure of a part of the rows when the troubles name others', () => {
    const importTroubles = [trouble('NoMatchesInContacts', ['2125550103'], 3)];

    const answers = settleImport('disp', [ada, ben], 3, result({ dispRecordsUpdated: 2, importTroubles }), config);

    expect(kinds(answers)).toEqual({ a: 'done', b: 'done' });
  });
});
