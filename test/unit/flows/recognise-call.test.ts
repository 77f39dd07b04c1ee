import { describe, expect, it } from 'vitest';
import type { CallSighting } from '../../../src/domain/call.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { recogniseCall } from '../../../src/flows/recognise-call.ts';

const leg = {
  campaign: '',
  list: '',
  leadKey: '7',
  number: '',
  phone: '',
  agent: '',
  calledAt: '2026-11-20T17:00:00.000Z',
};
const sightingOf = (callKey: string): CallSighting => ({
  refs: [{ instance: 'carousel', kind: 'call', key: callKey }],
  leg: { dialer: 'carousel', callKey, ...leg },
  fields: {},
});
const named = sightingOf('named');
const found = sightingOf('found');
const continuation: CallSighting = { ...named, isContinuation: true };

describe('recogniseCall', () => {
  const warnings: object[] = [];
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: (fields: object) => void warnings.push(fields), error: silent };
  const recognise = (dialer: Partial<Dialer>, budgetMs = 1000) =>
    recogniseCall({ log }, { id: 'carousel', ...dialer } as Dialer, { call_id: 'x' }, budgetMs);
  const never = () => new Promise<never>(() => undefined);

  it('asks the dialer for nothing that the variables say', async () => {
    expect(await recognise({ recogniseCall: () => named, findCall: never })).toBe(named);
  });

  it('takes what the dialer finds for variables that say nothing', async () => {
    expect(await recognise({ recogniseCall: () => null, findCall: async () => found })).toBe(found);
    expect(await recognise({ findCall: async () => found })).toBe(found);
    expect(await recognise({ recogniseCall: () => null })).toBeNull();
  });

  it('takes what the dialer finds for a call that goes on under a new name', async () => {
    expect(await recognise({ recogniseCall: () => continuation, findCall: async () => found })).toBe(found);
    expect(await recognise({ recogniseCall: () => continuation, findCall: async () => null })).toBe(continuation);
    expect(await recognise({ recogniseCall: () => continuation })).toBe(continuation);
  });

  it('waits no longer than its budget, and keeps what the variables say', async () => {
    const startedAt = performance.now();

    const call = await recognise({ recogniseCall: () => continuation, findCall: never }, 30);

    expect(call).toBe(continuation);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(warnings.at(-1)).toMatchObject({ dialer: 'carousel' });
  });

  it('goes on without a dialer that fails', async () => {
    const findCall = () => Promise.reject(new Error('the dialer is away'));

    expect(await recognise({ recogniseCall: () => null, findCall })).toBeNull();
    expect(warnings.at(-1)).toEqual({ dialer: 'carousel', reason: 'the dialer is away' });
  });
});
