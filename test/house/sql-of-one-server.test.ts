import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';

/** What holds on one server of a cluster only, or differs from one to the other. */
const onOneServer = [
  /\bget_lock\b/i,
  /\block tables\b/i,
  /\bauto_?increment\b/i,
  /\blast_insert_id\b/i,
  /\buuid_short\b/i,
  /\bsql_calc_found_rows\b/i,
  /\bfound_rows\b/i,
  /\bcreate temporary\b/i,
  /\bforShare\b/,
];
/** Each writes a row that the others write too, before it is through: see docs/decisions/0025-several-processes.md. */
const mayLockRows = ['resolve-call.ts', 'hold-slots.ts', 'keep-counts.ts', 'log-in-failures.ts', 'drop-old-rows.ts'];

describe('the store knows of several servers', () => {
  const files = sourceFiles()
    .filter(({ path }) => path.startsWith('src/store/'))
    .map(({ path, source }) => ({ path, text: withoutComments(source) }));

  it.each(onOneServer)('says nowhere %s', (word) => {
    expect(files.filter(({ text }) => word.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('locks rows only where it writes what every other one who locks them writes', () => {
    const locking = files.filter(({ text }) => text.includes('forUpdate')).map(({ path }) => path.split('/').at(-1));

    expect(locking.sort()).toEqual([...mayLockRows].sort());
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}
