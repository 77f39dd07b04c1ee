import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callMarks } from '../../../src/domain/call-marks.ts';
import type { FactBody } from '../../../src/domain/fact.ts';
import { adaAtAcme, at, dispositioned, history, registered, type ToldFact, tell } from './cast.ts';

const ended = (minutes: number, durationSec: number, agent?: string) =>
  tell(minutes, { kind: 'ended', outcome: 'hung_up', reason: '', durationSec, ...(agent && { agent }) });
const transfer = (result: 'done' | 'over' | 'refused'): FactBody => ({
  ...{ kind: 'steered', dialer: 'acme', act: 'transfer', to: '', result, why: '', commit: '' },
});

describe('the marks of a call', () => {
  it('of which nobody told anything are empty', () => {
    expect(callMarks([])).toEqual({
      ...{ agent: '', agentVersion: '', person: '', talkSec: 0, firstWordMs: null, isTransferred: false },
    });
  });

  it('name the agent that spoke last, whichever event tells it', () => {
    const facts = [
      tell(1, { kind: 'started', agent: 'agent_1' }),
      ended(3, 60, 'agent_2'),
      tell(4, { kind: 'started' }),
    ];

    expect(callMarks(facts).agent).toBe('agent_2');
  });

  it('count every conversation of the call once', () => {
    const first = ended(2, 61);

    expect(callMarks([first, first, ended(9, 30)]).talkSec).toBe(91);
  });

  it('tell who dispositioned it last, and that people had it', () => {
    const grace = dispositioned(5, 'acme');
    const linus = { ...dispositioned(7, 'acme') };
    Object.assign(linus, { body: { ...linus.body, by: 'linus' } });

    expect(callMarks([linus, grace])).toMatchObject({ person: 'linus', isTransferred: true });
  });

  it.each([
    ['a transfer that was done', transfer('done'), true],
    ['a transfer that came too late', transfer('over'), false],
    ['a transfer that was refused', transfer('refused'), false],
    ['a script of people that asked', { kind: 'handed-over', to: '' } as const, true],
    ['a hang-up', { ...transfer('done'), act: 'hang-up' } as FactBody, false],
  ])('of %s: handed to people %s', (_, body, isTransferred) => {
    expect(callMarks([tell(3, body)]).isTransferred).toBe(isTransferred);
  });

  it('hold the version that was configured, and the first word where both sides tell', () => {
    const asked = registered(adaAtAcme, 0);
    const evidence = { seller: '', purpose: '', goods: '', callerId: '', agentVersion: 'v2', consentSource: '' };
    Object.assign(asked, { body: { ...asked.body, evidence } });
    const started: ToldFact = { ...tell(0, { kind: 'started' }), at: at(0).replace('00.000Z', '01.250Z') };

    expect(callMarks([started, asked])).toMatchObject({ agentVersion: 'v2', firstWordMs: 1250 });
  });

  it('are the same for the same facts in any order, told twice or once', () => {
    const marked = history.map((facts) => facts.map((fact, index) => ({ ...fact, body: withAgent(fact.body, index) })));
    const twice = marked.chain((facts) => {
      const told = [...facts, ...facts];
      return fc.record({
        facts: fc.constant(facts),
        shuffled: fc.shuffledSubarray(told, { minLength: told.length }),
      });
    });
    fc.assert(
      fc.property(twice, ({ facts, shuffled }) => {
        expect(callMarks(shuffled)).toEqual(callMarks(facts));
      }),
      { numRuns: 300 },
    );
  });
});

function withAgent(body: FactBody, index: number): FactBody {
  if (body.kind !== 'started' && body.kind !== 'ended' && body.kind !== 'analysed') return body;
  return { ...body, agent: `agent_${index % 3}`, ...(body.kind === 'ended' && { durationSec: index }) };
}
