import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Every option of our commands, as it is declared: `--out <file>`. */
function declaredOptions(): string[] {
  return ['src/cli', 'connectors'].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const source = readFileSync(`${root}/${folder}/${name}`, 'utf8');
        const declared = /(?:ption\(|flags:)\s*'([^']+)'/g;
        return [...source.matchAll(declared)].map(([, flags = '']) => flags);
      }),
  );
}

it('no command takes a secret as a word, which every user of the machine could read in the list of processes', () => {
  const options = declaredOptions();
  const secret = options.filter((flags) => /(pass|secret|token|credential|api-?key)[a-z-]* [<[]/i.test(flags));

  expect(secret).toEqual([]);
  expect(options.length).toBeGreaterThan(30);
});
