import { parseArgs } from 'node:util';
import { operations } from './operations.ts';
import { reportOf } from './report.ts';
import { measureTable, otherParts, say } from './run-table.ts';
import { summaryOf } from './summary.ts';
import { judgeTargets } from './targets.ts';
import { writeFigures } from './write-docs.ts';

/**
 * The table of everything: Patchbay on both databases beside a glue script and bare `node:http`, in turns, with the targets
 * beside the figures. A run of the whole writes docs/benchmarks.md. Ends with exit code 1 when a target is missed,
 * or a part could not be measured.
 *
 * @param args `--rounds 3 --seconds 2 --at 1,20,100 --only register,start --json`
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      at: { type: 'string', default: '1,20,100' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(',').filter(Boolean);
  const known = [...operations.map(({ name }) => name), ...otherParts];
  const unknown = only.find((name) => !known.includes(name));
  if (unknown) throw new Error(`no part is called ${unknown}: there are ${known.join(', ')}`);

  const levels = values.at.split(',').map(Number);
  const options = { rounds: Number(values.rounds), ms: Number(values.seconds) * 1000, only, levels };
  const measured = await measureTable(options);
  const report = reportOf(measured, options);
  const targets = judgeTargets(measured);
  if (values.json) {
    const lines = measured.lines.map(({ turns, ...line }) => ({ ...line, ...summaryOf({ turns, ...line }) }));
    process.stdout.write(`${JSON.stringify({ bench: 'table', targets, ...measured, lines })}\n`);
  } else process.stdout.write(`${report}\n`);
  if (measured.failed.length > 0) {
    say(`not measured to the end: ${measured.failed.join(', ')}`);
    process.exitCode = 1;
  } else if (only.length === 0) {
    writeFigures('table', report);
    say('written to docs/benchmarks.md');
  }
  if (targets.some(({ isMet }) => !isMet)) process.exitCode = 1;
}
