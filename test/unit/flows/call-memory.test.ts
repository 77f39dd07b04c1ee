import { describe, expect, it } from 'vitest';
import type { Call, CallRef } from '../../../src/domain/call.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { createCallMemory } from '../../../src/flows/call-memory.ts';

const noon = '2026-11-21T12:00:00.000Z';
const aroundNoon = { from: Date.parse(noon) - 60_000, to: Date.parse(noon) + 60_000 };
const adasNumber = '+13035550111';
const optedOut: Outcome = {
  code: 'sale',
  basis: 'human',
  at: noon,
  summary: '',
  fields: {},
  optedOutAt: noon,
};

describe('the memory of calls', () => {
  it('finds a call by its ID and by every name that it was remembered with', () => {
    const memory = createCallMemory();
    const call = callOf('c1');

    memory.rememberCall(call, [ref('V1'), ref('300')]);
    memory.rememberCall(call, [ref('late')]);

    expect(memory.call('c1')).toBe(call);
    expect(['V1', '300', 'late', 'V2'].map((key) => memory.callByRef(ref(key))?.correlationId)).toEqual([
      'c1',
      'c1',
      'c1',
      undefined,
    ]);
  });

  it('keeps names of two instances apart', () => {
    const memory = createCallMemory();

    memory.rememberCall(callOf('c1'), [{ instance: 'five9', kind: 'call-id', key: '300' }]);

    expect(memory.callByRef({ instance: 'five9-eu', kind: 'call-id', key: '300' })).toBeUndefined();
    expect(memory.callByRef({ instance: 'five9', kind: 'session-id', key: '300' })).toBeUndefined();
  });

  it('gives the latest that it was told of a call, whatever name it is asked by', () => {
    const memory = createCallMemory();

    memory.rememberCall(callOf('c1'), [ref('V1')]);
    memory.rememberCall({ ...callOf('c1'), route: 'hangup' });

    expect(memory.callByRef(ref('V1'))?.route).toBe('hangup');
  });

  it('forgets the calls that nobody asked for longest', () => {
    const memory = createCallMemory(2);

    memory.rememberCall(callOf('c1'), [ref('V1')]);
    memory.rememberCall(callOf('c2'), [ref('V2')]);
    memory.callByRef(ref('V1'));
    memory.rememberCall(callOf('c3'), [ref('V3')]);

    expect(['V1', 'V2', 'V3'].map((key) => memory.callByRef(ref(key))?.correlationId)).toEqual(['c1', undefined, 'c3']);
  });

  it('knows a number as opted out while the opt-out stands, whatever the code says', () => {
    const memory = createCallMemory();

    memory.rememberCall({ ...callOf('c1'), outcome: optedOut });
    memory.rememberCall({ ...callOf('c2'), phone: '+13035550112', outcome: null });
    memory.rememberCall({ ...callOf('c3'), phone: '', outcome: optedOut });

    expect([adasNumber, '+13035550112', ''].map(memory.isOptedOut)).toEqual([true, false, false]);
  });

  it('takes opt-outs one by one, and forgets one that was undone', () => {
    const memory = createCallMemory();

    memory.rememberOptOut(adasNumber);
    const before = memory.isOptedOut(adasNumber);
    memory.forgetOptOut(adasNumber);

    expect(before).toBe(true);
    expect(memory.isOptedOut(adasNumber)).toBe(false);
  });

  it('takes a whole list in the place of what it remembered, but for what came since the last one', () => {
    const memory = createCallMemory();
    memory.rememberOptOut(adasNumber);

    memory.replaceOptOuts(new Set(['+13035550112']));
    const atFirst = [adasNumber, '+13035550112'].map(memory.isOptedOut);
    memory.replaceOptOuts(new Set(['+13035550112']));

    expect(atFirst).toEqual([true, true]);
    expect([adasNumber, '+13035550112'].map(memory.isOptedOut)).toEqual([false, true]);
  });

  it('finds registered calls by what several may share, as they are now', () => {
    const memory = createCallMemory(3);

    memory.rememberCall(callOf('c1'));
    memory.rememberCall({ ...callOf('c2'), phone: '+13035550112', leadKey: '8' });
    memory.rememberCall({ ...callOf('shell'), isRegistered: false });
    memory.rememberCall({ ...callOf('c1'), campaign: 'AUTUMN' });

    expect(memory.callsOfPhone(adasNumber).map(({ correlationId }) => correlationId)).toEqual(['c1']);
    expect(memory.callsOfLead('vicidial', '8').map(({ correlationId }) => correlationId)).toEqual(['c2']);
    expect(memory.callsOfCampaign('vicidial', 'AUTUMN', aroundNoon).map(({ correlationId }) => correlationId)).toEqual([
      'c1',
    ]);
    expect(memory.callsOfCampaign('vicidial', 'SPRING', aroundNoon).map(({ correlationId }) => correlationId)).toEqual([
      'c2',
    ]);
    for (const id of ['c3', 'c4', 'c5']) memory.rememberCall({ ...callOf(id), phone: '' });
    expect([memory.callsOfPhone(adasNumber), memory.callsOfLead('vicidial', '8')]).toEqual([[], []]);
  });

  it('keeps the leads of two dialers apart', () => {
    const memory = createCallMemory();
    const lead: Lead = {
      dialer: 'vicidial',
      key: '7',
      list: '101',
      campaign: 'SPRING',
      phones: [],
      fields: {},
      changedAt: noon,
    };

    memory.rememberLead(lead);

    expect(memory.lead('vicidial', '7')).toBe(lead);
    expect(memory.lead('five9', '7')).toBeUndefined();
  });
});

function ref(key: string): CallRef {
  return { instance: 'vicidial', kind: 'caller-code', key };
}

function callOf(correlationId: string): Call {
  return {
    correlationId,
    dialer: 'vicidial',
    campaign: 'SPRING',
    leadKey: '7',
    phone: adasNumber,
    route: 'ai',
    reason: '',
    registeredAt: noon,
    expiresAt: noon,
    isRegistered: true,
    outcome: null,
  };
}
