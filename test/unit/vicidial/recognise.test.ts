import { describe, expect, it } from 'vitest';
import { readClues, recogniseCall, sightingOfFound } from '../../../connectors/vicidial/recognise.ts';
import type { Variables } from '../../../src/domain/connector.ts';

const code = 'V1200959590000001001';
const context = {
  id: 'vicidial-west',
  config: { country: 'US', timeZone: 'America/Denver' },
  clock: { now: () => Date.parse('2026-11-20T17:00:00Z') },
};
const recognise = (variables: Variables) => recogniseCall(context, variables);

describe('recogniseCall', () => {
  it('reads what the dialplan hands over', () => {
    const sighting = recognise({ code, cl: code, phone: '3035551000', uid: '1763657999.7', number: '19895551234' });

    expect(sighting).toEqual({
      refs: [
        { instance: 'vicidial-west', kind: 'caller-code', key: `${code}@2026-11-20` },
        { instance: 'vicidial-west', kind: 'uniqueid', key: '1763657999.7@1001' },
      ],
      leg: {
        dialer: 'vicidial-west',
        callKey: code,
        campaign: '',
        list: '',
        leadKey: '1001',
        number: '3035551000',
        phone: '+13035551000',
        agent: '',
        calledAt: '2026-11-20T16:59:59.000Z',
      },
      fields: {},
    });
  });

  it.each<Variables>([
    { code: 'Ada Field', cl: `${code} 5565`, phone: '3035551000' },
    { caller_code: code },
    { 'x-caller_code': code, 'x-lead_id': '1001' },
    { 'X-caller_code': code },
    { call_id: code },
    { code: '--A--call_id--B--', call_id: code },
    { code: 'Ada Field', 'X-call_id': code },
    { 'X-Call-Id': code },
    { from: `"${code}" <sip:3035551000@10.10.10.15>` },
    { from_name: `${code} 5565 SPRING` },
    { code: 'HAPI1200959590001001', cl: code },
  ])('finds the code in %j', (variables) => {
    expect(recognise(variables)?.leg).toMatchObject({ callKey: code, leadKey: '1001' });
  });

  it('takes campaign, list, line and lead fields along', () => {
    const sighting = recognise({ code, campaign_id: 'SPRING', list_id: '101', user: '7001', 'x-first_name': 'Ada' });

    expect(sighting?.leg).toMatchObject({ campaign: 'SPRING', list: '101', agent: '7001' });
    expect(sighting?.fields).toEqual({ first_name: 'Ada' });
  });

  it('understands the header names of other VICIdial projects, and lets a plain name go first', () => {
    const sighting = recognise({
      code,
      'X-VICIdial-Campaign-Id': 'SPRING',
      'X-VICIdial-List-Id': '101',
      'X-VICIdial-User-Id': '7001',
      'X-VICIdial-Phone-Number': '3035551000',
      'X-first_name': 'Bob',
      first_name: 'Ada',
    });

    expect(sighting?.leg).toMatchObject({ campaign: 'SPRING', list: '101', agent: '7001', number: '3035551000' });
    expect(sighting?.fields).toEqual({ first_name: 'Ada' });
    expect(recognise({ code, first_name: 'Ada', 'X-first_name': 'Bob' })?.fields).toEqual({ first_name: 'Ada' });
  });

  it.each([
    ['V1200959590000001001', undefined],
    ['Y1200959590000001001', undefined],
    ['J1200959590000001001', true],
    ['DC095959W0000001001W', true],
  ])('%s may go on under another name: %s', (each, isContinuation) => {
    expect(recognise({ code: each })?.isContinuation).toBe(isContinuation);
  });

  it('leaves a call of another VICIdial alone', () => {
    expect(recognise({ code, 'X-dialer': 'vicidial-east' })).toBeNull();
    expect(recognise({ code, 'X-dialer': 'vicidial-west' })).not.toBeNull();
  });

  it('takes the dialer itself for no agent', () => {
    expect(recognise({ code, user: 'VDAD' })?.leg.agent).toBe('');
  });

  it.each<Variables>([{}, { uid: '1763657999.7', phone: '3035551000' }, { call_id: '300000000012345' }])(
    'finds no call in %j',
    (variables) => {
      expect(recognise(variables)).toBeNull();
    },
  );
});

it('knows that the customer called by the code of an inbound call, however it was found', () => {
  const theirs = `Y${code.slice(1)}`;
  const found = { code: theirs, leadId: '1001', uniqueid: '', campaign: 'SALESLINE', number: '3035551000', at: 0 };

  expect(recognise({ code: theirs })?.isInbound).toBe(true);
  expect(sightingOfFound(context, {}, found)?.isInbound).toBe(true);
  expect(recognise({ code })).not.toHaveProperty('isInbound');
});

describe('readClues', () => {
  const clues = (variables: Variables) => readClues(context, variables);

  it.each<[Variables, ReturnType<typeof readClues>]>([
    [
      { code: 'Ada Field', phone: '3035551000', uid: '1763657999.7', number: '19895551234' },
      { leadId: '', uniqueid: '1763657999.7', number: '3035551000' },
    ],
    [{ 'X-lead_id': '1001' }, { leadId: '1001', uniqueid: '', number: '' }],
    [
      { lead_id: 'no-number', uid: '1.7' },
      { leadId: '', uniqueid: '1.7', number: '' },
    ],
    [{ code: 'Ada Field', number: '19895551234' }, null],
    [{ phone: '3035551000', dialer: 'vicidial-east' }, null],
    [{}, null],
  ])('finds in %j %j', (variables, found) => {
    expect(clues(variables)).toEqual(found);
  });
});

describe('sightingOfFound', () => {
  const call = {
    code,
    leadId: '1001',
    uniqueid: '1763657999.7',
    campaign: 'SPRING',
    number: '3035551000',
    at: Date.parse('2026-11-20T16:59:30Z'),
  };

  it('names a call as its code would have', () => {
    const sighting = sightingOfFound(context, { code: 'Ada Field', list: '101' }, call);

    expect(sighting?.refs).toEqual(recognise({ code, uid: call.uniqueid })?.refs);
    expect(sighting?.leg).toMatchObject({ callKey: code, leadKey: '1001', campaign: 'SPRING', list: '101' });
  });

  it('takes the name of another build of VICIdial for a code, dated by the call', () => {
    const sighting = sightingOfFound(context, {}, { ...call, code: 'G-gateway-17' });

    expect(sighting?.refs[0]?.key).toBe('G-gateway-17@2026-11-20');
    expect(sighting?.leg.calledAt).toBe('2026-11-20T16:59:30.000Z');
  });
});
