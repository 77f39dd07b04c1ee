import { afterEach, describe, expect, it } from 'vitest';
import { five9 } from '../../../connectors/five9/index.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { LeadPage } from '../../../src/domain/lead.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import { type Five9Simulator, startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import { configOf, silentLog } from './cast.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Whoever waits moves the clock on. */
function leapingClock(at: string): Clock & { set(at: string): void } {
  let now = Date.parse(at);
  return {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
    set(next) {
      now = Date.parse(next);
    },
  };
}

const columns = ['number1', 'first_name', 'modified'];

/** A domain in New York with a saved report over the last modification, and the connector before it. */
async function startAt(at: string, { cap = 50_000 } = {}) {
  const clock = leapingClock(at);
  const simulator = await startFive9Simulator({
    clock,
    users: [{ name: 'ada', password: 'engine' }],
    domainTimeZone: 'America/New_York',
    reportRowCap: cap,
    seed: {
      campaigns: [{ name: 'Spring', lists: ['Leads'] }],
      contactFields: [{ name: 'modified', type: 'DATE_TIME', mapTo: 'LastModifiedDateTime' }],
      reports: [{ folder: 'Patchbay', name: 'Leads', kind: 'contacts', columns }],
    },
  });
  stops.push(() => simulator.stop());
  const dialer = five9.create(
    'five9',
    configOf({
      soap: { host: simulator.url, users: [{ user: 'ada', password: 'engine' }] },
      keyField: 'number1',
      campaigns: { Spring: {} },
      fields: { lastModifiedAt: 'modified' },
      reports: { rowCap: cap },
      // The simulator gives contact fields as they are: by the clock of the domain.
      sync: { report: { folder: 'Patchbay', name: 'Leads', byLastModified: true, timeZone: 'America/New_York' } },
    }),
    {
      clock,
      log: silentLog,
      random: () => 0,
      newId: () => 'id',
      publicUrl: 'https://patchbay.example.com',
      ignoresIdempotency: false,
      failAt: () => undefined,
      readCursor: async () => '',
      writeCursor: async () => undefined,
      describeCalls: async () => [],
      withLease: (_name, work) => work(new AbortController().signal, nobodysLease),
    } as Partial<ConnectorDeps> as ConnectorDeps,
  );
  stops.push(() => dialer.close());

  async function sync(since = ''): Promise<{ names: string[]; since: string; rejects: object; pages: LeadPage[] }> {
    const pages: LeadPage[] = [];
    for (let cursor: string | undefined = since; cursor !== undefined; ) {
      const page: LeadPage = (await dialer.readLeads?.(cursor, new AbortController().signal)) as LeadPage;
      pages.push(page);
      cursor = page.cursor || undefined;
    }
    const names = pages.flatMap(({ leads }) => leads.map(({ fields }) => fields.first_name ?? ''));
    const rejects = Object.assign({}, ...pages.map((page) => page.rejects));
    return { names, since: pages.at(-1)?.since ?? '', rejects, pages };
  }
  return { clock, simulator, dialer, sync };
}

const numbers = { Ada: '2125550101', Ben: '2125550102', Cleo: '2125550103', Dan: '2125550104', Eve: '2125550105' };
type Name = keyof typeof numbers;

function add(simulator: Five9Simulator, first_name: Name): void {
  simulator.seed({ contacts: [{ fields: { number1: numbers[first_name], first_name } }] });
}

describe('leads by a report of a Five9 domain', () => {
  it('come first all, then those that changed', async () => {
    const { clock, simulator, sync } = await startAt('2026-03-02T15:00:00.000Z');
    add(simulator, 'Ada');

    clock.set('2026-03-03T15:00:00.000Z');
    const first = await sync();
    clock.set('2026-03-04T15:00:00.000Z');
    add(simulator, 'Ben');
    clock.set('2026-03-04T15:10:00.000Z');
    const second = await sync(first.since);

    expect(first.names).toEqual(['Ada']);
    expect(first.pages.flatMap(({ leads }) => leads)).toMatchObject([{ changedAt: '2026-03-02T15:00:00.000Z' }]);
    expect(second.names).toEqual(['Ben']);
  });

  it('miss nothing that changed in the hour that autumn repeats', async () => {
    const { clock, simulator, sync } = await startAt('2026-10-31T15:00:00.000Z');
    add(simulator, 'Ada');
    clock.set('2026-11-01T05:50:00.000Z');
    const first = await sync();

    // 1:10 for the second time: Five9's own record of it looks like before the last sync.
    clock.set('2026-11-01T06:10:00.000Z');
    add(simulator, 'Ben');
    clock.set('2026-11-01T06:20:00.000Z');
    const second = await sync(first.since);

    expect(first.names).toEqual(['Ada']);
    expect(second.names).toEqual(['Ben']);
  });

  it('come all where the report is cut at its cap', async () => {
    const { clock, simulator, sync } = await startAt('2026-02-01T15:00:00.000Z', { cap: 3 });
    for (const [day, name] of (Object.keys(numbers) as Name[]).entries()) {
      clock.set(`2026-02-0${day + 1}T15:00:00.000Z`);
      add(simulator, name);
    }
    clock.set('2026-03-01T15:00:00.000Z');

    const { names, rejects } = await sync();

    expect([...new Set(names)].sort()).toEqual(Object.keys(numbers));
    expect(rejects).toEqual({});
  });
});

describe('the call log of a Five9 domain', () => {
  it('is read with its own headers and times', async () => {
    const { clock, simulator, dialer } = await startAt('2026-03-02T15:00:00.000Z');
    simulator.seed({ contacts: [{ fields: { number1: numbers.Ada, first_name: 'Ada' }, lists: ['Leads'] }] });
    const placed = simulator.call({ campaign: 'Spring', number1: numbers.Ada });
    if (placed.kind !== 'placed') throw new Error('the simulated Five9 does not dial');
    await placed.over;
    clock.set('2026-03-02T17:00:00.000Z');

    const lines: Record<string, unknown>[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
    const [command] = dialer.commands?.filter(({ name }) => name === 'call-log') ?? [];
    await command?.run([], {}, { write, isTerminal: false, isJson: true });

    expect(lines).toMatchObject([
      {
        kind: 'unknown',
        at: placed.call.startedAt.replace(/\.\d+/, '.000'),
        callId: placed.call.call_id,
        campaign: 'Spring',
        agent: '',
      },
      { ok: true, counts: { unknown: 1 }, rejects: {} },
    ]);
  });
});
