import { expect, it } from 'vitest';
import type { Alert } from '../../../src/domain/alert.ts';
import type { Letter } from '../../../src/domain/letter.ts';
import { later, noon } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const breaker: Alert = {
  id: 'alert-1',
  kind: 'breaker-open',
  key: 'five9',
  size: 1,
  words: 'five9 does not answer',
  level: 'urgent',
  firstAt: noon,
  lastAt: noon,
  endedAt: null,
  isClosed: false,
  told: {},
  ackedBy: '',
  ackedAt: null,
};
const letter: Letter = { kind: 'test', at: noon };
const post = (id: string, channel = 'office') => ({ id, channel, letter });

/** What the site tells by itself. */
export function itKeepsAlerts(subject: StoreUnderTest): void {
  const open = async () => {
    const store = await subject.open();
    const taken = await store.takeLease('alerts', 'one', 60_000);
    const under = { name: 'alerts', holder: 'one', fence: taken?.fence ?? 0, ttlMs: 60_000 };
    return { store, under, keep: { letters: [], alerts: [], now: noon, under } };
  };

  it('keeps an alert with the letters about it, and who has taken it', async () => {
    const { store, keep } = await open();

    await store.keepAlerts({ ...keep, alerts: [breaker], letters: [post('letter-1')] });
    expect(await store.ackAlert({ id: 'alert-1', by: 'ada', now: later })).toBe(true);
    expect(await store.ackAlert({ id: 'alert-1', by: 'ben', now: later })).toBe(false);
    const told = { office: { at: noon, size: 1, isEscalated: false } };
    await store.keepAlerts({ ...keep, alerts: [{ ...breaker, told, lastAt: later }] });

    expect(await store.openAlerts()).toEqual([{ ...breaker, told, lastAt: later, ackedBy: 'ada', ackedAt: later }]);
    expect(await store.letterPage(5)).toMatchObject([{ id: 'letter-1', channel: 'office', letter, state: 'waiting' }]);
  });

  it('takes what is over off the list once its end was told, and keeps it to be looked at', async () => {
    const { store, keep } = await open();
    const over = { ...breaker, endedAt: later };

    await store.keepAlerts({ ...keep, alerts: [over, { ...breaker, id: 'alert-2', key: 'vicidial' }] });
    const both = (await store.openAlerts()).map(({ id }) => id);
    await store.keepAlerts({ ...keep, alerts: [{ ...over, isClosed: true }] });

    expect(both).toEqual(['alert-1', 'alert-2']);
    expect((await store.openAlerts()).map(({ id }) => id)).toEqual(['alert-2']);
    expect((await store.alertPage({ isOpen: false, limit: 5 })).map(({ id }) => id)).toEqual(['alert-1']);
    expect((await store.alertPage({ isOpen: true, limit: 5 })).map(({ id }) => id)).toEqual(['alert-2']);
    expect(await store.ackAlert({ id: 'alert-1', by: 'ada', now: later })).toBe(false);
  });

  it('hands a letter to one at a time: again when it was not settled, and no more when it was', async () => {
    const { store, keep, under } = await open();
    await store.keepAlerts({ ...keep, letters: [post('letter-1'), post('letter-2'), post('letter-3', 'pager')] });
    const claim = { channel: 'office', now: noon, until: later, under };

    const [one, two, none] = [
      await store.claimLetter(claim),
      await store.claimLetter(claim),
      await store.claimLetter(claim),
    ];
    expect([one?.id, two?.id, none]).toEqual(['letter-1', 'letter-2', null]);
    expect(await store.channelsWithDue(noon)).toEqual(['pager']);
    await store.settleLetter({ id: 'letter-1', state: 'sent', dueAt: later, why: '', sentAt: later });
    const again = await store.claimLetter({ ...claim, now: later, until: '2026-11-21T12:20:00.000Z' });

    expect(again).toMatchObject({ id: 'letter-2', attempts: 2, letter });
    expect(await store.letterStates(noon)).toEqual(
      expect.arrayContaining([
        { channel: 'office', waiting: 1, dead: 0, mostAttempts: 2, lastSentAt: later, why: '' },
        { channel: 'pager', waiting: 1, dead: 0, mostAttempts: 0, lastSentAt: null, why: '' },
      ]),
    );
    const failed = { id: 'letter-2', dueAt: later, sentAt: null } as const;
    const whyOf = async (state: 'waiting' | 'dead' | 'sent', why: string) => {
      await store.settleLetter({ ...failed, state, why });
      return (await store.letterStates(noon)).flatMap((each) => (each.channel === 'office' ? each.why : []));
    };
    expect(await whyOf('waiting', 'it does not answer')).toEqual(['it does not answer']);
    expect(await whyOf('dead', 'it is gone')).toEqual(['it is gone']);
    expect(await whyOf('sent', '')).toEqual(['']);
  });

  it('keeps nothing, and hands out nothing, once another process has the lease', async () => {
    const { store, keep, under } = await open();
    await store.keepAlerts({ ...keep, letters: [post('letter-1')] });
    await store.releaseLease('alerts', 'one');
    await store.takeLease('alerts', 'two', 60_000);
    const place = { name: 'alerts:digest', value: '2026-11-21' };

    const kept = store.keepAlerts({ ...keep, alerts: [breaker], letters: [post('letter-2')], place });
    const claimed = store.claimLetter({ channel: 'office', now: noon, until: later, under });

    await expect(kept).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(claimed).rejects.toMatchObject({ code: 'lease_lost' });
    expect([await store.openAlerts(), await store.readCursor('alerts:digest')]).toEqual([[], '']);
    expect((await store.letterPage(5)).map(({ id, attempts }) => [id, attempts])).toEqual([['letter-1', 0]]);
  });

  it('drops what is old, but no letter that is still to be sent', async () => {
    const { store, keep } = await open();
    const over = { ...breaker, endedAt: noon, isClosed: true };
    await store.keepAlerts({ ...keep, alerts: [over, { ...breaker, id: 'alert-2' }] });
    await store.keepAlerts({ ...keep, letters: [post('letter-1'), post('letter-2')] });
    await store.settleLetter({ id: 'letter-1', state: 'dead', dueAt: noon, why: 'nobody is there', sentAt: null });

    expect(await store.dropOldAlerts({ alertsBefore: later, lettersBefore: later })).toBe(2);

    expect((await store.letterPage(5)).map(({ id }) => id)).toEqual(['letter-2']);
    expect((await store.alertPage({ isOpen: false, limit: 5 })).length).toBe(0);
    expect((await store.openAlerts()).map(({ id }) => id)).toEqual(['alert-2']);
  });
}
