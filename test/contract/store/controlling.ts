import { expect, it } from 'vitest';
import { type Control, everywhere } from '../../../src/domain/controls.ts';
import { createControlWatch } from '../../../src/flows/control-watch.ts';
import { liftControl, replaceControl, setControl } from '../../../src/flows/set-control.ts';
import type { Store } from '../../../src/store/store.ts';
import { noon } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const pause: Control = {
  kind: 'pause',
  scope: { dialer: 'vicidial', campaign: 'SPRING', aspect: '' },
  percent: 0,
  note: 'their server moves',
  by: 'cli:ada',
  at: noon,
};
const stage: Control = { ...pause, kind: 'stage', percent: 10 };
const silent = () => undefined;

/** What decides by this store, at noon. */
function depsOf(store: Store) {
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const clock = { now: () => Date.parse(noon), sleep: async () => undefined };
  return { store, clock, controls: createControlWatch({ read: () => store.controls(), log }) };
}

/** What people in charge decide live. */
export function itIsControlled(subject: StoreUnderTest): void {
  it('keeps one control per kind and scope, the last that was set', async () => {
    const store = await subject.open();
    const deps = depsOf(store);
    const wide: Control = { ...pause, scope: everywhere };
    const last: Control = { ...stage, percent: 20, note: 'it goes well', by: 'grace' };

    for (const control of [pause, stage, wide, last]) await setControl(deps, control);

    const held = await store.controls();
    expect(held).toHaveLength(3);
    expect(held).toEqual(expect.arrayContaining([pause, wide, last]));
    expect(deps.controls.now().stageOf('vicidial', 'SPRING')?.percent).toBe(20);
  });

  it('takes back what was set, once, with a line of its own for each act', async () => {
    const store = await subject.open();
    const deps = depsOf(store);
    await setControl(deps, pause);
    await setControl(deps, { ...pause, scope: everywhere });

    const lift = { kind: 'pause', scope: pause.scope, by: 'cli:grace', note: 'it has moved' } as const;
    expect([await liftControl(deps, lift), await liftControl(deps, lift)]).toEqual([true, false]);

    expect((await store.controls()).map(({ scope }) => scope)).toEqual([everywhere]);
    const audited = (await store.auditLog(9)).map(({ act, by, subject: what }) => `${by} ${act} ${what}`);
    expect(audited).toEqual([
      'cli:grace pause-lifted vicidial / SPRING',
      'cli:ada pause-set everywhere',
      'cli:ada pause-set vicidial / SPRING',
    ]);
  });

  it('tells campaigns apart that differ in case only', async () => {
    const store = await subject.open();
    const deps = depsOf(store);
    await setControl(deps, pause);
    await setControl(deps, { ...pause, scope: { ...pause.scope, campaign: 'Spring' } });

    expect((await store.controls()).map(({ scope }) => scope.campaign).sort()).toEqual(['SPRING', 'Spring']);
  });

  it('keeps and takes back what has a longer name than fits', async () => {
    const store = await subject.open();
    const deps = depsOf(store);
    const scope = { ...pause.scope, campaign: 'C'.repeat(300) };
    await setControl(deps, { ...pause, scope, note: 'n'.repeat(5000), by: 'b'.repeat(300) });

    expect(await store.controls()).toHaveLength(1);
    expect(await liftControl(deps, { kind: 'pause', scope, by: 'cli:ada' })).toBe(true);
  });

  it('replaces what was seen, in one step, and changes nothing where there is another by now', async () => {
    const store = await subject.open();
    const deps = depsOf(store);
    await setControl(deps, stage);
    const { kind, scope } = stage;
    const to = { percent: 50, note: 'more', by: 'robot' };

    const changes = [
      await replaceControl(deps, { kind, scope, seen: { ...stage, by: 'grace' }, to, by: 'robot' }),
      await replaceControl(deps, { kind, scope, seen: null, to, by: 'robot' }),
      await replaceControl(deps, { kind, scope, seen: stage, to, by: 'robot' }),
      await replaceControl(deps, { kind, scope, seen: stage, to: null, by: 'robot' }),
      await replaceControl(deps, { kind, scope, seen: { ...stage, ...to }, to: null, by: 'robot' }),
      await replaceControl(deps, { kind, scope, seen: null, to, by: 'robot' }),
    ];

    expect(changes).toEqual([false, false, true, false, true, true]);
    expect(await store.controls()).toEqual([{ ...stage, ...to }]);
    const audited = (await store.auditLog(9)).map(({ act, by }) => `${by} ${act}`);
    const replaced = ['robot stage-set', 'robot stage-lifted'];
    expect(audited).toEqual(['robot stage-set', 'robot stage-lifted', ...replaced, 'cli:ada stage-set']);
  });

  it('lets one of several replace what all of them saw', async () => {
    const [one, other] = [await subject.open(), await subject.open()];
    const { kind, scope } = stage;
    const all = (seen: Control | null, percents: readonly number[]) =>
      Promise.all(
        percents.map((percent, index) => {
          const to = { percent, note: 'at once', by: 'robot' };
          return replaceControl(depsOf(index % 2 === 0 ? one : other), { kind, scope, seen, to, by: 'robot' });
        }),
      );

    const first = await all(null, [10, 20, 30, 40]);
    const [held] = await one.controls();
    const second = await all(held ?? null, [50, 60, 70, 80]);

    for (const changes of [first, second]) expect(changes.filter(Boolean)).toHaveLength(1);
    expect(await other.controls()).toHaveLength(1);
    expect(await one.auditLog(9)).toHaveLength(2);
  });

  it('lets several set the same at once', async () => {
    const [one, other] = [await subject.open(), await subject.open()];
    const percents = [10, 20, 30, 40];

    await Promise.all(
      percents.map((percent, index) => setControl(depsOf(index % 2 === 0 ? one : other), { ...stage, percent })),
    );

    const held = await one.controls();
    expect(held).toHaveLength(1);
    expect(percents).toContain(held[0]?.percent);
  });
}
