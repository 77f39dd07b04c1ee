import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { houseFaults } from './house/import-rules.ts';
import { sourceFiles } from './house/source-files.ts';

// npm run check: types, lint and format, the rules of the house, generated files. One line each; all of them run.

const root = fileURLToPath(new URL('..', import.meta.url));
let isGreen = true;

report('types', run('node_modules/typescript/bin/tsc', '-p', '.'));
report('lint and format', run('node_modules/@biomejs/biome/bin/biome', 'check', '--diagnostic-level=warn'));
report(
  'house',
  sourceFiles()
    .flatMap(({ path, source }) => houseFaults(path, source))
    .join('\n'),
);
report('generated files', run('config/generate.ts', '--check'));
if (!isGreen) process.exitCode = 1;

/** What the program said when it failed; empty when all is well. */
function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` || `ended with ${status}`;
}

function report(name: string, faults: string): void {
  console.log(`${faults ? 'FAULTY' : 'ok    '}  ${name}`);
  if (!faults) return;
  isGreen = false;
  console.log(faults.replace(/^(?=.)/gm, '        '));
}
