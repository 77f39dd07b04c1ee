import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));

/** Puts figures into docs/benchmarks.md, between the markers `<!-- name -->` and `<!-- /name -->`. */
export function writeFigures(name: 'table' | 'soak', markdown: string): void {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const text = readFileSync(file, 'utf8');
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`docs/benchmarks.md lacks the markers ${open} and ${close}`);
  writeFileSync(file, `${text.slice(0, start + open.length)}\n\n${markdown}\n\n${text.slice(end)}`);
}
