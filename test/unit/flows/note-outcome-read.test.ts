import { expect, it } from 'vitest';
import type { Fact } from '../../../src/domain/fact.ts';
import { createCallMemory } from '../../../src/flows/call-memory.ts';
import { noteOutcomeRead } from '../../../src/flows/note-outcome-read.ts';

it('keeps each answer once, however often a script asks while it waits', () => {
  const notes: Fact[] = [];
  const registrations = {
    add: (fact: Fact) => void notes.push(fact),
    flush: async () => undefined,
    size: () => 0,
    stop: () => undefined,
  };
  const deps = { clock: { now: () => 0, sleep: async () => undefined }, memory: createCallMemory(), registrations };

  for (const status of ['pending', 'pending', 'pending', 'done', 'done'] as const) {
    noteOutcomeRead(deps, 'carousel', { correlationId: 'c1', route: 'hangup', outcome: '', status });
  }

  expect(notes.map(({ key }) => key)).toEqual(['outcome-read:pending', 'outcome-read:done']);
});
