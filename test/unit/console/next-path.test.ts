import { expect, it } from 'vitest';
import { nextPath } from '../../../src/console/auth/next-path.ts';

it.each(['/console/calls?text=a%20b&after=1', '/console/calls/0abc', '/console?x=1'])('goes to %s', (path) => {
  expect(nextPath(path)).toBe(path);
});

it.each([
  'https://evil.example/console',
  '//evil.example/console',
  '/\\evil.example',
  '/console\\@evil.example',
  '/console/../../evil',
  '/console/..//evil.example',
  '/console//evil.example',
  '/console%2f..%2f..',
  '/console/a\tb',
  '/console/a\r\nx-evil: 1',
  '/consoles',
  '/v1/ivr',
  'javascript:alert(1)//console',
  `/console/${'a'.repeat(3000)}`,
  ['/console/calls'],
  undefined,
  // Through these one would log in for ever, or out at once.
  '/console/log-in?next=/console',
  '/console/log-out',
  '/console/oidc/start',
  '/console/live?page=/console',
])('goes to the first page in the place of %j', (path) => {
  expect(nextPath(path)).toBe('/console');
});
