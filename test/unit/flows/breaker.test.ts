import { beforeEach, describe, expect, it } from 'vitest';
import { type Breaker, createBreaker } from '../../../src/flows/breaker.ts';
import { createTestClock, type TestClock } from '../simulators/five9/test-clock.ts';

let clock: TestClock;
let breaker: Breaker;

beforeEach(() => {
  clock = createTestClock('2026-11-21T12:00:00.000Z');
  breaker = createBreaker(clock, { failures: 3, waitMs: 30_000 });
});

describe('the breaker', () => {
  it('opens at the last of so many failures in a row, and says so once', () => {
    const opened = [breaker.failed(), breaker.failed(), breaker.failed(), breaker.failed()];

    expect(opened).toEqual([false, false, true, false]);
    expect(breaker.state()).toBe('open');
    expect(breaker.waitMs()).toBe(30_000);
  });

  it('counts only failures in a row', () => {
    for (const outcome of ['failed', 'failed', 'succeeded', 'failed', 'failed'] as const) breaker[outcome]();

    expect(breaker.state()).toBe('closed');
    expect(breaker.waitMs()).toBe(0);
  });

  it('lets one try through after the wait, by the given clock', () => {
    fail(3);

    clock.advance(29_999);
    const before = [breaker.state(), breaker.waitMs()];
    clock.advance(1);

    expect(before).toEqual(['open', 1]);
    expect(breaker.state()).toBe('half-open');
    expect(breaker.waitMs()).toBe(0);
  });

  it('closes when that try succeeds, and then counts from the beginning', () => {
    fail(3);
    clock.advance(30_000);

    breaker.succeeded();
    fail(2);

    expect(breaker.state()).toBe('closed');
  });

  it('waits once more when that try fails', () => {
    fail(3);
    clock.advance(30_000);

    fail(1);

    expect(breaker.state()).toBe('open');
    expect(breaker.waitMs()).toBe(30_000);
  });
});

function fail(times: number): void {
  for (let count = 0; count < times; count += 1) breaker.failed();
}
