import { describe, expect, it } from 'vitest';
import { callTimeline, type Step } from '../../../src/domain/call-timeline.ts';
import type { FactBody, StoredFact } from '../../../src/domain/fact.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';

const dialled = Date.parse('2026-03-02T15:00:00.000Z');
const at = (seconds: number) => new Date(dialled + seconds * 1000).toISOString();
const id = '4xkq2v7m9c3wtz';

function fact(seconds: number, body: FactBody, source = 'mind'): StoredFact {
  return { correlationId: id, source, key: `${body.kind}-${seconds}`, at: at(seconds), receivedAt: at(seconds), body };
}

const leg = { dialer: 'vicidial', callKey: 'V1', campaign: 'SPRING', list: '', leadKey: '42', number: '3125550142' };
const registered = (seconds: number, more: object = {}): StoredFact =>
  fact(
    seconds,
    {
      ...{ kind: 'registered', via: 'headers', route: 'ai', reason: '', fields: { first_name: 'Ada' } },
      leg: { ...leg, phone: '+13125550142', agent: '', calledAt: at(0) },
      ...more,
    },
    'vicidial',
  );
const read = (seconds: number, text: string) =>
  fact(seconds, { kind: 'noted', event: 'outcome-read', text }, 'vicidial');
const ended = (seconds: number) =>
  fact(seconds, { kind: 'ended', outcome: 'hung_up', reason: 'agent', durationSec: 40 });

const row: WriteBack = {
  ...{ id: 'w1', correlationId: id, dialer: 'vicidial', aspect: 'disposition', revision: 1, state: 'confirmed' },
  target: { ...leg, phone: '', agent: '', calledAt: at(0) },
  desired: { aspect: 'disposition', disposition: 'SALE', outcome: 'sale' },
  ...{ dueAt: at(61), attempts: 0, inDoubt: false, receipt: '', why: 'seen in the lead', hint: '' },
  ...{ createdAt: at(60), settledAt: at(62) },
};
const fields: WriteBack = {
  ...row,
  ...{ id: 'w2', aspect: 'fields', desired: { aspect: 'fields', fields: { comments: 'Ada' } } },
};

function stepsOf(facts: readonly StoredFact[], writeBacks: readonly WriteBack[] = []): readonly Step[] {
  return callTimeline({ facts, writeBacks }).steps;
}

