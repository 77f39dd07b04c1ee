import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Fact } from '../../../src/domain/fact.ts';
import { createRegistrationGatherer, type GathererOptions } from '../../../src/flows/gather-registrations.ts';
import { eventually } from '../../support/eventually.ts';

const fact = (key: string) => ({ key }) as Fact;
const silent = () => undefined;
const diskFull = new ConnectorError('store_away', 'the spool could not be written (ENOSPC)', { retryable: true });

function start(options: Partial<Omit<GathererOptions, 'log'>> = {}) {
  const batches: string[][] = [];
  const errors: string[] = [];
  const gatherer = createRegistrationGatherer({
    quietMs: 5,
    ...options,
    async keep(facts) {
      batches.push(facts.map(({ key }) => key));
      await options.keep?.(facts);
    },
    log: { debug: silent, info: silent, warn: silent, error: (_fields, message) => void errors.push(message) },
  });
  return { gatherer, batches, errors };
}

describe('registrations that nobody waits for', () => {
  it('wait for a pause between the calls, and go together', async () => {
    const { gatherer, batches } = start();

    gatherer.add(fact('a'));
    await new Promise((resolve) => setImmediate(resolve));
    for (const key of ['b', 'c', 'd']) gatherer.add(fact(key));
    const inTheRush = [...batches];
    await gatherer.flush();

    expect(inTheRush).toEqual([]);
    expect(batches).toEqual([['a', 'b', 'c', 'd']]);
  });

  it('wait no longer than they may while calls keep coming', async () => {
    const { gatherer, batches } = start({ quietMs: 60_000, maxWaitMs: 30 });
    const startedAt = performance.now();

    while (batches.length === 0) {
      gatherer.add(fact('more'));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
    await gatherer.flush();
  });

  it('that come while the store is busy go with the next batch', async () => {
    const stored = Promise.withResolvers<void>();
    const { gatherer, batches } = start({ keep: () => stored.promise });

    gatherer.add(fact('a'));
    await eventually(() => expect(batches).toEqual([['a']]));
    for (const key of ['b', 'c']) gatherer.add(fact(key));
    stored.resolve();
    await gatherer.flush();

    expect(batches).toEqual([['a'], ['b', 'c']]);
  });

  it('go in batches that one transaction can take', async () => {
    const { gatherer, batches } = start({ maxBatch: 2 });

    for (const key of ['a', 'b', 'c', 'd', 'e']) gatherer.add(fact(key));
    await gatherer.flush();

    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('are kept one by one when one of them can not be kept', async () => {
    const kept: string[] = [];
    const { gatherer, errors } = start({
      async keep(facts) {
        if (facts.some(({ key }) => key === 'bad')) throw new Error('too odd');
        kept.push(...facts.map(({ key }) => key));
      },
    });

    for (const key of ['a', 'bad', 'b']) gatherer.add(fact(key));
    await gatherer.flush();

    expect(kept).toEqual(['a', 'b']);
    expect(errors).toEqual(['a registration can not be stored as it is']);
  });

  it('wait in memory while nothing takes them, and go in their order then', async () => {
    let isDiskFull = true;
    const { gatherer, batches, errors } = start({
      retryMs: 5,
      maxBatch: 2,
      async keep() {
        if (isDiskFull) throw diskFull;
      },
    });

    for (const key of ['a', 'b', 'c']) gatherer.add(fact(key));
    await eventually(() => expect(batches.length).toBeGreaterThan(2));
    const whileFull = [...new Set(batches.map(String))];
    const waited = gatherer.size();
    isDiskFull = false;
    await gatherer.flush();

    expect(whileFull).toEqual(['a,b']);
    expect(waited).toBe(3);
    expect(batches.slice(-2)).toEqual([['a', 'b'], ['c']]);
    expect(gatherer.size()).toBe(0);
    expect(errors).toEqual(['registrations are neither in the store nor in the spool: they wait in memory']);
  });

  it('are told of when they are too many to wait, and when the process ends', async () => {
    const keep = () => Promise.reject(diskFull);
    const { gatherer, errors } = start({ retryMs: 5, maxWaiting: 2, keep });

    for (const key of ['a', 'b', 'c']) gatherer.add(fact(key));
    await eventually(() => expect(errors).toHaveLength(2));
    gatherer.stop();
    await gatherer.flush();

    expect(gatherer.size()).toBe(2);
    expect(errors.toSorted()).toEqual([
      'a registration is lost: too many wait in memory for the store and the spool',
      'registrations are neither in the store nor in the spool: they wait in memory',
      'registrations end with this process: nothing took them',
    ]);
  });

  it('are all kept when a flush ends', async () => {
    const { gatherer, batches } = start();

    await gatherer.flush();
    gatherer.add(fact('a'));
    await gatherer.flush();

    expect(batches).toEqual([['a']]);
  });
});
