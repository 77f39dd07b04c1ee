import { expect, it } from 'vitest';
import { type Control, everywhere } from '../../../src/domain/controls.ts';
import { createControlWatch } from '../../../src/flows/control-watch.ts';
import { liftControl, setControl } from '../../../src/flows/set-control.ts';
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
    expect(audited.sort()).toEqual([
      'cli:ada pause-set everywhere',
      'cli:ada pause-set vicidial / SPRING',
      'cli:grace pause-lifted vicidial / SPRING',
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
