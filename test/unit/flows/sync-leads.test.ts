import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dialer } from '../../../src/domain/dialer.ts';
import type { Lead, LeadPage, ReadPace } from '../../../src/domain/lead.ts';
import { syncLeads } from '../../../src/flows/sync-leads.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

let open: OpenDeps;
const never = new AbortController().signal;

beforeEach(async () => {
  open = await openDeps();
});
afterEach(() => open.close());

describe('a sync of leads', () => {
  it('begins with what changed since the last one, and anew when that is asked for', async () => {
    const asked: string[] = [];
    const dialer = dialerOf(async (cursor) => {
      asked.push(cursor);
      return cursor === '2' ? page([lead('b')], '', 'since') : page([lead('a')], cursor.startsWith('since') ? '' : '2');
    });

    const first = await syncLeads(open.deps, dialer, never);
    const second = await syncLeads(open.deps, dialer, never);
    await syncLeads(open.deps, dialer, never, { isFull: true });

    expect(asked).toEqual(['', '2', 'since', '', '2']);
    expect([first.isResumed, second.isResumed]).toEqual([false, false]);
  });

  it('goes on where it was cut off, and only then with the changes', async () => {
    const asked: string[] = [];
    let isAway = true;
    const dialer = dialerOf(async (cursor) => {
      asked.push(cursor);
      if (cursor === '2' && isAway) throw new Error('away');
      return cursor === '2' ? page([], '', 'since') : page([lead('a')], '2');
    });

    await expect(syncLeads(open.deps, dialer, never)).rejects.toThrow('away');
    isAway = false;
    const resumed = await syncLeads(open.deps, dialer, never);

    expect(asked).toEqual(['', '2', '2']);
    expect(resumed.isResumed).toBe(true);
  });

  it.each(['gentle', 'full'] as const)('at %s pace keeps no place of a page that was not saved', async (pace) => {
    const asked: string[] = [];
    const dialer = dialerOf(async (cursor, given) => {
      asked.push(`${cursor}@${given}`);
      return page([lead(cursor || 'a')], cursor === '3' ? '' : String(Number(cursor || '1') + 1));
    });
    const saving = vi.spyOn(open.deps.store, 'saveLeads').mockRejectedValueOnce(new Error('the store is away'));

    await expect(syncLeads(open.deps, dialer, never, { pace })).rejects.toThrow('the store is away');
    saving.mockRestore();
    await syncLeads(open.deps, dialer, never, { pace });

    expect(asked.filter((each) => each === `@${pace}`)).toHaveLength(2);
    expect(await open.deps.store.countLeads()).toEqual([{ dialer: 'carousel', count: 3 }]);
  });

  it('renews what it holds of leads outside the lists, and takes no other in', async () => {
    await open.deps.store.saveLeads([lead('a')], '2026-11-20T12:00:00.000Z');
    const strays = [lead('a', '900'), lead('b', '900')];

    await syncLeads(
      open.deps,
      dialerOf(async () => ({ ...page([], ''), strays })),
      never,
    );

    expect(await open.deps.store.leadByKey('carousel', 'a')).toMatchObject({ list: '900' });
    expect(await open.deps.store.leadByKey('carousel', 'b')).toBeNull();
  });
});

function dialerOf(read: (cursor: string, pace?: ReadPace) => Promise<LeadPage>): Dialer {
  return { ...open.dialer, readLeads: (cursor, _signal, pace) => read(cursor, pace) };
}

function page(leads: Lead[], cursor: string, since?: string): LeadPage {
  return { leads, rejects: {}, cursor, ...(since !== undefined && { since }) };
}

function lead(key: string, list = '101'): Lead {
  const changedAt = '2026-11-20T12:00:00.000Z';
  return { dialer: 'carousel', key, list, campaign: 'Autumn', phones: ['+13035550100'], fields: {}, changedAt };
}
