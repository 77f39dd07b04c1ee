import { expect, it } from 'vitest';
import { readDocument } from '../../../config/document.ts';

it.each(['<<: &x {a: *x}\n', 'a: &x\n  b: [1, *x]\n', '&x [*x]'])(
  'a value that holds itself is a fault, not an endless walk: %s',
  (text) => {
    const { value, faults } = readDocument(text);

    expect(faults).toEqual([expect.objectContaining({ what: 'a value holds itself' })]);
    expect(value).toEqual({});
  },
);

it('a value that is named twice is none of these', () => {
  const { value, faults } = readDocument('a: &x {b: 1}\nc: *x\nd: {<<: *x}\n');

  expect(faults).toEqual([]);
  expect(value).toEqual({ a: { b: 1 }, c: { b: 1 }, d: { b: 1 } });
});

it.each(['{', '[{', '? '])('hundreds of %s are a fault, and are not turned over for ever', (opening) => {
  const { value, faults } = readDocument(opening.repeat(300));

  expect(faults).toContainEqual(expect.objectContaining({ what: 'a key is itself a list or a section' }));
  expect(value).toEqual({});
});

it.each(['{a: ', '[', '- ', ': '])('who nests %s by the thousand is told so', (opening) => {
  for (const times of [100, 3000, 30_000]) {
    const { value, faults } = readDocument(opening.repeat(times));

    expect(faults).toContainEqual(expect.objectContaining({ what: 'lists or sections are nested too deep' }));
    expect(value).toEqual({});
  }
});

it('sixty levels are none too many', () => {
  const { value, faults } = readDocument(`${'{a: '.repeat(60)}1${'}'.repeat(60)}`);

  expect(faults).toEqual([]);
  expect(JSON.stringify(value)).toBe(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`);
});
