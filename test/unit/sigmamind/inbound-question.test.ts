import { expect, it } from 'vitest';
import { inboundQuestionCursor, noteInboundQuestions } from '../../../connectors/sigmamind/setup/inbound-question.ts';
import { testConnectorDeps } from './test-deps.ts';

it('notes now and then that SigmaMind asked', async () => {
  let now = Date.parse('2026-03-02T15:00:00.000Z');
  const written: string[] = [];
  const note = noteInboundQuestions({
    clock: { now: () => now, sleep: async () => {} },
    log: testConnectorDeps.log,
    writeCursor: async (name, value) => void written.push(`${name} ${value}`),
  });

  note();
  now += 60_000;
  note();
  now += 600_000;
  note();

  expect(written).toEqual([
    `${inboundQuestionCursor} 2026-03-02T15:00:00.000Z`,
    `${inboundQuestionCursor} 2026-03-02T15:11:00.000Z`,
  ]);
});

it('holds no call up, nor lets it fail, when the store is away', () => {
  const note = noteInboundQuestions({
    clock: testConnectorDeps.clock,
    log: testConnectorDeps.log,
    writeCursor: () => Promise.reject(new Error('the store is away')),
  });

  expect(note).not.toThrow();
});
