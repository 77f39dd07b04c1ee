import { expect, it } from 'vitest';
import type { FactBody } from '../../../src/domain/fact.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Store } from '../../../src/store/store.ts';
import { ada, adasNumber, callWithOutcome, claim, entry, later, noon, ours, record, settlement } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

/** What recording more facts would do, and what is kept of one call for people. */
export function itForesees(database: StoreUnderTest): void {
  const corrected = (outcome: string): FactBody => ({ kind: 'corrected', outcome, by: 'grace', why: 'heard it' });
  const undone: FactBody = { kind: 'opt-out-undone', by: 'grace', why: 'she called' };
  const factOf = (id: string, body: FactBody) => ({
    refs: [ours(id)],
    source: 'operator:grace',
    key: body.kind,
    at: later,
    body,
  });
  const wishOf = ({ dialer, desired, state, revision, inDoubt }: WriteBack) => ({
    dialer,
    desired,
    state,
    revision,
    inDoubt,
  });

  async function foresee(store: Store, id: string, body: FactBody) {
    return store.previewFacts({ correlationId: id, facts: [factOf(id, body)], now: later });
  }

  it.each(['not_interested', 'opt_out', 'language'])(
    'foresees what correcting a call to %s plans, and writes nothing',
    async (outcome) => {
      const store = await database.open();
      await store.saveLeads([ada()], noon);
      const id = await callWithOutcome(store, 'V1', 'callback', '2026-11-23T15:00:00.000Z');
      const [row] = await claim(store, { limit: 1, aspects: ['disposition'] });
      if (row) await store.settleWriteBacks([settlement(row, { state: 'confirmed' })]);
      const before = [await store.writeBacksOf(id), await store.factsOf(id), await store.callById(id)];

      const foreseen = await foresee(store, id, corrected(outcome));

      expect([await store.writeBacksOf(id), await store.factsOf(id), await store.callById(id)]).toEqual(before);
      expect(await store.isOptedOut(adasNumber)).toBe(false);
      const known = new Set((await store.writeBacksOf(id)).map((each) => each.id));
      const { call } = await record(
        store,
        entry([ours(id)], 'corrected', corrected(outcome), { at: later, source: 'operator:grace' }),
      );
      const planned = (await store.writeBacksOf(id)).filter((each) => !known.has(each.id));
      const ended = (await store.writeBacksOf(id)).filter(
        ({ state }) => state === 'superseded' || state === 'cancelled',
      );
      const byName = (one: WriteBack, other: WriteBack) =>
        `${one.dialer}${one.aspect}` < `${other.dialer}${other.aspect}` ? -1 : 1;
      expect([...foreseen.writes].sort(byName).map(wishOf)).toEqual([...planned].sort(byName).map(wishOf));
      expect([...foreseen.supersede, ...foreseen.cancel].sort()).toEqual(ended.map((each) => each.id).sort());
      expect(foreseen.outcome).toEqual(call.outcome);
    },
  );

  it('foresees that taking an opt-out back leaves what another call told on the lists', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1', 'opt_out');
    const rows = await claim(store, { aspects: ['dnc'] });
    await store.settleWriteBacks(rows.map((each) => settlement(each, { state: 'confirmed' })));

    expect((await foresee(store, id, undone)).writes.map(({ desired }) => desired)).toContainEqual({
      ...{ aspect: 'dnc', listed: false, phones: [adasNumber] },
    });
    await callWithOutcome(store, 'V2', 'opt_out');
    expect((await foresee(store, id, undone)).writes.filter(({ aspect }) => aspect === 'dnc')).toEqual([]);
    expect(await store.isOptedOut(adasNumber)).toBe(true);
  });

  it('gives what one call gave people to do, and what they did to it', async () => {
    const store = await database.open();
    const id = await callWithOutcome(store, 'V1');
    const finding = { kind: 'finding', key: 'f1', details: { found: 'another status' } } as const;
    await store.raiseAttention(
      [
        { ...finding, correlationId: id },
        { ...finding, key: 'f2', correlationId: 'another' },
      ],
      noon,
    );
    for (const [at, act, subject] of [
      [noon, 'number-shown', id],
      [later, 'outcome-correct', id],
      [later, 'number-shown', 'another'],
      [later, 'recording-heard', id],
    ] as const) {
      await store.appendAudit({ at, by: 'grace', act, subject, details: {} });
    }

    expect((await store.attentionOf(id)).map(({ key }) => key)).toEqual(['f1']);
    const acts = (await store.auditOf(id, 9)).map(({ act }) => act);
    expect(acts).toEqual(['recording-heard', 'outcome-correct', 'number-shown']);
    expect(await store.auditOf(id, 1)).toHaveLength(1);
  });
}
