import { describe, expect, it } from 'vitest';
import { recogniseCall } from '../../../connectors/five9/recognise.ts';
import { configOf, standingClock } from './cast.ts';

const clock = standingClock('2026-03-02T15:00:00.000Z');

function recognise(variables: Record<string, string>, overrides = {}) {
  return recogniseCall('five9', configOf(overrides), clock, variables);
}

const adasQuery = {
  call_id: '300000000012345',
  session_id: '0A1B2C3D',
  call_type: '5',
  ani: '8005550199',
  dnis: '2125550101',
  campaign: 'Spring',
  number1: '2125550101',
  first_name: 'Ada',
  zip: '10001',
};

describe('recogniseCall', () => {
  it('reads a register query', () => {
    const sighting = recognise(adasQuery);

    expect(sighting).toEqual({
      refs: [
        { instance: 'five9', kind: 'call-id', key: '300000000012345' },
        { instance: 'five9', kind: 'session-id', key: '0A1B2C3D' },
      ],
      leg: {
        dialer: 'five9',
        callKey: '300000000012345',
        campaign: 'Spring',
        list: '',
        leadKey: '2125550101',
        number: '2125550101',
        phone: '+12125550101',
        agent: '',
        calledAt: '2026-03-02T15:00:00.000Z',
      },
      fields: { number1: '2125550101', first_name: 'Ada', postal_code: '10001' },
    });
  });

  it.each([
    ['1', '+12125550101'],
    ['4', '+12125550101'],
    ['AUTODIAL', '+12125550101'],
    ['2', '+18005550199'],
    ['', ''],
    ['6', ''],
  ])("takes the customer's number by call type %s", (type, phone) => {
    expect(recognise({ ...adasQuery, call_type: type })?.leg.phone).toBe(phone);
  });

  it.each([
    ['2', true],
    ['Inbound', true],
    ['1', undefined],
    ['', undefined],
  ])('knows by call type %j whether the customer called', (type, isInbound) => {
    expect(recognise({ ...adasQuery, call_type: type })?.isInbound).toBe(isInbound);
  });

  it('lets an explicit number win', () => {
    expect(recognise({ ...adasQuery, number: '2125550102' })?.leg.phone).toBe('+12125550102');
  });

  it.each(['', ' ', 'Call.session_id', '{{session_id}}', '@Call.session_id@', '__BUFFER__'])(
    'counts %j as missing',
    (missing) => {
      const sighting = recognise({ ...adasQuery, session_id: missing, first_name: missing });

      expect(sighting?.refs).toHaveLength(1);
      expect(sighting?.fields).not.toHaveProperty('first_name');
    },
  );

  it('reads headers that came back', () => {
    const sighting = recognise({ 'X-call_id': '300000000012345', 'x-first_name': 'Ada', 'X-dialer': 'five9' });

    expect(sighting?.leg.callKey).toBe('300000000012345');
    expect(sighting?.fields).toEqual({ first_name: 'Ada' });
  });

  it.each([
    ['a call of another dialer', { ...adasQuery, dialer: 'five9-eu' }],
    ['a VICIdial caller code', { call_id: 'V1211403070000012345' }],
    ['a UUID of the AI platform', { call_id: '6a3b9c1e-5a0b-4c55-9d5e-2f1f1c1f1c1f' }],
    ['a variable that was not filled in', { call_id: 'Call.call_id' }],
    ['no call id', { ani: '2125550101' }],
  ])('does not claim %s', (_name, variables) => {
    expect(recognise(variables)).toBeNull();
  });
});
