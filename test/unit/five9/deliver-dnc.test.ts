import { describe, expect, it } from 'vitest';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { rowOf } from './cast.ts';
import { answerXml, faultXml } from './soap-stub.ts';
import { contactXml, start, stopAfterEach } from './start-dialer.ts';

stopAfterEach();

const ada = '2125550101';
const adasMobile = '2125550102';
const adasWork = '2125550103';
const optOut: Desired = { aspect: 'dnc', phones: [`+1${ada}`], listed: true };

/**
 * A domain with a DNC list, and Ada with three numbers; `takes` tells whether it takes additions now, `isSpent` whether looks
 * at the list are used up.
 */
async function startList(
  takes: () => boolean = () => true,
  contacts: string = contactXml(adasContact),
  isSpent: () => boolean = () => false,
) {
  const listed = new Set<string>();
  const started = await start((operation, xml) => {
    if (operation === 'getContactRecords') return { body: answerXml(operation, contacts) };
    const numbers = [...xml.matchAll(/<numbers>(\d+)/g)].map((match) => match[1] ?? '');
    if (operation === 'checkDncForNumbers' && isSpent()) return faultXml('OperationsLimitExceeded');
    if (operation === 'addNumbersToDnc' && !takes()) return faultXml('ExecutionRestriction');
    if (operation === 'addNumbersToDnc') for (const number of numbers) listed.add(number);
    if (operation === 'removeNumbersFromDnc') for (const number of numbers) listed.delete(number);
    const found = numbers.filter((number) => listed.has(number)).map((number) => `<return>${number}</return>`);
    return { body: answerXml(operation, operation === 'checkDncForNumbers' ? found.join('') : '<return>0</return>') };
  });
  return { ...started, listed };
}

const adasContact = { number1: ada, number2: adasMobile, number3: adasWork };
const night = '2026-03-03T07:00:00.000Z';