describe('the timeline of a call', () => {
  it('says that a leg was named again, whatever order its tellings come in', () => {
    const steps = stepsOf([registered(9, { via: 'poll' }), registered(5)]);

    expect(steps.map(({ headline }) => headline)).toEqual(['Dialled', 'Registered, route ai', 'Named again, by poll']);
  });

  it('goes from the dial to the proof, with the gaps', () => {
    const steps = stepsOf(
      [
        ended(52),
        registered(5, { headers: { sent: ['X-correlation_id'], empty: ['X-city'], dropped: [] } }),
        fact(6.4, { kind: 'started' }),
        fact(50, { kind: 'committed', outcome: 'sale', summary: 'Ada buys', fields: {} }),
        read(52.3, 'done, sale, route hangup'),
      ],
      [row, fields],
    );

    expect(steps.map(({ kind, gapSec }) => [kind, gapSec])).toEqual([
      ['dialled', 0],
      ['registered', 5],
      ['headers', 0],
      ['started', 1.4],
      ['committed', 43.6],
      ['ended', 2],
      ['read', 0.3],
      ['planned', 7.7],
      ['settled', 2],
    ]);
  });

  it('puts what was planned, or settled, in one moment together, each with its proof', () => {
    const [planned, settled] = stepsOf([], [row, fields]);

    expect(planned).toMatchObject({ headline: 'To write: disposition SALE, fields comments', details: [] });
    expect(settled?.headline).toBe('Written and confirmed: disposition SALE, fields comments');
    expect(settled?.details[0]).toEqual({ name: 'disposition SALE', value: 'seen in the lead', privacy: 'told' });
    expect(settled?.what).toContain('confirmed: disposition r1 SALE (seen in the lead)');
  });

  it('says of what waits for what, and until when', () => {
    const waits = { ...row, state: 'pending', settledAt: null, attempts: 2, why: 'the window is shut' } as const;

    const [step] = stepsOf([], [waits]);

    expect(step?.details[0]?.value).toBe(`pending, due ${at(61)}; 2 failed tries; the window is shut`);
  });

  it('names which headers went out, were empty, or did not fit', () => {
    const headers = { sent: ['X-lead_id', 'X-first_name'], empty: ['X-city'], dropped: ['X-comments'] };

    const step = stepsOf([registered(5, { headers })]).find(({ kind }) => kind === 'headers');

    expect(step?.headline).toBe('Headers sent: 2, 1 empty, 1 did not fit');
    expect(step?.what).toBe('headers sent: X-lead_id X-first_name (empty: X-city; did not fit: X-comments)');
  });

  it('says dialled once, though several told of the leg, and not where nobody knows when', () => {
    expect(stepsOf([registered(5), registered(7)]).filter(({ kind }) => kind === 'dialled')).toHaveLength(1);
    expect(stepsOf([registered(0)]).filter(({ kind }) => kind === 'dialled')).toHaveLength(0);
  });

  it('takes the answer from the record of the dialer', () => {
    const record = fact(90, {
      kind: 'leg-record',
      dialer: 'vicidial',
      answeredAt: at(4),
      endedAt: at(70),
      recordingUrls: [],
    });

    expect(stepsOf([registered(5), record]).map(({ kind }) => kind)).toEqual([
      ...['dialled', 'answered', 'registered', 'left', 'record'],
    ]);
  });

  it.each([
    [6.9, ''],
    [7.1, '2.1 s from the answer to the first word'],
    [90, ''],
  ])('marks a first word that came late: %d s after the dial', (seconds, slow) => {
    const step = stepsOf([registered(5), fact(seconds, { kind: 'started' })]).find(({ kind }) => kind === 'started');

    expect(step?.slow).toBe(slow);
  });

  it.each([
    ['at once', [ended(52), read(52.9, 'done, sale, route hangup')], ''],
    ['late', [ended(52), read(53.5, 'done, sale, route hangup')], 'the script waited 1.5 s for the outcome'],
    [
      'after it was told to wait',
      [read(52, 'pending, route skill'), read(54, 'done, sale, route hangup')],
      'the script waited 2.0 s for the outcome',
    ],
    ['by somebody who looks an hour later', [ended(52), read(3700, 'done, sale, route hangup')], ''],
    ['never', [ended(52), read(55, 'pending, route skill')], ''],
  ])('marks an outcome that was fetched late: %s', (_when, facts, slow) => {
    expect(stepsOf(facts).map((step) => step.slow)).toEqual(facts.map((_fact, index) => (index === 1 ? slow : '')));
  });

  it('tells nothing of the customer in its headlines, nor without saying so in its details', () => {
    const spoken = { summary: 'Ada buys', fields: { wish: 'Ada' } };
    const facts = [
      registered(5),
      fact(50, { kind: 'committed', outcome: 'sale', ...spoken }),
      fact(55, { kind: 'analysed', outcome: 'sale', ...spoken }),
      fact(56, { kind: 'corrected', outcome: 'sale', by: 'grace', why: 'Ada says so' }),
      fact(57, { kind: 'noted', event: 'odd', text: 'Ada' }),
      fact(58, { kind: 'ended', outcome: 'hung_up', reason: 'Ada hung up' }),
    ];

    const shown = stepsOf(facts, [fields]).flatMap(({ headline, details }) => [
      headline,
      ...details.filter(({ privacy }) => privacy === 'plain').map(({ name, value }) => `${name} ${value}`),
    ]);

    expect(shown.join(' ')).not.toContain('Ada');
    expect(shown.join(' ')).not.toContain('0142');
  });
});
