import { expect, it } from 'vitest';
import type { CampaignMapping, NamedMapping } from '../../../src/domain/mapping.ts';
import type { Store } from '../../../src/store/store.ts';
import { callerCode, committed, entry, later, legOf, noon, record, registration, rules } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const spring = (dispositions: Record<string, string>): CampaignMapping => ({
  dispositions,
  ...{ fields: {}, safeRoute: 'skill', routes: {}, screenPop: [], transfers: {} },
});
const old: NamedMapping = { version: 'old', mapping: { vicidial: { SPRING: spring({ sale: 'SALEA' }) } } };
const fresh: NamedMapping = { version: 'fresh', mapping: { vicidial: { SPRING: spring({ sale: 'SALEB' }) } } };
const vicidial = (dispositions: Record<string, string>) => ({
  ...rules,
  dialers: { vicidial: { aspects: ['disposition'] as const, campaigns: { SPRING: { dispositions, fields: {} } } } },
});
const oldRules = { rules: vicidial({ sale: 'SALEA' }), mapping: old };
const freshRules = { rules: vicidial({ sale: 'SALEB', qualified: 'QUALB' }), mapping: fresh };

/** A call keeps the mapping that it began with. */
export function itKeepsMappings(database: StoreUnderTest): void {
  it('plans a call by the mapping that it began with, and a later one by the next', async () => {
    const store = await openWith(database);
    const ada = await begin(store, 'V1', 'old');
    store.useRules(freshRules);
    const ben = await begin(store, 'V2', 'fresh');

    await commit(store, 'V1', 'sale');
    await commit(store, 'V2', 'sale');

    expect(await dispositionsOf(store, ada)).toEqual(['pending SALEA']);
    expect(await dispositionsOf(store, ben)).toEqual(['pending SALEB']);
    expect(await store.callById(ada)).toMatchObject({ mapping: 'old' });
  });

  it('does so in a process that never had that mapping in use, and keeps to it whatever is told of the call later', async () => {
    const ada = await begin(await openWith(database), 'V1', 'old');
    const other = await database.open();
    other.useRules(freshRules);

    await record(other, told('V1', 'told again', 'fresh'));
    await commit(other, 'V1', 'sale');

    expect(await dispositionsOf(other, ada)).toEqual(['pending SALEA']);
  });

  it('goes by the mapping of today for an outcome that the own one lacks, once that has it', async () => {
    const store = await openWith(database);
    const ada = await begin(store, 'V1', 'old');
    await commit(store, 'V1', 'qualified');
    const before = await dispositionsOf(store, ada);
    store.useRules(freshRules);

    await store.replan({ now: later });

    expect(before).toEqual(['held ']);
    expect(await dispositionsOf(store, ada)).toEqual(['superseded ', 'pending QUALB']);
  });

  it('goes by that of today once a person replays what was refused', async () => {
    const store = await openWith(database);
    const ada = await begin(store, 'V1', 'old');
    await commit(store, 'V1', 'sale');
    const [row] = await store.writeBacksOf(ada);
    await store.cancelWriteBacks({ ids: [row?.id ?? ''], by: 'joan', why: 'refused', now: noon });
    store.useRules(freshRules);

    await store.replayWriteBacks({ ids: [row?.id ?? ''], now: later });
    await store.replan({ correlationIds: [ada], now: later });

    expect(await dispositionsOf(store, ada)).toEqual(['superseded SALEA', 'pending SALEB']);
  });

  it.each([
    ['none was kept, as an earlier release leaves it', ''],
    ['nobody kept it', 'lost'],
  ])('goes by that of today where %s', async (_why, version) => {
    const store = await openWith(database);
    const ada = await begin(store, 'V1', version);

    await commit(store, 'V1', 'sale');

    expect(await dispositionsOf(store, ada)).toEqual(['pending SALEA']);
  });

  it('keeps a mapping once, and gives it back', async () => {
    const store = await openWith(database);

    await store.keepMapping(old, later);

    expect(await store.mapping('old')).toEqual(old.mapping);
    expect(await store.mapping('none')).toBeNull();
  });
}

/** With the old mapping in use, and the fresh one kept. */
async function openWith(database: StoreUnderTest): Promise<Store> {
  const store = await database.open();
  await store.keepMapping(old, noon);
  await store.keepMapping(fresh, noon);
  store.useRules(oldRules);
  return store;
}

function told(callKey: string, key: string, mapping: string) {
  const body = { ...registration(legOf(callKey)), ...(mapping && { mapping }) };
  return entry([callerCode(callKey)], key, body, { source: 'vicidial' });
}

async function begin(store: Store, callKey: string, mapping: string): Promise<string> {
  return (await record(store, told(callKey, 'registered', mapping))).call.correlationId;
}

async function commit(store: Store, callKey: string, outcome: string): Promise<void> {
  await record(store, entry([callerCode(callKey)], `commit:${outcome}`, committed(outcome)));
}

async function dispositionsOf(store: Store, id: string): Promise<string[]> {
  const rows = (await store.writeBacksOf(id)).filter(({ dialer }) => dialer === 'vicidial');
  return rows.flatMap(({ state, desired }) =>
    desired.aspect === 'disposition' ? `${state} ${desired.disposition}` : [],
  );
}
