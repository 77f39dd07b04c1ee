import { expect, it } from 'vitest';
import type { AttentionKind } from '../../../src/domain/attention.ts';
import type { Store } from '../../../src/store/store.ts';
import { callWithOutcome, claim, later, noon, settlement } from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const minute = (count: number) => new Date(Date.parse(noon) + count * 60_000).toISOString();

/** Lists that people page through: each thing once, in order, whatever is equal. */
export function itIsLookedThrough(subject: StoreUnderTest): void {
  it('pages through the write-backs of a state that are all due at once', async () => {
    const store = await subject.open();
    for (let index = 0; index < 5; index += 1) await callWithOutcome(store, `V${index}`, 'sale');
    const all = await store.writeBacks({ states: ['pending'], limit: 50 });

    for (const order of ['oldest', 'newest'] as const) {
      const seen = await pages(store, { state: 'pending', order, limit: 3 });

      expect(seen.length).toBe(10);
      expect(new Set(seen)).toEqual(new Set(all.map(({ id }) => id)));
    }
    const fields = await pages(store, {
      state: 'pending',
      dialer: 'vicidial',
      aspect: 'fields',
      order: 'oldest',
      limit: 2,
    });
    expect(fields.length).toBe(5);
    expect(await pages(store, { state: 'pending', dialer: 'nobody', order: 'oldest', limit: 2 })).toEqual([]);
  });

  it('lists the earliest due first, or the last, across dialers', async () => {
    const store = await subject.open();
    await callWithOutcome(store, 'V1', 'opt_out');
    const rows = await claim(store);
    await store.settleWriteBacks(
      rows.map((row, index) => settlement(row, { state: 'pending', dueAt: minute(30 - index), attempts: 1 })),
    );

    const oldest = await store.writeBackPage({ state: 'pending', order: 'oldest', limit: 9 });
    const newest = await store.writeBackPage({ state: 'pending', order: 'newest', limit: 9 });
    const tried = await store.writeBackPage({ state: 'pending', isTriedBefore: true, order: 'oldest', limit: 1 });

    const due = oldest.rows.map(({ dueAt }) => dueAt);
    expect(due).toEqual([...due].sort());
    expect(newest.rows.map(({ id }) => id)).toEqual(oldest.rows.map(({ id }) => id).reverse());
    expect(oldest.rows.some(({ dialer }) => dialer === 'five9')).toBe(true);
    expect(tried).toMatchObject({ rows: [{ dialer: 'vicidial', attempts: 1 }], isCutShort: false });
    expect(tried.next).not.toBeNull();
    const own = oldest.rows[0]?.target.campaign ?? '';
    const ofCampaign = async (campaign: string) =>
      (await store.writeBackPage({ state: 'pending', campaign, order: 'oldest', limit: 9 })).rows;
    expect(await ofCampaign(own)).toEqual(oldest.rows.filter(({ target }) => target.campaign === own));
    expect(await ofCampaign(`no ${own}`)).toEqual([]);
  });

  it('tells why rows are held, each reason with an example', async () => {
    const store = await subject.open();
    for (const call of ['V1', 'V2']) await callWithOutcome(store, call, 'wrong_number');

    const reasons = await store.heldReasons(100);

    expect(reasons).toMatchObject([
      { count: 2, example: { dialer: 'vicidial', desired: { outcome: 'wrong_number' } } },
    ]);
    expect(await store.writeBacksById([reasons[0]?.example.id ?? '', 'nobody'])).toHaveLength(1);
  });

  it('pages through what needs a person, and counts it by kind', async () => {
    const store = await subject.open();
    const kinds: AttentionKind[] = ['finding', 'finding', 'ambiguous-call', 'finding', 'forged-event'];
    const items = kinds.map((kind, index) => ({ kind, key: `thing-${index}`, details: {} }));
    await store.raiseAttention(items.slice(0, 4), noon);
    await store.raiseAttention(items.slice(4), minute(1));
    const settle = { kind: 'finding' as const, key: 'thing-3', by: 'joan', settlement: 'left', now: minute(2) };
    await store.settleAttention(settle);

    const seen: string[] = [];
    for (let after = {}; ; ) {
      const page = await store.attentionPage({ isOpen: true, limit: 2, ...after });
      seen.push(...page.items.map(({ key }) => key));
      if (!page.next) break;
      after = { after: page.next };
    }
    const settled = await store.attentionPage({ isOpen: false, kind: 'finding', limit: 2 });

    // The pressing kinds first, whatever came last.
    expect(seen).toEqual(['thing-2', 'thing-4', 'thing-1', 'thing-0']);
    expect(settled).toMatchObject({ items: [{ key: 'thing-3', settledBy: 'joan' }], next: null });
    const counts = await store.countAttention(100);
    expect(counts.map(({ kind, count }) => `${kind} ${count}`).sort()).toEqual([
      'ambiguous-call 1',
      'finding 2',
      'forged-event 1',
    ]);
    expect(await store.attentionNamed({ key: 'thing-3' })).toMatchObject([{ kind: 'finding', settledAt: minute(2) }]);
    expect(await store.attentionNamed({ key: 'thing-3', kind: 'forged-event' })).toEqual([]);
  });

  it('pages through who did what, by who, what and when', async () => {
    const store = await subject.open();
    for (let index = 0; index < 5; index += 1) {
      const by = index % 2 === 0 ? 'ada' : 'grace';
      const act = index < 3 ? 'number-shown' : 'log-in';
      await store.appendAudit({ at: index < 4 ? noon : later, by, act, subject: `call-${index}`, details: {} });
    }

    const seen: string[] = [];
    for (let after = {}; ; ) {
      const page = await store.auditPage({ limit: 2, ...after });
      seen.push(...page.entries.map(({ subject: of }) => of));
      if (!page.next) break;
      after = { after: page.next };
    }

    expect(seen[0]).toBe('call-4');
    expect([...seen].sort()).toEqual(['call-0', 'call-1', 'call-2', 'call-3', 'call-4']);
    const subjects = async (query: object) =>
      (await store.auditPage({ limit: 9, ...query })).entries.map((each) => each.subject).sort();
    expect(await subjects({ by: 'grace' })).toEqual(['call-1', 'call-3']);
    expect(await subjects({ by: 'ada', act: 'number-shown' })).toEqual(['call-0', 'call-2']);
    expect(await subjects({ from: minute(1) })).toEqual(['call-4']);
    expect(await subjects({ before: minute(1), act: 'log-in' })).toEqual(['call-3']);
    expect(await store.auditChoices()).toEqual({ by: ['ada', 'grace'], acts: ['log-in', 'number-shown'] });
  });

  it('lists the latest opt-outs, page by page', async () => {
    const store = await subject.open();
    const ids: string[] = [];
    for (const call of ['V1', 'V2', 'V3']) ids.push(await callWithOutcome(store, call, 'opt_out'));

    const first = await store.latestOptOuts({ limit: 2 });
    const last = first.at(-1);
    const second = await store.latestOptOuts({ limit: 2, ...(last && { after: last }) });

    expect([...first, ...second].map(({ correlationId }) => correlationId).sort()).toEqual([...ids].sort());
  });
}

async function pages(store: Store, query: Parameters<Store['writeBackPage']>[0]): Promise<string[]> {
  const seen: string[] = [];
  let after: Parameters<Store['writeBackPage']>[0]['after'];
  do {
    const page = await store.writeBackPage({ ...query, ...(after && { after }) });
    seen.push(...page.rows.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after);
  return seen;
}
