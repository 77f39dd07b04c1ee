import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ada, bea, type CallCenter, faultIn, openCallCenter, textOf } from './call-center.ts';

const number = (value: string) => `<numbers>${value}</numbers>`;

describe('the DNC list of the Five9 simulator', () => {
  let center: CallCenter;
  beforeEach(async () => {
    center = await openCallCenter();
  });
  afterEach(() => center.five9.stop());

  it.each([
    ['winter, before 23:00', '2026-11-25T06:59:59.000Z', 'ExecutionRestrictionFault'],
    ['winter, at 23:00', '2026-11-25T07:00:00.000Z', ''],
    ['winter, before 06:00', '2026-11-25T13:59:59.000Z', ''],
    ['winter, at 06:00', '2026-11-25T14:00:00.000Z', 'ExecutionRestrictionFault'],
    ['summer, at 23:00', '2026-07-01T06:00:00.000Z', ''],
    ['summer, at 06:00', '2026-07-01T13:00:00.000Z', 'ExecutionRestrictionFault'],
  ])('takes additions between 23:00 and 06:00 in Los Angeles only: %s', async (_when, instant, fault) => {
    center.clock.leapTo(instant);

    const { body } = await center.soap('addNumbersToDnc', number(ada));

    expect(faultIn(body)).toBe(fault);
    expect(center.five9.state(ada).dnc).toBe(fault === '');
  });

  it('counts what was added, tells what is listed, and journals a second act as no change', async () => {
    center.clock.leapTo('2026-11-25T08:00:00.000Z');

    const added = await center.soap('addNumbersToDnc', number(ada));
    const again = await center.soap('addNumbersToDnc', number(ada));
    const listed = await center.soap('checkDncForNumbers', number(bea) + number(ada));

    expect([textOf(added.body, 'return'), textOf(again.body, 'return')]).toEqual(['1', '0']);
    expect([...listed.body.matchAll(/<return>(\d+)</g)].map(([, found]) => found)).toEqual([ada]);
    expect(center.five9.effects().map(({ kind, isChange }) => [kind, isChange])).toEqual([
      ['dnc', true],
      ['dnc', false],
    ]);
  });

  it('takes removals at any hour', async () => {
    center.clock.leapTo('2026-11-25T08:00:00.000Z');
    await center.soap('addNumbersToDnc', number(ada));
    center.clock.leapTo('2026-11-25T20:00:00.000Z');

    const { body } = await center.soap('removeNumbersFromDnc', number(ada));

    expect(textOf(body, 'return')).toBe('0');
    expect(center.five9.state(ada).dnc).toBe(false);
  });
});
