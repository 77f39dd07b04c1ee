import { describe, expect, it } from 'vitest';
import type { FactBody } from '../../../../src/domain/fact.ts';
import type { Seen } from '../../../../src/flows/call-test/seen.ts';
import { judgeStages, type StageId } from '../../../../src/flows/call-test/stages.ts';
import { bothHeaders, dialerSays, ended, registered, seen, seenCall, started } from './seen-cast.ts';

const stageOf = (id: StageId, given: Seen) => judgeStages(given).find((stage) => stage.id === id);
const statuses = (given: Seen) => judgeStages(given).map(({ id, status }) => `${id} ${status}`);

const wholeCall = seen(dialerSays('over', { disposition: 'sold' }), {
  call: seenCall([registered(), started, { kind: 'matched', by: 'correlation-id' }, ended], {
    outcome: {},
    row: { state: 'confirmed' },
  }),
  headers: bothHeaders,
  record: { variables: ['correlation_id', 'first_name'], isOver: true },
  held: { kind: 'as-wanted', held: 'sold' },
});

describe('the stages of a test call', () => {
  it('are all done once the outcome stands in the dialer', () => {
    expect(judgeStages(wholeCall).filter(({ status, fix }) => status !== 'done' || fix)).toEqual([]);
    expect(stageOf('disposition', wholeCall)?.found).toBe('"sold" confirmed, and the dialer holds sold');
    expect(stageOf('picked-up', wholeCall)?.found).toContain('correlation-id');
  });

  it('all wait while nothing is known, in the words of the dialer', () => {
    const nothing = seen(dialerSays('waiting', { fix: 'Start the campaign.' }));

    expect(statuses(nothing).every((each) => each.endsWith('waiting'))).toBe(true);
    expect(stageOf('dialled', nothing)).toMatchObject({
      found: 'the dialer says waiting',
      fix: 'Start the campaign.',
    });
  });

  it.each<[string, Seen, string[]]>([
    ['the dialer dialled', seen(dialerSays('dialled')), ['dialled']],
    ['somebody answered', seen(dialerSays('answered')), ['dialled', 'answered']],
    [
      'the carrier asked for headers, whatever the dialer says',
      seen({ call: seenCall([registered()]), headers: bothHeaders }),
      ['dialled', 'answered', 'registered', 'headers'],
    ],
    ['only a poll told of the call', seen({ call: seenCall([registered('poll')]) }), ['dialled', 'registered']],
    [
      'the AI picked up before the dialer was asked again',
      seen({ call: seenCall([registered(), started]), headers: bothHeaders }),
      ['dialled', 'answered', 'registered', 'headers', 'picked-up'],
    ],
  ])('when %s', (_what, given, done) => {
    const found = judgeStages(given).flatMap(({ id, status }) => (status === 'done' ? [id] : []));

    expect(found).toEqual(done);
  });
});

describe('headers', () => {
  it('are named, and those without a value apart', () => {
    const given = seen({
      call: seenCall([registered('register')]),
      headers: [...bothHeaders, { name: 'X-city', isSent: false }],
    });

    expect(stageOf('headers', given)?.found).toBe(
      'X-correlation_id, X-first_name; without a value, or over the budget: X-city',
    );
  });

  it('were not sent where the gate kept the call from the AI, and nothing else can come', () => {
    const gate = { route: 'skill', reason: 'outside_hours', gate: { local_time: '22:10' } };
    const call = seenCall([registered('register', gate as Partial<FactBody>)], {
      call: { route: 'skill', reason: 'outside_hours' },
    });

    const stage = stageOf('headers', seen({ call }));

    expect(stage).toMatchObject({ status: 'failed', endsTest: true, fix: expect.stringContaining('gate.hours') });
    expect(stage?.found).toBe('none: the gate sent the call to skill (outside_hours, local_time 22:10)');
  });

  it('are waited for where only a poll told of the call', () => {
    const stage = stageOf('headers', seen({ call: seenCall([registered('poll'), started]) }));

    expect(stage).toMatchObject({ status: 'waiting', found: expect.stringContaining('nobody asked for its headers') });
  });
});

