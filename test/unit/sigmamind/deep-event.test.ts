import { expect, it } from 'vitest';
import { Texts } from '../../../connectors/sigmamind/api/values.ts';
import { readPayload } from '../../../connectors/sigmamind/payload.ts';
import { readToolCall } from '../../../connectors/sigmamind/tool-call.ts';

/** V8 reads JSON of any depth, but writes none that is deeper than its stack. */
const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;

it('an event whose transcript is nested deeper than the stack is read without it', () => {
  const read = readPayload({ event: 'conversation_ended', call_id: 'call-1', transcript: [deep] });

  expect(read).toMatchObject({ event: 'conversation_ended', callId: 'call-1', transcript: '' });
});

it('a list in an answer of the platform may hold anything', () => {
  expect(Texts.parse(['a', deep, { b: 1 }])).toEqual(['a', '', '{"b":1}']);
});

it('a tool call of many blanks holds up nobody', () => {
  const body = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`a${index}`, `${' '.repeat(8000)}x`]));
  const before = process.cpuUsage();

  readToolCall(body);

  // Some seconds where two parts of an expression share the blanks.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
});
