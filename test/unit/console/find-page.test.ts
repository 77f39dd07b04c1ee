import { describe, expect, it } from 'vitest';
import { findPage, queryOf } from '../../../src/console/find-page.ts';
import { html } from '../../../src/console/html.ts';
import type { Room } from '../../../src/console/page.ts';

const rooms: Room[] = [
  {
    pages: ['', 'calls', 'calls/:id', 'calls/:id/correct', 'leads/:dialer/:key'].map((path) => ({
      path,
      least: 'viewer',
      render: async () => ({ title: path, body: html`` }),
    })),
  },
];

describe('a page is found by its path', () => {
  it.each([
    ['', '', {}],
    ['calls', 'calls', {}],
    ['calls/abc', 'calls/:id', { id: 'abc' }],
    ['calls/abc/correct', 'calls/:id/correct', { id: 'abc' }],
    ['leads/east/a%2Fb%20c', 'leads/:dialer/:key', { dialer: 'east', key: 'a/b c' }],
  ])('%s', (path, pattern, params) => {
    const found = findPage(rooms, path);

    expect(found?.page.path).toBe(pattern);
    expect(found?.params).toEqual(params);
  });

  it.each(['call', 'calls/', 'calls/a/b', 'calls/%E0%A4%A', 'Calls'])('and not: %s', (path) => {
    expect(findPage(rooms, path)).toBeNull();
  });
});

it('takes the first value of each name of a query, and no empty one', () => {
  const given = [
    ['a', '1'],
    ['a', '2'],
    ['b', ''],
    ['c', ['3', '4']],
    ['d', { e: '5' }],
  ] as const;

  expect(queryOf(given)).toEqual({ a: '1', c: '3' });
});
