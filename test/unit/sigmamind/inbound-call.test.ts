import { expect, it } from 'vitest';
import { readInboundCall } from '../../../connectors/sigmamind/inbound-call.ts';

const token = 'token-of-inbound-calls-0123456789';
const adasNumber = '+13035550111';
const aiNumber = '+13035550199';

function read(body: unknown, given = token) {
  const request = { method: 'POST', params: { token: given }, query: {}, headers: {} };
  return readInboundCall([token], { ...request, body: Buffer.from(JSON.stringify(body)) });
}

it.each<[string, object, string]>([
  ['as it is documented', { event: 'inbound_call', to_number: aiNumber }, aiNumber],
  ['with the event in another style', { event: 'Inbound-Call', to_number: aiNumber }, aiNumber],
  ['without an event', { event: null, to_number: aiNumber }, aiNumber],
  ['without the called number', {}, ''],
  ['with a called number that is no text', { to_number: ['x'] }, ''],
])('reads the question about a call %s', (_name, fields, to) => {
  expect(read({ from_number: adasNumber, ...fields })).toEqual({ kind: 'call', from: adasNumber, to });
});

it.each([
  ['a text message', { event: 'inbound_sms', from_number: adasNumber }],
  ['one without a calling number', { event: 'inbound_call', from_number: null }],
  ['one whose number is none', { from_number: { toString: 1 } }],
  ['a list', []],
])('has no answer to %s', (_name, body) => {
  expect(read(body)).toEqual({ kind: 'other' });
});

it('is closed to who does not know the token', () => {
  expect(read({ from_number: adasNumber }, 'another').kind).toBe('denied');
});
