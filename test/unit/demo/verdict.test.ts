import { describe, expect, it } from 'vitest';
import type { ScriptedCall } from '../../demo/script.ts';
import { type CallEnd, isSound, judge } from '../../demo/verdict.ts';
import type { Effect } from '../../simulators/simulator.ts';

const call: ScriptedCall = {
  id: 17,
  dialer: 'five9',
  record: '7205550108',
  number: '7205550108',
  startsAfterSec: 0,
  kind: 'human',
  behaviour: {
    talkSec: 60,
    commit: { outcome: 'qualified', summary: 'Ready to buy' },
    terminationReason: 'agent_ended_call',
    analysis: null,
    analysisAfterSec: 20,
    recording: false,
    events: { duplicate: false, reorder: false, dropStarted: false, forge: false },
    commitTwice: false,
  },
  human: { vicidialStatus: 'SALE', five9Disposition: 'Sale', afterSec: 120 },
};

const endOf = (disposition: string, changes: Partial<CallEnd> = {}): CallEnd => ({
  call,
  wasHandedToAi: true,
  wasCutByDialer: false,
  state: { disposition, hasCallback: false, isOnDnc: false },
  isOnOtherDnc: false,
  ...changes,
});

const told = (by: Effect['by'], value: string): Effect => ({
  at: '2026-03-02T16:00:00.000Z',
  kind: 'disposition',
  record: call.record,
  campaign: 'Spring outbound',
  value,
  by,
  isChange: true,
});

const judged = (end: CallEnd, five9: Effect[], mayMissTheAi = true) =>
  judge([end], { vicidial: [], five9 }, mayMissTheAi);

it.each(['lost', 'double', 'wrong', 'dead'])('fails a run for one %s', (what) => {
  const none = { lost: 0, double: 0, wrong: 0, dead: 0 };

  expect(isSound(none)).toBe(true);
  expect(isSound({ ...none, [what]: 1 })).toBe(false);
});

describe('judge', () => {
  it('counts a person’s word that was written over as wrong, and only that', () => {
    const overwritten = judged(endOf('AI - Qualified'), [told('human', 'Sale'), told('api', 'AI - Qualified')]);
    const nobodySpoke = judged(endOf('AI - Qualified'), [told('api', 'AI - Qualified')]);

    expect(overwritten).toMatchObject({ lost: 0, wrong: 1, findings: [expect.stringContaining('should hold "Sale"')] });
    expect(nobodySpoke).toMatchObject({ lost: 0, wrong: 0, findings: [] });
    expect(judged(endOf('Sale'), [told('human', 'Sale')])).toMatchObject({ lost: 0, wrong: 0 });
  });

  it('has a person for each call that has one, where nothing keeps a script from hearing of it', () => {
    const verdict = judged(endOf('AI - Qualified'), [told('api', 'AI - Qualified')], false);

    expect(verdict).toMatchObject({ lost: 1, findings: [expect.stringContaining('no person got the call')] });
  });

  it('counts a call as lost that the AI had and its dialer does not hold, whatever scripts may miss', () => {
    const { human: _nobody, ...alone } = call;
    const end = endOf('', { call: { ...alone, kind: 'qualified' } });

    expect(judged(end, [])).toMatchObject({ lost: 1, wrong: 0 });
    expect(judged({ ...end, wasHandedToAi: false }, [])).toMatchObject({ lost: 0, wrong: 0 });
    expect(judged({ ...end, wasHandedToAi: false }, [], false)).toMatchObject({ lost: 1 });
    expect(judged({ ...end, wasHandedToAi: false }, [told('api', 'AI - Qualified')])).toMatchObject({ wrong: 1 });
  });
});
