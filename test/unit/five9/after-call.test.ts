import { describe, expect, it } from 'vitest';
import type { CallDescription } from '../../../src/domain/connector.ts';
import type { StoredFact } from '../../../src/domain/fact.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { describedCall } from '../../support/described-call.ts';
import { rowOf, sale } from './cast.ts';
import { answerXml } from './soap-stub.ts';
import { dialledList, identifier, lunch, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

const now = Date.parse('2026-03-02T20:00:00.000Z');
const at = (agoSec: number) => new Date(now - agoSec * 1000).toISOString();

const endedFact = (agoSec: number): StoredFact => ({
  correlationId: 'ada0000000000a',
  source: 'sigmamind',
  key: 'ended',
  at: at(agoSec),
  receivedAt: at(agoSec),
  body: { kind: 'ended', outcome: 'hung_up', reason: 'agent_ended_call' },
});

async function deliverTo(call: CallDescription, row: WriteBack, takenBackAt: number | null = null) {
  const { dialer, operations } = await start(
    (op) => ({ body: answerXml(op, dialledList(op) ?? identifier) }),
    { settle: { afterEndSec: 30, maxWaitSec: 600 }, batch: { flushMs: 0 }, callbackList: 'AI callbacks' },
    { describeCalls: async () => [call], takenBackAt: () => takenBackAt },
  );
  const answer = (await dialer.deliver([row])).get('a');
  return { answer, imports: operations().filter((op) => op.startsWith('async')) };
}

const young = (desired: Desired) => withKey(rowOf('a', desired, { createdAt: at(60) }));

describe('a result of a call', () => {
  it.each([
    ['disposition', sale],
    ['callback', lunch],
  ])('waits while the call goes on: %s', async (_name, desired) => {
    const { answer, imports } = await deliverTo(describedCall([]), young(desired));

    expect(answer).toMatchObject({ kind: 'notYet', until: at(-15) });
    expect(imports).toEqual([]);
  });

  it.each([
    ['the script still works after the end', 10, { kind: 'notYet', until: at(-15) }],
    ['the script is nearly through', 20, { kind: 'notYet', until: at(-10) }],
    ['the call is over', 31, { kind: 'submitted' }],
  ])('is written when the call is over: %s', async (_name, endedAgoSec, wanted) => {
    const { answer } = await deliverTo({ ...describedCall([]), facts: [endedFact(endedAgoSec)] }, young(sale));

    expect(answer).toMatchObject(wanted);
  });

  it('is written soon after the script has asked for it', async () => {
    const { answer: soon } = await deliverTo(describedCall([]), young(sale), now - 20_000);
    const { answer: later } = await deliverTo(describedCall([]), young(sale), now - 31_000);

    expect([soon, later]).toMatchObject([{ kind: 'notYet', until: at(-10) }, { kind: 'submitted' }]);
  });

  it('counts from the last time that the script asked, whichever process it asked', async () => {
    const askedElsewhere = (agoSec: number): StoredFact => ({
      ...endedFact(agoSec),
      source: 'five9',
      key: 'outcome-read:done',
      body: { kind: 'noted', event: 'outcome-read', text: 'done' },
    });
    const call = { ...describedCall([]), facts: [askedElsewhere(20), endedFact(50)] };

    const { answer: askedHereBefore } = await deliverTo(call, young(sale), now - 40_000);
    const { answer: neverAskedHere } = await deliverTo(call, young(sale));

    expect([askedHereBefore, neverAskedHere]).toMatchObject([
      { kind: 'notYet', until: at(-10) },
      { kind: 'notYet', until: at(-10) },
    ]);
  });

  it('is written at last where nobody tells of the end', async () => {
    const row = withKey(rowOf('a', sale, { createdAt: at(601) }));

    const { answer } = await deliverTo(describedCall([]), row);

    expect(answer).toMatchObject({ kind: 'submitted' });
  });

  it('does not wait where the call was another dialer’s', async () => {
    const row = young(sale);

    const { answer } = await deliverTo(describedCall([]), { ...row, target: { ...row.target, callKey: '' } });

    expect(answer).toMatchObject({ kind: 'submitted' });
  });
});
