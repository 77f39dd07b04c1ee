import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(`${root}/docs/security.md`, 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| (?!Threat|---)/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));

it('names for each threat a test that is there, by words of its name', () => {
  const missing: string[] = [];
  for (const [threat = '', , tests = ''] of rows) {
    for (const [, file = '', words = ''] of tests.matchAll(/`(test\/[^`]+)`((?:,? “[^”]+”)*)/g)) {
      const text = existsSync(`${root}/${file}`) ? readFileSync(`${root}/${file}`, 'utf8') : '';
      if (text === '') missing.push(`${threat}: ${file}`);
      for (const [, name = ''] of words.matchAll(/“([^”]+)”/g)) {
        if (!text.includes(name)) missing.push(`${threat}: ${file}: ${name}`);
      }
    }
  }

  expect(missing).toEqual([]);
});

it('leaves no threat without a test but those that the system around has to stop', () => {
  const bare = rows.filter(([, , tests = '']) => !tests.includes('`test/')).map(([threat]) => threat);

  expect(bare).toEqual(['Core dumps and heap snapshots']);
  expect(rows.length).toBeGreaterThan(30);
});
