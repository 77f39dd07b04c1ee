import { describe, expect, it } from 'vitest';
import { redactFact } from '../../../src/console/pages/calls/redact-fact.ts';
import type { FactBody, StoredFact } from '../../../src/domain/fact.ts';
import type { Role } from '../../../src/domain/roles.ts';

const at = '2026-03-02T15:00:00.000Z';

function fact(body: FactBody): StoredFact {
  return { correlationId: '4xkq2v7m9c3wtz', source: 'vicidial', key: 'one', at, receivedAt: at, body };
}

const adas = fact({
  kind: 'registered',
  leg: {
    dialer: 'vicidial',
    callKey: 'V3021500000000000042',
    campaign: 'SPRING',
    list: '101',
    leadKey: '42',
    number: '3125550142',
    phone: '+13125550142',
    agent: '8001',
    calledAt: at,
  },
  via: 'register',
  route: 'ai',
  reason: 'outside_hours',
  fields: { first_name: 'Ada', second_phone: '(312) 555-0143' },
  gate: { zone: 'America/Chicago' },
  evidence: {
    ...{ seller: 'Hill & Sons', purpose: 'windows', goods: 'windows', callerId: '+17735550199', agentVersion: 'v7' },
    consentSource: 'form of Ada',
  },
  headers: { sent: ['X-first_name'], empty: [], dropped: [] },
});
const spoken = fact({
  kind: 'committed',
  outcome: 'callback',
  callbackAt: '2026-03-04T15:30:00.000Z',
  summary: 'Ada asks for a call at 312-555-0144 on 2026-03-04',
  fields: { age: '44', by: 'Byron', number: '17' },
});
const ended = fact({
  kind: 'ended',
  outcome: 'hung_up',
  reason: 'Ada hung up',
  durationSec: 44,
  recordingUrl: 'https://records.example/a.wav?signature=topsecret',
});

const legOf = ({ body }: StoredFact) => (body.kind === 'registered' ? body.leg : null);
const seenBy = (role: Role, ...facts: StoredFact[]) =>
  facts.map((each) => JSON.stringify(redactFact(each, role))).join();

describe('a raw fact', () => {
  it('shows a viewer nothing of the customer and nothing that was said', () => {
    const seen = seenBy('viewer', adas, spoken, ended);

    for (const secret of ['Ada', '555-01', '+1312', '44"', 'records.example', 'topsecret'])
      expect(seen).not.toContain(secret);
    expect(redactFact(spoken, 'viewer')).toMatchObject({
      body: {
        outcome: 'callback',
        summary: '(49 characters)',
        fields: { age: '(2 characters)', by: '(5 characters)' },
      },
    });
    expect(redactFact(adas, 'viewer')).toMatchObject({
      body: { leg: { phone: '••• ••• 0142', number: '••• ••• 0142', leadKey: '42' }, reason: 'outside_hours' },
    });
  });

  it('shows an operator what was said, with its numbers masked', () => {
    expect(redactFact(spoken, 'operator')).toMatchObject({
      at,
      body: { summary: 'Ada asks for a call at ••• ••• 0144 on 2026-03-04', callbackAt: '2026-03-04T15:30:00.000Z' },
    });
    expect(redactFact(adas, 'operator')).toMatchObject({
      key: 'one',
      body: { leg: { phone: '••• ••• 0142' }, fields: { first_name: 'Ada', second_phone: '••• ••• 0143' } },
    });
  });

  it("masks a lead's key that is the number", () => {
    const keyed = { ...adas, body: { ...adas.body, leg: { ...legOf(adas), leadKey: '3125550142' } } } as StoredFact;

    for (const role of ['viewer', 'operator'] as const) expect(seenBy(role, keyed)).not.toContain('3125550142');
    expect(seenBy('admin', keyed)).toContain('"leadKey":"3125550142"');
  });

  it('is whole for an admin, but for what follows the ? of an address', () => {
    expect(redactFact(adas, 'admin')).toEqual(adas);
    expect(redactFact(ended, 'admin')).toMatchObject({ body: { recordingUrl: 'https://records.example/a.wav?…' } });
    for (const role of ['viewer', 'operator', 'admin'] as const) expect(seenBy(role, ended)).not.toContain('topsecret');
  });

  it('hides what nobody has thought of yet', () => {
    const odd = { ...spoken, body: { ...spoken.body, mothersName: 'Byron', shoes: 38, more: [{ deep: 'Lovelace' }] } };

    const seen = seenBy('viewer', odd as StoredFact);

    for (const word of ['Byron', 'Lovelace', '38']) expect(seen).not.toContain(word);
  });
});
