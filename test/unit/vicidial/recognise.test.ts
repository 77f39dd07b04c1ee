import { describe, expect, it } from 'vitest';
import { recogniseCall } from '../../../connectors/vicidial/recognise.ts';
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
  ])('finds the code in %j', (variables) => {
    expect(recognise(variables)?.leg).toMatchObject({ callKey: code, leadKey: '1001' });
  });

  it('takes campaign, list, line and lead fields along', () => {
    const sighting = recognise({ code, campaign_id: 'SPRING', list_id: '101', user: '7001', 'x-first_name': 'Ada' });

    expect(sighting?.leg).toMatchObject({ campaign: 'SPRING', list: '101', agent: '7001' });
    expect(sighting?.fields).toEqual({ first_name: 'Ada' });
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
