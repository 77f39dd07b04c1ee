import { expect, it } from 'vitest';
import { proposeDispositions } from '../../../connectors/five9/setup/wizard/propose-dispositions.ts';

const proposed = (outcome: string, held: readonly { name: string; type: string }[]) =>
  proposeDispositions(held).find((one) => one.outcome === outcome)?.disposition;

it('takes a disposition of the domain that ends the record for a sale', () => {
  expect(proposed('sale', [{ name: 'Sold', type: 'FinalDisp' }])).toBe('Sold');
});

it('leaves one that dials the buyer again, and makes its own', () => {
  expect(proposed('sale', [{ name: 'Sold', type: 'RedialNumber' }])).toMatch(/^AI - /);
  expect(proposed('not_interested', [{ name: 'Not interested', type: 'RedialNumber' }])).toMatch(/^AI - /);
});

it('takes any type for a call that reached nobody', () => {
  expect(proposed('busy', [{ name: 'No contact', type: 'RedialNumber' }])).toBe('No contact');
});
