import { expect, it } from 'vitest';
import type { KeptSession } from '../../../src/domain/log-in.ts';
import { later, noon } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const evening = '2026-11-21T20:00:00.000Z';
const minutes = 60_000;

function session(idHash: string, user: string, more: Partial<KeptSession> = {}): KeptSession {
  return {
    idHash,
    user,
    how: 'password',
    claims: [],
    createdAt: noon,
    seenAt: noon,
    expiresAt: evening,
    address: '192.0.2.1',
    browser: 'Mozilla/5.0',
    ...more,
  };
}

/** Who is logged in to the console, and how often somebody guessed. */
export function itLogsIn(subject: StoreUnderTest): void {
  it('keeps sessions until they are ended, one or all of a user', async () => {
    const store = await subject.open();
    const start = (each: KeptSession) => store.startSession({ session: each, now: noon, idleSince: noon });
    await start(session('a1', 'ada', { how: 'oidc', claims: ['supervisors', 'Größe'], browser: 'x'.repeat(900) }));
    await start(session('a2', 'ada'));
    await start(session('g1', 'grace'));

    await store.renewSession({ idHash: 'a1', now: later });
    // A process whose clock is behind takes nothing back.
    await store.renewSession({ idHash: 'a1', now: noon });
    expect(await store.sessionById('a1')).toMatchObject({
      seenAt: later,
      how: 'oidc',
      claims: ['supervisors', 'Größe'],
    });
    expect((await store.sessions()).map(({ idHash }) => idHash)).toEqual(['a1', 'a2', 'g1']);

    expect(await store.endSessions({ idHash: 'g1' })).toBe(1);
    expect(await store.endSessions({ user: 'ada' })).toBe(2);
    expect(await store.endSessions({ user: 'ada' })).toBe(0);
    expect(await store.sessionById('a1')).toBeNull();
  });

  it('drops sessions that are over when another begins', async () => {
    const store = await subject.open();
    await store.startSession({ session: session('over', 'ada', { expiresAt: later }), now: noon, idleSince: noon });
    await store.startSession({ session: session('idle', 'ada'), now: noon, idleSince: noon });

    const fresh = session('new', 'ada', { createdAt: later, seenAt: later });
    await store.startSession({ session: fresh, now: later, idleSince: later });

    expect((await store.sessions()).map(({ idHash }) => idHash)).toEqual(['new']);
  });

  it('counts tries until they lock, for as long as it is said', async () => {
    const store = await subject.open();
    const counters = [
      { key: 'user:ada:office', limit: 2 },
      { key: 'user:ada', limit: 20 },
    ];
    const count = (now: string) => store.countTry({ counters, now, lockMs: 30 * minutes });
    const lockedUntil = '2026-11-21T12:40:00.000Z';

    expect(await count(noon)).toEqual({ kind: 'counted', lockedUntil: null });
    expect(await count(later)).toEqual({ kind: 'counted', lockedUntil });
    expect(await count(later)).toEqual({ kind: 'locked', until: lockedUntil });
    expect(await count(lockedUntil)).toEqual({ kind: 'counted', lockedUntil: null });
  });

  it('takes a try back that was right, and forgets those of a user', async () => {
    const store = await subject.open();
    const counters = [
      { key: 'user:ada:office', limit: 1 },
      { key: 'address:office', limit: 2 },
    ];
    const count = () => store.countTry({ counters, now: noon, lockMs: minutes });
    for (let round = 0; round < 5; round += 1) {
      expect(await count()).toMatchObject({ kind: 'counted' });
      await store.forgiveTry({ inARow: ['user:ada:office'], others: ['address:office'] });
    }

    await count();
    expect(await store.forgetTries({ key: 'user:ad', now: noon })).toBe(0);
    expect(await store.forgetTries({ key: 'user:ada', now: noon })).toBe(1);
    expect(await count()).toMatchObject({ kind: 'counted', lockedUntil: '2026-11-21T12:01:00.000Z' });
  });

  it('counts every one of many tries at once, from several processes', async () => {
    const [one, two] = [await subject.open(), await subject.open()];
    // Several rounds: the first tries of a name are the ones that can get in each other's way.
    for (const name of ['ada', 'grace', 'edith', 'joan', 'mary', 'katherine']) {
      const counters = [
        { key: `user:${name}:office`, limit: 5 },
        { key: `user:${name}`, limit: 50 },
        { key: `address:of ${name}`, limit: 50 },
      ];
      const tries = Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? one : two).countTry({ counters, now: noon, lockMs: minutes }),
      );

      const answers = await Promise.all(tries);
      expect(answers.filter(({ kind }) => kind === 'counted')).toHaveLength(5);
      expect(answers.filter(({ kind }) => kind === 'locked')).toHaveLength(7);
    }
  });

  it('drops counts to which nothing came for long, but no lock', async () => {
    const store = await subject.open();
    const tell = (key: string, limit: number, now: string) =>
      store.countTry({ counters: [{ key, limit }], now, lockMs: 60 * minutes });
    await tell('user:ada', 5, noon);
    await tell('user:grace', 1, noon);
    await tell('user:edith', 5, later);

    expect(await store.dropOldTries({ before: later, now: later })).toBe(1);
    expect(await store.dropOldTries({ before: evening, now: evening })).toBe(2);
  });
}
