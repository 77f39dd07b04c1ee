import { describe, expect, it } from 'vitest';
import { businessDaysLater, type OptOutTerms, readClock, type ToldOptOut } from '../../../src/domain/opt-out-clock.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { adaAtAcme, at } from './cast.ts';

const terms: OptOutTerms = {
  alarmHours: 24,
  legalBusinessDays: 10,
  holidays: new Set(['2026-11-26']),
  timeZone: 'America/New_York',
  targetOf: (_dialer, toldAt) => new Date(Date.parse(toldAt) + 60_000).toISOString(),
};

const { phone, callKey } = adaAtAcme;
function row(dialer: string, changes: Partial<WriteBack> = {}): WriteBack {
  return {
    ...{ id: `${dialer}-1`, correlationId: '0123456789abcd', dialer, aspect: 'dnc', revision: 1 },
    target: { ...adaAtAcme, callKey },
    desired: { aspect: 'dnc', phones: [phone], listed: true },
    ...{ state: 'pending', dueAt: at(0), attempts: 0, inDoubt: false, receipt: '', why: '', hint: '' },
    ...{ createdAt: at(0), settledAt: null },
    ...changes,
  };
}
function told(...writeBacks: WriteBack[]): ToldOptOut {
  return {
    correlationId: '0123456789abcd',
    source: 'sigmamind',
    toldAt: at(0),
    phones: [phone],
    isUndone: false,
    writeBacks,
  };
}
const confirmed = (dialer: string, minute: number, changes: Partial<WriteBack> = {}) =>
  row(dialer, { state: 'confirmed', settledAt: at(minute), why: 'listed', ...changes });

describe('the clock of an opt-out', () => {
  it('stands when every dialer holds it, with when and by what proof', () => {
    const clock = readClock(told(confirmed('acme', 1), confirmed('globex', 5)), terms, at(10));

    expect(clock).toMatchObject({ isOpen: false, isOverdue: false });
    expect(clock.dialers).toMatchObject([
      { dialer: 'acme', state: 'confirmed', confirmedAt: at(1), tookSec: 60, isOnTime: true, proof: 'listed' },
      { dialer: 'globex', state: 'confirmed', tookSec: 300, isOnTime: false },
    ]);
  });

  it('says what it waits for, and until when', () => {
    const waits = row('acme', { dueAt: at(600), why: 'a nightly window' });

    const clock = readClock(told(waits), terms, at(10));

    expect(clock.isOpen).toBe(true);
    expect(clock.dialers).toMatchObject([
      { state: 'waiting', waitsFor: 'a nightly window', waitsUntil: at(600), openSince: at(0), isOnTime: false },
    ]);
  });

  it('runs anew for a lead that came later, and keeps the first proof', () => {
    const before = confirmed('acme', 1);
    const after = row('acme', { id: 'acme-2', revision: 2, createdAt: at(3000), dueAt: at(3000) });

    const clock = readClock(told(before, after), terms, at(3001));

    expect(clock).toMatchObject({ isOpen: true, isOverdue: false });
    expect(clock.dialers).toMatchObject([
      { state: 'waiting', confirmedAt: at(1), openSince: at(3000), proof: 'listed' },
    ]);
  });

  it.each([
    ['a minute before the alarm', at(24 * 60 - 1), false, false],
    ['at the alarm', at(24 * 60), true, false],
    ['a minute before the legal limit', '2026-12-07T14:59:00.000Z', true, false],
    ['at the legal limit', '2026-12-07T15:00:00.000Z', true, true],
  ])('is overdue or past the law: %s', (_name, now, isOverdue, isPastLegal) => {
    const clock = readClock(told(row('acme', { state: 'refused', why: 'no', hint: 'Mend it.' })), terms, now);

    expect(clock).toMatchObject({ isOverdue, isPastLegal, dialers: [{ state: 'failed', waitsFor: 'no. Mend it.' }] });
  });

  it('does not run for an opt-out that was undone', () => {
    const undo = row('acme', { revision: 2, desired: { aspect: 'dnc', phones: [phone], listed: false } });

    const clock = readClock({ ...told(confirmed('acme', 1), undo), isUndone: true }, terms, at(9000));

    expect(clock).toMatchObject({ isOpen: false, isOverdue: false, dialers: [{ state: 'undone' }] });
  });

  it.each([
    ['over weekends', '2026-11-02T15:00:00.000Z', '2026-11-16T15:00:00.000Z'],
    ['told on a Saturday, over a holiday', '2026-11-21T15:00:00.000Z', '2026-12-07T15:00:00.000Z'],
    ['told on Sunday night, which is Monday in London', '2026-11-02T04:00:00.000Z', '2026-11-14T04:00:00.000Z'],
  ])('counts business days by the calendar of the zone: %s', (_name, from, to) => {
    expect(businessDaysLater(from, terms)).toBe(to);
  });
});
