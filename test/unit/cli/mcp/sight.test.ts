import { describe, expect, it } from 'vitest';
import { actorFor, callFor, keyFor, sourceFor, toldFor, wordsFor } from '../../../../src/cli/mcp/sight.ts';
import { callTimeline } from '../../../../src/domain/call-timeline.ts';
import type { FactBody, StoredFact } from '../../../../src/domain/fact.ts';
import { describedCall } from '../../../support/described-call.ts';

const closed = { showsWords: false };
const open = { showsWords: true };
const noon = '2026-11-21T12:00:00.000Z';

describe('who did something', () => {
  it.each([
    ['cli:anna', 'somebody, by cli'],
    ['mcp:anna', 'somebody, by mcp'],
    ['anna', 'somebody'],
    ['patchbay', 'patchbay'],
    ['autopilot', 'autopilot'],
    ['', ''],
  ])('%s is told as "%s", and by name where names are shown', (by, told) => {
    expect(actorFor(closed, by)).toBe(told);
    expect(actorFor(open, by)).toBe(by);
  });

  it('is no name in a source either', () => {
    expect(sourceFor(closed, 'operator:cli:anna')).toBe('operator');
    expect(sourceFor(open, 'operator:cli:anna')).toBe('operator:cli:anna');
    expect(sourceFor(closed, 'sigmamind')).toBe('sigmamind');
  });
});

describe('a text', () => {
  it('loses its numbers, and what is too long of it', () => {
    const long = toldFor(`call 312-555-0144 ${'x'.repeat(5000)}`);

    expect(long).not.toContain('555');
    expect(long.length).toBeLessThan(700);
    expect(keyFor('+13125550144')).toBe('••• ••• 0144');
    expect(keyFor('1007')).toBe('1007');
  });

  it('of a person is told only where it may be, and without numbers even then', () => {
    expect(wordsFor(closed, 'Ada, 312-555-0144')).toBe('');
    expect(wordsFor(open, 'Ada, 312-555-0144')).toBe('Ada, ••• ••• 0144');
  });
});

describe('a timeline', () => {
  const bodies: FactBody[] = [
    { kind: 'dispositioned', dialer: 'five9', disposition: 'Sale', by: 'anna' },
    { kind: 'corrected', outcome: 'sale', by: 'anna', why: 'she said so' },
    { kind: 'noted', event: 'Called by Anna', text: '' },
    { kind: 'erased', by: 'cli:anna' },
  ];
  const facts = bodies.map((body, index) => ({
    ...{ correlationId: 'c', refs: [], source: 'operator:anna', key: String(index), at: noon, receivedAt: noon, body },
  })) satisfies StoredFact[];
  const wordsOf = (sight: { showsWords: boolean }) => {
    const { steps } = callTimeline(callFor(sight, { ...describedCall([]), facts }));
    return steps.map(({ headline, source, details }) => {
      const shown = details.filter(({ privacy }) => privacy !== 'personal').map(({ value }) => value);
      return [headline, source, ...shown].join(' ');
    });
  };

  it('is made without names of staff', () => {
    expect(wordsOf(closed).join('\n')).not.toMatch(/anna/i);
    expect(wordsOf(closed)).toContain("A person's disposition: Sale by an agent operator no outcome of ours");
    expect(wordsOf(open).join('\n')).toMatch(/by anna/);
  });
});
