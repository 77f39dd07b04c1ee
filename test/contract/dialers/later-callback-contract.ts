import { expect, it } from 'vitest';
import type { Aspect, Desired, WriteBackTarget } from '../../../src/domain/write-back.ts';
import type { Effect } from '../../simulators/simulator.ts';
import { bringHome, type DeliveryRun, writeBackFor } from './bring-home.ts';

/** What this part of the contract needs of a dialer under test. */
export interface LaterCallbackFixture extends DeliveryRun {
  endedCall(): Promise<WriteBackTarget>;
  desired(aspect: Aspect, target: WriteBackTarget): Desired;
  journal(): Promise<readonly Effect[]>;
}

/** A dialer holds one callback of a lead: that of its last call. */
export function describeLaterCallbacks(get: () => LaterCallbackFixture): void {
  it.each([
    ['neither moves', (at: string) => new Date(Date.parse(at) + 3_600_000).toISOString()],
    ['nor takes away', () => null],
  ])('%s the callback of a later call for one in doubt of an earlier call', async (_, wishedAt) => {
    const fixture = get();
    if (!fixture.dialer.aspects.includes('callback')) return;
    const target = await fixture.endedCall();
    const desired = fixture.desired('callback', target);
    if (desired.aspect !== 'callback' || desired.at === null) throw new Error('no callback is wished');
    await bringHome(fixture, [writeBackFor(target, desired)]);
    const once = [...(await fixture.journal())];

    const wish = { ...desired, at: wishedAt(desired.at) };
    const row = { ...writeBackFor(target, wish), revision: 2, inDoubt: true, hasLaterCallback: true } as const;
    const answers = await bringHome(fixture, [row]);

    expect(answers.get(row.id)?.kind).toBe('done');
    expect(await fixture.journal()).toEqual(once);
  });
}