describe('deliver, DNC', () => {
  it('keeps a number for the nightly window, and looks before and after', async () => {
    const { dialer, clock, operations } = await startList();

    const byDay = await dialer.deliver([rowOf('a', optOut)]);
    clock.set(night);
    const byNight = await dialer.deliver([rowOf('a', optOut)]);
    const again = await dialer.deliver([rowOf('a', optOut)]);

    expect(byDay.get('a')).toMatchObject({ kind: 'notYet', until: night });
    expect([byNight.get('a')?.kind, again.get('a')?.kind]).toEqual(['done', 'done']);
    expect(operations().filter((operation) => operation !== 'getContactRecords')).toEqual([
      'checkDncForNumbers',
      'checkDncForNumbers',
      'checkDncForNumbers',
      'addNumbersToDnc',
      'checkDncForNumbers',
      'checkDncForNumbers',
    ]);
  });

  it("does not list again what the call's own script listed while the number was marked", async () => {
    let looks = 0;
    const theScriptLists = () => {
      looks += 1;
      if (looks === 2) list.listed.add(ada);
      return false;
    };
    const list = await startList(() => true, contactXml({ number1: ada }), theScriptLists);
    list.clock.set(night);

    const answers = await list.dialer.deliver([rowOf('a', optOut)]);

    expect(answers.get('a')?.kind).toBe('done');
    expect(list.operations()).not.toContain('addNumbersToDnc');
  });

  it('lists nothing while the list can not be asked at all', async () => {
    const { dialer, clock, operations } = await startList(
      () => true,
      contactXml({ number1: ada }),
      () => true,
    );
    clock.set(night);

    const answers = await dialer.deliver([rowOf('a', optOut)]);

    expect(answers.get('a')).toMatchObject({ kind: 'notYet' });
    expect(operations()).not.toContain('addNumbersToDnc');
  });

  it.each([true, false])('leaves the doubt of a row as it was (%s) where only a look was lost', async (inDoubt) => {
    const { dialer, clock } = await start(() => ({ status: 503, body: 'away' }));
    clock.set(night);

    const answers = await dialer.deliver([{ ...rowOf('a', optOut), inDoubt }]);

    expect(answers.get('a')).toMatchObject({ kind: 'retry', inDoubt });
  });

  it('lists a number though no second look is left before it', async () => {
    let looks = 0;
    const isSpent = () => {
      looks += 1;
      return looks === 2;
    };
    const { dialer, clock, listed } = await startList(() => true, contactXml({ number1: ada }), isSpent);
    clock.set(night);

    await dialer.deliver([rowOf('a', optOut)]);

    expect([...listed]).toEqual([ada]);
  });

  it('lists all numbers of the contact, though only one is listed already', async () => {
    const { dialer, clock, listed } = await startList();
    clock.set(night);
    listed.add(ada);

    const answers = await dialer.deliver([rowOf('a', optOut)]);

    expect(answers.get('a')?.kind).toBe('done');
    expect([...listed].sort()).toEqual([ada, adasMobile, adasWork]);
  });

  it('keeps to its own number when several contacts share it', async () => {
    const two = `<return><fields>number1</fields><fields>number2</fields>${[adasMobile, adasWork]
      .map((number2) => `<records><values><data>${ada}</data><data>${number2}</data></values></records>`)
      .join('')}</return>`;
    const { dialer, clock, listed } = await startList(() => true, two);
    clock.set(night);

    await dialer.deliver([rowOf('a', optOut)]);

    expect([...listed]).toEqual([ada]);
  });

  it('takes off only the numbers that were asked for, and never one that it did not list itself', async () => {
    const { dialer, clock, listed } = await startList();
    listed.add(adasWork);
    clock.set(night);
    await dialer.deliver([rowOf('a', optOut)]);

    const undo = { ...optOut, phones: [`+1${ada}`, `+1${adasWork}`], listed: false };
    const answers = await dialer.deliver([rowOf('a', undo)]);

    expect(answers.get('a')).toEqual({
      kind: 'done',
      note: 'DNC list: 2 numbers taken off, as the list says',
    });
    expect([...listed]).toEqual([adasWork]);
  });

  it('lists what Five9 can hold when another number of the person is none', async () => {
    const { dialer, clock, listed } = await startList();
    clock.set(night);
    const wish: Desired = { ...optOut, phones: ['+493055501234567', `+1${ada}`] };

    const answers = await dialer.deliver([rowOf('a', wish)]);

    expect(answers.get('a')).toMatchObject({ kind: 'done', note: expect.stringContaining('1 more are none') });
    expect([...listed]).toContain(ada);
  });

  it('waits, without an attempt, when Five9 says that it is not the time', async () => {
    const { dialer, clock, listed } = await startList(() => false);
    clock.set(night);

    const answers = await dialer.deliver([rowOf('a', optOut)]);

    expect(answers.get('a')).toMatchObject({ kind: 'notYet', until: '2026-03-03T08:00:00.000Z' });
    expect(listed.size).toBe(0);
  });

  it('is in doubt about what it sent while a limit keeps the list from being read back', async () => {
    let isSent = false;
    const takes = () => {
      isSent = true;
      return true;
    };
    const { dialer, clock, listed } = await startList(takes, contactXml(adasContact), () => isSent);
    clock.set(night);

    const answers = await dialer.deliver([rowOf('a', optOut)]);

    expect(listed.has(ada)).toBe(true);
    expect(answers.get('a')).toMatchObject({ kind: 'notYet', inDoubt: true });
  });

  it.each([
    ['before the clocks go forward', '2026-03-08T06:59:59.000Z', 'notYet'],
    ['in the night when the clocks go forward', '2026-03-08T12:59:59.000Z', 'done'],
    ['after it, an hour earlier than the day before', '2026-03-08T13:00:00.000Z', 'notYet'],
    ['in the evening after it', '2026-03-09T06:00:00.000Z', 'done'],
    ['in the night when the clocks go back', '2026-11-01T13:59:59.000Z', 'done'],
    ['after it, an hour later than the day before', '2026-11-01T14:00:00.000Z', 'notYet'],
    ['in the evening after it, too early', '2026-11-02T06:59:59.000Z', 'notYet'],
    ['in the evening after it', '2026-11-02T07:00:00.000Z', 'done'],
  ])('keeps to the clock of California: %s', async (_name, at, kind) => {
    const { dialer, clock } = await startList();
    clock.set(at);

    const answers = await dialer.deliver([rowOf('a', optOut)]);

    expect(answers.get('a')?.kind).toBe(kind);
  });

  it('lists more than a minute has looks for, within a few minutes', async () => {
    const { dialer, clock, listed } = await startList();
    let open = Array.from({ length: 500 }, (_, index) => rowOf(`call-${index}`, optOut));

    const left: number[] = [];
    for (let minute = 0; minute < 5; minute += 1) {
      clock.set(new Date(Date.parse(night) + minute * 61_000).toISOString());
      const answers = await dialer.deliver(open);
      open = open.filter(({ id }) => answers.get(id)?.kind !== 'done');
      left.push(open.length);
    }

    expect([...listed].sort()).toEqual([ada, adasMobile, adasWork]);
    expect(left.at(-1)).toBe(0);
  });

  it('refuses a number that Five9 can not hold', async () => {
    const { dialer, operations } = await startList();
    const long: WriteBack = rowOf('a', { aspect: 'dnc', phones: ['+493055501234567'], listed: true });

    const answers = await dialer.deliver([long]);

    expect(answers.get('a')).toMatchObject({ kind: 'refused' });
    expect(operations()).toEqual([]);
  });
});
