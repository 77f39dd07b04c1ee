import { describe, expect, it } from 'vitest';
import { callColumns, callEvidence } from '../../../src/domain/evidence.ts';
import type { StoredFact } from '../../../src/domain/fact.ts';
import { mayPurge } from '../../../src/domain/retention.ts';
import { adaAtAcme, at, committed, dispositioned, registered, type ToldFact, tell } from './cast.ts';

const call = {
  ...{ correlationId: '0123456789abcd', dialer: 'acme', campaign: 'Spring', leadKey: '42', phone: '+13035550142' },
  ...{ route: 'ai', reason: '', registeredAt: at(0), expiresAt: at(60), isRegistered: true, outcome: null },
};
const stored = (facts: ToldFact[]): StoredFact[] =>
  facts.map((fact) => ({ ...fact, correlationId: call.correlationId, receivedAt: fact.at }));
const own = { seller: 'Example Energy', purpose: 'sale', goods: 'Solar', callerId: '+13035550190', agentVersion: 'v7' };

function withBody(fact: ToldFact, more: object): ToldFact {
  return { ...fact, body: { ...fact.body, ...more } as ToldFact['body'] };
}

describe('the evidence of a call', () => {
  it('says who was called for whom, by what voice, for how long, and what became of it', () => {
    const evidence = { ...own, consentSource: 'web form' };
    const facts = stored([
      withBody(registered(adaAtAcme), { evidence, gate: { consent: 'yes' } }),
      committed(1, 'qualified'),
      tell(2, { kind: 'steered', dialer: 'acme', act: 'transfer', to: 'sales', result: 'done', why: '', commit: '' }),
      tell(3, { kind: 'ended', outcome: 'hung_up', reason: '', durationSec: 95 }),
      dispositioned(5, 'acme', 'sale'),
    ]);

    const row = callEvidence({ call, facts, writeBacks: [] });

    expect(row).toMatchObject({
      ...{ seller: 'Example Energy', purpose: 'sale', goods: 'Solar', agent_version: 'v7', direction: 'outbound' },
      ...{ calling_number: '+13035550190', called_number: '+13035550142', caller_id: '+13035550190' },
      ...{ called_at: at(0), ended_at: at(3), duration_sec: '95', artificial_voice: 'yes', transferred_to: 'sales' },
      ...{ disposition: 'AGENT', disposition_by: 'grace', consent: 'yes', consent_source: 'web form' },
    });
    expect(Object.keys(row)).toEqual(callColumns);
  });

  it('takes the times of the dialer where the platform gave none, and turns the numbers of a call that came in', () => {
    const record = {
      kind: 'leg-record',
      dialer: 'acme',
      answeredAt: at(1),
      endedAt: at(3),
      recordingUrls: [],
    } as const;
    const facts = stored([withBody(registered(adaAtAcme), { gate: { direction: 'inbound' } }), tell(4, record)]);

    expect(callEvidence({ call, facts, writeBacks: [] })).toMatchObject({
      ...{ direction: 'inbound', calling_number: '+13035550142', called_number: '', duration_sec: '120' },
    });
  });

  it('knows no artificial voice of a call that went to people at once', () => {
    const facts = stored([withBody(registered(adaAtAcme), { route: 'skill' })]);

    expect(callEvidence({ call: { ...call, route: 'skill' }, facts, writeBacks: [] }).artificial_voice).toBe('no');
  });
});

describe('what may be purged', () => {
  it.each([
    ['a call of five years and a day ago', '2021-11-20T12:00:00.000Z', false, true],
    ['a call of five years ago to the hour', '2021-11-21T12:00:00.000Z', false, false],
    ['a call of yesterday', '2026-11-20T12:00:00.000Z', false, false],
    ['an opt-out that stands, however old', '2001-01-01T12:00:00.000Z', true, false],
  ])('%s', (_name, recordedAt, isOptedOut, expected) => {
    expect(mayPurge({ at: recordedAt, isOptedOut }, '2026-11-21T12:00:00.000Z', 5)).toBe(expected);
  });
});
