import { expect, it } from 'vitest';
import { failPoints } from '../../src/domain/fail-points.ts';
import { sourceFiles } from './source-files.ts';

it('every fail point of the list is in the code, once per way, and the code has no other', () => {
  const named = sourceFiles()
    .filter(({ path }) => !path.startsWith('test/'))
    .flatMap(({ source }) => [...source.matchAll(/\.failAt\('([^']*)'\)|\bfailAt\('([^']*)'\)/g)])
    .map(([, member, plain]) => member ?? plain);

  expect([...new Set(named)].sort()).toEqual([...failPoints].sort());
});
