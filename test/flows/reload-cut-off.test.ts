import request from 'supertest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { correlationRef, type Job } from '../../src/domain/connector.ts';
import type { Dialer } from '../../src/domain/dialer.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { type ReloadingApp, startReloadingApp } from '../support/reloading-app.ts';
import { keys } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const ben = { key: 'r2', number: '3035550112', name: 'Ben', values: {} };
const cleo = { key: 'r3', number: '3035550113', name: 'Cleo', values: {} };

let dialer: MadeUpServer;
let other: MadeUpServer;
let patchbay: ReloadingApp | undefined;
/** What hangs until the test lets it go. */
let gate: PromiseWithResolvers<void>;

beforeEach(async () => {
  gate = Promise.withResolvers();
  dialer = await startMadeUpServer([ada, ben]);
  other = await startMadeUpServer([cleo]);
});
afterEach(async () => {
  gate.resolve();
  await patchbay?.stop();
  await dialer.stop();
  await other.stop();
});

/** A Patchbay whose dialers are made-up ones, but for what is changed. */
async function start(
  change: (made: Dialer, url: string) => Partial<Dialer>,
  overrides: { dialers: Record<string, object>; config?: Record<string, object> },
): Promise<ReloadingApp> {
  type Given = Parameters<typeof madeUp.create>;
  const changed = {
    ...madeUp,
    create(id: Given[0], config: Given[1], deps: Given[2]) {
      const made = madeUp.create(id, config, deps);
      return { ...made, ...change(made, config.url) };
    },
  };
  patchbay = await startReloadingApp({ registry: { dialers: [changed], platforms: [sigmamind] }, ...overrides });
  return patchbay;
}

const section = (url: string, dispositions: object = {}) => ({
  type: 'made-up',
  url,
  campaigns: { Autumn: { dispositions } },
});
const job = (name: string, schedule: Job['schedule'], run: Job['run']): Job => ({
  ...{ name, schedule, isExclusive: true, run },
});

it('syncs what a reload brought or changed, though another reload comes while an earlier sync still hangs', async () => {
  let hasBegun = false;
  const slow = ({ readLeads }: Dialer, url: string): Partial<Dialer> => ({
    async readLeads(...how) {
      if (url === dialer.url) {
        hasBegun = true;
        await gate.promise;
      }
      return (await readLeads?.(...how)) ?? { leads: [], rejects: {}, cursor: '' };
    },
  });
  const { app, reload } = await start(slow, {
    dialers: { carousel: section(dialer.url) },
    config: { sync: { onStart: true } },
  });
  const leads = async () =>
    Object.fromEntries((await app.deps.store.countLeads()).map(({ dialer: id, count }) => [id, count]));
  await eventually(() => expect(hasBegun).toBe(true));

  await reload({ dialers: { carousel: section(other.url), five: section(other.url) } });
  await reload({ calls: { idHours: 30 } });
  await eventually(async () => expect(await leads()).toEqual({ five: 1 }));
  gate.resolve();

  // Two by the one that hung, and the third by the section that came meanwhile.
  await eventually(async () => expect(await leads()).toEqual({ carousel: 3, five: 1 }));
});

it('keeps house from the first moment, though a job of before does not end', async () => {
  let hasBegun = false;
  const stubborn = job('stubborn', { everyMs: 60_000 }, () => {
    hasBegun = true;
    return gate.promise;
  });
  const { app, url, reload } = await start(() => ({ jobs: [stubborn] }), {
    dialers: { carousel: section(dialer.url, { sale: 'sold' }) },
  });
  await eventually(() => expect(hasBegun).toBe(true));
  const { body } = await request(url)
    .get('/v1/ivr/carousel/register?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn')
    .auth('script', keys.script);
  const at = new Date(app.deps.clock.now()).toISOString();
  const told = { kind: 'committed', outcome: 'sale', summary: '', fields: {} } as const;

  await reload({ calls: { idHours: 30 } });
  await app.deps.spool.append({
    fact: { refs: [correlationRef(body.correlation_id)], source: 'mind', key: 'commit-1', at, body: told },
    ...{ receivedAt: at, freshId: 'a0000000000000', isAnnounced: false, expiresAt: at },
  });

  await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('sold'));
});

it('runs a job by cron again that it cut off, and no sooner than the other has let go', async () => {
  const runs: ('cut off' | 'whole')[] = [];
  let running = 0;
  let most = 0;
  const nightly = (_made: Dialer, url: string): Partial<Dialer> => {
    const isFirst = url === dialer.url;
    const run: Job['run'] = async () => {
      running += 1;
      most = Math.max(most, running);
      if (isFirst) await gate.promise;
      running -= 1;
      runs.push(isFirst ? 'cut off' : 'whole');
    };
    return { jobs: [job('nightly', { cron: isFirst ? '* * * * * *' : '0 0 1 1 *' }, run)] };
  };
  const { reload } = await start(nightly, { dialers: { carousel: section(dialer.url) } });
  await eventually(() => expect(running).toBe(1));

  await reload({ dialers: { carousel: section(other.url) } });
  await reload({ calls: { idHours: 30 } });
  expect(runs).toEqual([]);
  gate.resolve();

  await eventually(() => expect(runs).toEqual(['cut off', 'whole']));
  expect(most).toBe(1);
});

it('remembers what it told by itself while the store was away', async () => {
  const { app, reload } = await start(() => ({}), { dialers: { carousel: section(dialer.url) } });
  const before = app.deps;
  expect(before.ownAlarm).toEqual({ alerts: [], waiting: [] });

  await reload({ dialers: { carousel: section(other.url) } });

  expect(app.deps).not.toBe(before);
  expect(app.deps.ownAlarm).toBe(before.ownAlarm);
});
