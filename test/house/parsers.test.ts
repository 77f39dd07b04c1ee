import { expect, it } from 'vitest';
import { parsers } from '../fuzz/registry.ts';
import { readersIn } from './parsers.ts';
import { sourceFiles } from './source-files.ts';

const files = sourceFiles();
const covered = new Set(parsers.flatMap(({ covers }) => covers));

it('everything that reads what others write is fuzzed', () => {
  expect(readersIn(files).filter((path) => !covered.has(path))).toEqual([]);
});

it('what is said to be fuzzed is there', () => {
  const paths = new Set(files.map(({ path }) => path));

  expect([...covered].filter((path) => !paths.has(path))).toEqual([]);
  expect(new Set(parsers.map(({ name }) => name)).size).toBe(parsers.length);
});

it.each([
  ['connectors/convoso/schema.ts', 'export const Lead = z.object({});'],
  ['connectors/convoso/read-answer.ts', 'export function readAnswer(body: string): Answer {'],
  ['src/http/read-toml.ts', 'export async function parseToml(text: string): Promise<Toml> {'],
])('a reader that comes tomorrow is noticed: %s', (path, source) => {
  expect(readersIn([{ path, source }])).toEqual([path]);
});