describe('variables', () => {
  const talked = seenCall([registered(), started]);
  const shown = (variables: string[], isOver: boolean) =>
    seen({ call: talked, headers: bothHeaders, record: { variables, isOver } });

  it('wait while the conversation goes on', () => {
    expect(stageOf('variables', shown([], false))?.status).toBe('waiting');
  });

  it('name the one that is not in the prompt', () => {
    const stage = stageOf('variables', shown(['correlation_id'], true));

    expect(stage).toMatchObject({ status: 'failed', found: 'X-correlation_id seen, X-first_name not seen' });
    expect(stage?.fix).toMatch(/^Either refer to \{\{first_name\}\} in the agent's prompt/);
  });

  it('blame the hop first when none came', () => {
    expect(stageOf('variables', shown([], true))?.fix).toMatch(/^Either the call went over the public network/);
  });

  it('are told by whatever style the platform writes them in', () => {
    expect(stageOf('variables', shown(['Correlation-Id', 'first_name'], true))?.status).toBe('done');
  });
});

describe('the AI', () => {
  it.each(['failed', 'no_answer', 'busy'])('did not pick up a call that ended %s', (outcome) => {
    const stage = stageOf('picked-up', seen({ call: seenCall([registered(), { ...ended, outcome } as FactBody]) }));

    expect(stage).toMatchObject({ status: 'waiting', found: `it ended ${outcome}: agent_ended_call` });
  });
});

describe('the outcome', () => {
  it('is there by a technical end, and says what is better', () => {
    const call = seenCall([registered(), started, ended], { outcome: { code: 'hung_up', basis: 'technical' } });

    expect(stageOf('outcome', seen({ call }))).toMatchObject({
      status: 'done',
      found: 'hung_up (technical)',
      fix: expect.stringContaining('commit-outcome'),
    });
  });

  it('lacks its event when the conversation is over and nothing told of it', () => {
    const call = seenCall([registered(), started]);

    expect(stageOf('outcome', seen({ call, record: { variables: [], isOver: true } }))).toMatchObject({
      status: 'waiting',
      fix: expect.stringContaining('webhook'),
    });
  });
});

it('calls nothing written while there is no outcome: rows are read after the call', () => {
  const call = seenCall([registered()], { row: { state: 'confirmed' } });

  expect(stageOf('disposition', seen({ call }))).toMatchObject({ status: 'waiting' });
});

it('says so where only the tool of the agent told of the conversation', () => {
  const committed: FactBody = {
    kind: 'committed',
    outcome: 'sale',
    summary: '',
    fields: {},
  };

  expect(stageOf('picked-up', seen({ call: seenCall([registered(), committed]) }))).toMatchObject({
    status: 'done',
    found: expect.stringContaining('no event'),
    fix: expect.stringContaining('webhook'),
  });
});

describe('the hand-back', () => {
  const read = (text: string): FactBody => ({ kind: 'noted', event: 'outcome-read', text });

  it('of a dialer without a script is the end of the call there', () => {
    expect(stageOf('hand-back', seen(dialerSays('answered'), { call: seenCall([registered()]) }))?.status).toBe(
      'waiting',
    );
    expect(stageOf('hand-back', seen(dialerSays('over'), { call: seenCall([registered()]) }))?.status).toBe('done');
  });

  it('of a script is its question for the outcome', () => {
    const asked = seenCall([registered('register'), started, read('done, sale, route hangup')]);
    const early = seenCall([registered('register'), started, read('pending, route skill')]);

    expect(stageOf('hand-back', seen({ call: asked }))).toMatchObject({
      status: 'done',
      found: expect.stringContaining('done, sale, route hangup'),
    });
    expect(stageOf('hand-back', seen(dialerSays('over'), { call: early }))).toMatchObject({
      status: 'waiting',
      found: expect.stringContaining('before the outcome was there'),
    });
  });

  it('may follow when the call is over: what a script asked is in the store a moment later', () => {
    const call = seenCall([registered('register'), started]);

    expect(stageOf('hand-back', seen(dialerSays('over'), { call }))).toMatchObject({
      status: 'waiting',
      found: expect.stringContaining('did not ask'),
    });
  });

  it('is nothing to wait for where only calls that the AI transfers come back', () => {
    const call = seenCall([registered('register'), started]);

    expect(stageOf('hand-back', seen(dialerSays('over', { comesBack: false }), { call }))).toMatchObject({
      status: 'done',
      found: expect.stringContaining('only one that it transfers comes back'),
    });
  });

  it('is people who have it', () => {
    const call = seenCall([registered('register'), started, { kind: 'handed-over', to: 'mu-2' }]);

    expect(stageOf('hand-back', seen({ call }))?.status).toBe('done');
  });
});

describe('the disposition', () => {
  const stands = (row: object, more: Partial<Seen> = {}) =>
    stageOf('disposition', seen({ call: seenCall([registered()], { outcome: {}, row }), ...more }));

  it.each([
    ['held', { state: 'held' }, 'maps to no disposition', 'campaigns.Autumn.dispositions'],
    [
      'refused',
      { state: 'refused', why: 'no such status', hint: 'Make it.' },
      'refused: "sold" (no such status)',
      'Make it.',
    ],
    ['dead', { state: 'dead', why: 'no answer' }, 'dead: "sold" (no answer)', 'replay'],
  ])('fails at once when it is %s', (_what, row, found, fix) => {
    expect(stands(row)).toMatchObject({
      status: 'failed',
      endsTest: true,
      found: expect.stringContaining(found),
      fix: expect.stringContaining(fix),
    });
  });

  it('waits as long as it is on its way, and says until when', () => {
    expect(stands({ state: 'submitted', why: 'an import runs' })).toMatchObject({
      status: 'waiting',
      found: '"sold" is submitted, due 2026-11-21T15:00:00.000Z (an import runs)',
    });
  });

  it('is not believed before it is seen', () => {
    expect(stands({ state: 'confirmed' })?.status).toBe('waiting');
    expect(stands({ state: 'confirmed' }, { held: { kind: 'lost', held: 'NEW' } })).toMatchObject({
      status: 'waiting',
      found: expect.stringContaining('holds NEW instead'),
    });
    expect(stands({ state: 'confirmed' }, { canLook: false })?.status).toBe('done');
  });

  it('fails when somebody set another one after it', () => {
    const held = { kind: 'moved-on', held: 'NI', by: 'anna', at: '2026-11-21T15:01:00.000Z' } as const;

    expect(stands({ state: 'confirmed' }, { held })).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('set by anna'),
    });
  });

  it('is a person’s where a person had the last word', () => {
    expect(
      stageOf('disposition', seen({ call: seenCall([registered()], { outcome: { basis: 'human' } }) })),
    ).toMatchObject({ status: 'done' });
  });
});
