import { describe, expect, it } from 'vitest';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { describedCall } from '../../support/described-call.ts';
import { rowOf } from './cast.ts';
import { answerXml } from './soap-stub.ts';
import { contactXml, dialledList, identifier, lunch, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

const added = 'asyncAddRecordsToList';
const taken = 'deleteRecordFromList';
const none: Desired = { aspect: 'callback', at: null, note: '' };
/** Of the first call, and of the one after it; ada is called at three o'clock. */
const markOf = { ada: 'ada0000000000a:1:0', ben: 'ben0000000000b:1:0' };
const earlier = '2026-03-02T14:00:00.000Z';
const later = '2026-03-02T16:00:00.000Z';

function called(row: WriteBack, calledAt: string, changes: Partial<WriteBack['target']> = {}): WriteBack {
  return { ...row, target: { ...row.target, calledAt, ...changes } };
}

/** Ben's call of the same contact. */
function bens(calledAt: string, desired = lunch): WriteBack {
  return called(withKey(rowOf('b', desired, { correlationId: 'ben0000000000b', state: 'confirmed' })), calledAt);
}

/** A contact that bears this mark, and another call of it. */
async function startWith(mark: string, other?: WriteBack) {
  const world = { mark, others: other ? [other] : [] };
  const dialer = await start(
    (operation) => {
      const contact = contactXml({ number1: '2125550101', mark: world.mark });
      if (operation === 'getContactRecords') return { body: answerXml(operation, contact) };
      if (operation === taken) return { body: answerXml(operation, '<return><success>true</success></return>') };
      return { body: answerXml(operation, dialledList(operation) ?? identifier) };
    },
    { callbackList: 'AI callbacks', fields: { callbackMark: 'mark' } },
    { describeCalls: async () => [describedCall(world.others)] },
  );
  const writes = () => dialer.operations().filter((operation) => operation === added || operation === taken);
  return { ...dialer, world, writes };
}

describe('the one place of a contact in the callback list', () => {
  it.each([
    ['of two campaigns, told in their order', ['a', 'b'], {}, { campaign: 'Autumn' }],
    ['of two campaigns, told the other way round', ['b', 'a'], {}, { campaign: 'Autumn' }],
    ['of which only the later has another’s disposition over it', ['a', 'b'], { hasLaterCall: true as const }, {}],
  ])(
    'goes to the last of two calls that only their contact shows to be of one record: %s',
    async (_, order, flag, leg) => {
      const { dialer, stub, writes } = await startWith('');
      const rows = [
        withKey(rowOf('a', lunch)),
        called(rowOf('b', lunch, { correlationId: 'ben0000000000b', ...flag }), later, leg),
      ];

      const answers = await dialer.deliver(order.flatMap((id) => rows.filter((row) => row.id === id)));

      expect(writes()).toEqual([added]);
      expect(stub.requests.find(({ operation }) => operation === added)?.xml).toContain(markOf.ben);
      expect([answers.get('a'), answers.get('b')?.kind]).toEqual([{ kind: 'done', note: 'redialled' }, 'submitted']);
    },
  );

  it.each([
    ['a later call', bens(later), 'done', []],
    ['a later call that took it back', bens(later, none), 'done', [taken]],
    ['an earlier call', bens(earlier), 'done', [taken]],
  ])('is not taken away from the callback of %s', async (_, other, kind, written) => {
    const { dialer, writes } = await startWith(markOf.ben, other);

    const answers = await dialer.deliver([withKey(rowOf('a', none, { revision: 2 }))]);

    expect(answers.get('a')?.kind).toBe(kind);
    expect(writes()).toEqual(written);
  });

  it('is not taken by an earlier call where the mark is all that a contact shows', async () => {
    const { dialer, writes } = await startWith(markOf.ben, bens(later));

    const answers = await dialer.deliver([withKey(rowOf('a', lunch))]);

    expect(answers.get('a')).toEqual({ kind: 'done', note: 'redialled' });
    expect(writes()).toEqual([]);
  });

  it.each([
    ['a callback', lunch],
    ['its removal', none],
  ])('is left to a later call by %s in doubt, once what it sent has run out', async (_, desired) => {
    const { dialer, clock, writes } = await startWith('');
    const row = withKey(rowOf('a', desired, { inDoubt: true, hasLaterCallback: true }));

    const first = await dialer.deliver([row]);
    clock.set('2026-03-02T20:00:20.000Z');
    const second = await dialer.deliver([row]);

    expect(first.get('a')).toMatchObject({ kind: 'notYet', until: '2026-03-02T20:00:20.000Z' });
    expect(second.get('a')).toEqual({ kind: 'done', note: 'redialled' });
    expect(writes()).toEqual([]);
  });

  it('gives an import of a callback that once gave way its whole time when it comes again', async () => {
    const { dialer, clock, world } = await startWith(markOf.ben, bens(later));
    const row = withKey(rowOf('a', lunch, { inDoubt: true }));
    await dialer.deliver([row]);
    clock.set('2026-03-02T20:00:20.000Z');
    const gaveWay = await dialer.deliver([row]);
    world.mark = '';
    clock.set('2026-03-02T21:00:00.000Z');

    const again = await dialer.deliver([row]);

    expect(gaveWay.get('a')?.kind).toBe('done');
    expect(again.get('a')).toMatchObject({ kind: 'notYet', until: '2026-03-02T21:00:20.000Z' });
  });
});
