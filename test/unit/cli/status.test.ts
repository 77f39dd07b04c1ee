import { userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProcessReport } from '../../../src/domain/link-report.ts';
import { noTraffic } from '../../../src/domain/link-report.ts';
import { callerCode, committed, entry, legOf, noon, record, registration } from '../../contract/store/store-cast.ts';
import { type CommandSite, commandRegistry, makeCommandSite } from '../../support/command-site.ts';
import { eventually } from '../../support/eventually.ts';
import { linesOf } from './run-main.ts';

const carousel = {
  id: 'carousel',
  kind: 'dialer',
  asked: noTraffic,
  asking: noTraffic,
  delivered: {},
  quotas: [],
} as const;
const running: ProcessReport = {
  id: 'one',
  name: 'east 101',
  startedAt: noon,
  version: '1.2.3',
  links: [{ ...carousel, asking: { ...noTraffic, count: 20, spanSec: 300 }, breaker: 'closed' }],
  backlog: [{ dialer: 'carousel', aspect: 'dnc', waiting: 12, submitted: 0, opensAt: null, throughAt: noon }],
  spooled: 0,
};

let site: CommandSite;
let ada: string;

beforeEach(async () => {
  site = makeCommandSite();
  await site.withStore(async (store) => {
    const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn' });
    const { call } = await record(
      store,
      entry([callerCode('mu-1')], 'registered', registration(leg)),
      entry([callerCode('mu-1')], 'commit', committed('sale')),
    );
    ada = call.correlationId;
  });
});

afterEach(() => site.remove());

describe('patchbay status', () => {
  it('says that no service runs, shows what the store holds, and fails', async () => {
    const { exitCode, out } = await site.run('status');

    expect(exitCode).toBe(2);
    expect(out).toContain('No service runs beside this command');
    expect(out).toMatch(/^BAD +The service does not run$/m);
    expect(out).toMatch(/^carousel\tnot known\t/m);
  });

  it('shows what the running service told, and that all is well', async () => {
    await site.withStore((store) => store.reportProcess(running));

    const { exitCode, out } = await site.run('status');

    expect(exitCode).toBe(0);
    expect(out).toContain('Told by 1 running process');
    expect(out).toContain('All is well.');
    expect(out).toMatch(/^carousel\tok\t4.0\/min\t/m);
    expect(out).toMatch(/^carousel\tdnc\t12\t0\tnow\t/m);
    expect(out).toMatch(/^east 101\trunning\t1.2.3\t/m);
  });

  it('tells a machine the level, the complaints and the figures in one line', async () => {
    await site.withStore(async (store) => {
      await store.reportProcess({ ...running, links: [{ ...carousel, breaker: 'open' }] });
      await store.raiseAttention([{ kind: 'forged-event', key: 'k', details: {} }], noon);
    });

    const { exitCode, ...printed } = await site.run('status', '--json');
    const [told, ...others] = linesOf({ exitCode, ...printed });

    expect([exitCode, others]).toEqual([2, []]);
    expect(told).toMatchObject({
      level: 'bad',
      complaints: [{ level: 'bad' }, { level: 'warn', words: '1 forged webhook' }],
      links: [{ id: 'carousel', state: 'broken' }],
      optOuts: { open: 0, overdue: 0 },
    });
  });

  it('asks for a look, not for help, when only a person is needed', async () => {
    await site.withStore(async (store) => {
      await store.reportProcess(running);
      await store.raiseAttention([{ kind: 'unknown-event', key: 'k', details: {} }], noon);
    });

    expect((await site.run('status')).exitCode).toBe(1);
  });
});

describe('patchbay watch', () => {
  it('tells it again and again, and ends in good order with Ctrl-C', async () => {
    const told: string[] = [];
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      told.push(String(text));
      return true;
    });
    const { main } = await import('../../../src/cli/main.ts');

    const watching = main(['-c', site.config, 'watch', '--json', '--every', '0.1'], commandRegistry).finally(() =>
      out.mockRestore(),
    );
    await eventually(() => expect(told.length).toBeGreaterThan(2));
    process.emit('SIGINT');

    expect(await watching).toBe(0);
    expect(told.map((line) => (JSON.parse(line) as { level: string }).level)).toContain('bad');
  });
});

describe('patchbay calls', () => {
  it('finds calls by what is known of them, and masks their numbers', async () => {
    const byNumber = await site.run('calls', '(312) 555-0100');
    const byOutcome = await site.run('calls', '--outcome', 'sale', '--json');
    const none = await site.run('calls', '--outcome', 'callback');

    expect(byNumber.out).toContain(`${ada}\t`);
    expect(byNumber.out).toContain('••• ••• 0100');
    expect(byNumber.out).not.toContain('3125550100');
    expect(linesOf(byOutcome)).toMatchObject([{ correlationId: ada, outcome: 'sale', phone: '••• ••• 0100' }]);
    expect(none.out).toBe('No call fits.\n');
  });

  it('shows whole numbers to who asks for them, and writes that down', async () => {
    const shown = await site.run('calls', '--show-numbers', '--json');
    const whole = await site.run('calls', 'show', ada, '--show-numbers');

    expect(linesOf(shown)).toMatchObject([{ phone: '+13125550100' }]);
    expect(whole.out).toContain('+13125550100');
    const entry = { act: 'number-shown', by: `cli:${userInfo().username}`, subject: ada, details: { where: 'cli' } };
    await site.withStore(async (store) => expect(await store.auditLog(9)).toMatchObject([entry, entry]));
  });

  it('shows one call from its first fact to its write-backs, without its number', async () => {
    const { out } = await site.run('calls', 'show', ada);

    expect(out).toContain(`call ${ada}`);
    expect(out).toContain('••• ••• 0100');
    expect(out).not.toContain('5550100');
    await site.withStore(async (store) => expect(await store.auditLog(9)).toEqual([]));
  });

  it('says what a time looks like', async () => {
    const { exitCode, err } = await site.run('calls', '--from', 'yesterday');

    expect([exitCode, err.includes('2026-03-02')]).toEqual([1, true]);
  });
});
