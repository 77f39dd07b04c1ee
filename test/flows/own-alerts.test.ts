import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { autopilotName } from '../../src/domain/controls.ts';
import type { ProcessReport } from '../../src/domain/link-report.ts';
import { noTraffic } from '../../src/domain/link-report.ts';
import { takeAlert } from '../../src/flows/alerts/take-alert.ts';
import { keepCallCounts } from '../../src/flows/keep-call-counts.ts';
import { liftControl, setControl } from '../../src/flows/set-control.ts';
import { claim, settlement } from '../contract/store/store-cast.ts';
import {
  type AlertSite,
  callOf,
  hourMs,
  minuteMs,
  officeSecret,
  startAlertSite,
  toldTo,
} from '../support/alert-site.ts';
import { eventually } from '../support/eventually.ts';
import { startHookReceiver } from '../support/hook-receiver.ts';
import { startTestApp } from '../support/start-app.ts';

const noon = '2026-03-02T17:00:00.000Z';

let site: AlertSite;
afterEach(() => site?.stop());

async function start(alerts: object = {}, at = noon, channels: object = {}): Promise<AlertSite> {
  site = await startAlertSite(at, { alerts, channels });
  return site;
}

const instant = () => new Date(site.now()).toISOString();
const finding = (key = 'lost:row-1') => ({
  kind: 'finding' as const,
  key,
  details: { who: 'Ada Lovelace', number: '+1 312 555 0142' },
});

async function settle(key = 'lost:row-1'): Promise<void> {
  const word = { kind: 'finding', key, by: 'ada', settlement: 'seen', now: instant() } as const;
  await site.open.deps.store.settleAttention(word);
}

function report(changes: Partial<ProcessReport> = {}, id = 'carousel'): ProcessReport {
  const link = { id, kind: 'dialer', asked: noTraffic, asking: noTraffic, delivered: {}, quotas: [] } as const;
  const links = [{ ...link, breaker: 'open' as const }];
  return { id: 'p1', name: 'east 101', startedAt: noon, version: '1', links, backlog: [], spooled: 0, ...changes };
}

describe('what needs a person', () => {
  it('is told once, with a signature that holds, and its end too', async () => {
    const { open, office, pass } = await start();
    await open.deps.store.raiseAttention([finding()], instant());

    await pass(2 * minuteMs);
    await pass(2 * hourMs);
    await settle();
    await pass(5 * minuteMs);

    expect(toldTo(office)).toEqual(['raised finding', 'over finding']);
    const { headers = {}, body = '' } = office.hooks[0] ?? {};
    expect(() => new Webhook(officeSecret).verify(body, headers as Record<string, string>)).not.toThrow();
  });

  it('is told without what it holds of a person', async () => {
    const { open, office, pass } = await start();
    await open.deps.store.raiseAttention([finding(), { ...finding('+13125550142'), kind: 'forged-event' }], instant());
    await callOf(open, '42', 'opt_out');
    const { store } = open.deps;
    const rows = await claim(store, { dialer: 'carousel', aspects: ['disposition'], now: instant() });
    const dead = { state: 'dead', why: 'no record of Ada, 3125550142' } as const;
    await store.settleWriteBacks(rows.map((row) => settlement(row, dead)));

    await pass(3 * minuteMs);

    expect(office.hooks.length).toBeGreaterThan(0);
    for (const { body } of office.hooks) expect(body).not.toMatch(/Ada|Lovelace|5550142|555 0142/);
    expect(toldTo(office).join()).toContain('raised failed-write-back carousel, ');
  });

  it('is passed on when nobody takes it', async () => {
    const { open, office, pass } = await start({ escalate: { afterMin: 30, to: ['office'] } });
    const unplaced = { kind: 'unplaced-opt-out' as const, key: 'one', details: {} };
    await open.deps.store.raiseAttention([unplaced, finding()], instant());

    await pass(5 * minuteMs);
    await pass(hourMs);

    expect(toldTo(office)).toEqual(['raised unplaced-opt-out, raised finding', 'escalated unplaced-opt-out']);
  });

  it('is left to who takes it, which is on record', async () => {
    const { open, office, pass } = await start({ escalate: { afterMin: 30, levels: ['normal'], to: ['office'] } });
    await open.deps.store.raiseAttention([finding()], instant());
    await pass(2 * minuteMs);
    const [alert] = await open.deps.store.openAlerts();

    await takeAlert(open.deps, { id: alert?.id.slice(0, 8) ?? '', by: 'ada', why: 'on it' });
    await pass(30 * hourMs);

    expect(toldTo(office)).toEqual(['raised finding']);
    expect(await open.deps.store.openAlerts()).toMatchObject([{ ackedBy: 'ada' }]);
    expect(await open.deps.store.auditLog(5)).toMatchObject([
      { act: 'alert-taken', by: 'ada', details: { why: 'on it' } },
    ]);
    await expect(takeAlert(open.deps, { id: alert?.id ?? '', by: 'ben' })).rejects.toThrow(/ada has taken it/);
    await expect(takeAlert(open.deps, { id: '', by: 'ben' })).rejects.toThrow(/no alert begins/);
  });
});

describe('a message', () => {
  it('that is not taken is tried again later, and then the others wait for it', async () => {
    const { open, office, pass, look } = await start();
    office.answer({ status: 500 }, { status: 503, headers: { 'retry-after': '600' } });
    await open.deps.store.raiseAttention([finding()], instant());

    await look();
    await look();
    expect(office.hooks).toHaveLength(1);
    await pass(minuteMs);
    expect(office.hooks).toHaveLength(2);
    await pass(9 * minuteMs);
    expect(office.hooks).toHaveLength(2);
    await pass(3 * minuteMs);

    expect(toldTo(office)).toEqual(['raised finding', 'raised finding', 'raised finding']);
    expect(new Set(office.hooks.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await open.deps.store.letterPage(5)).toMatchObject([{ state: 'sent', attempts: 3 }]);
  });

  it('is sent by the process that comes after one that died with it in its hands', async () => {
    const { open, office, pass, openAnother } = await start();
    await open.deps.store.raiseAttention([finding()], instant());
    const { deps } = open;
    const real = deps.alertChannels.get('office');
    if (!real) throw new Error('the channel is missing');
    // It dies after it claimed the letter: nothing is settled.
    const dying = {
      ...deps,
      alertChannels: new Map([['office', { ...real, send: () => Promise.reject(new Error()) }]]),
    };
    await site.look({ ...open, deps: dying }).catch(() => undefined);
    expect(office.hooks).toHaveLength(0);

    const other = await openAnother();
    await pass(5 * minuteMs, other);

    expect(toldTo(office)).toEqual(['raised finding']);
  });

  it('comes once, though two processes look at the same time', async () => {
    const { open, office, look, openAnother } = await start();
    const other = await openAnother();
    await open.deps.store.raiseAttention([finding()], instant());

    for (let round = 0; round < 10; round += 1) await Promise.all([look(), look(other)]);

    expect(toldTo(office)).toEqual(['raised finding']);
  });

  it('that nobody takes is given up in the end, which the other channels are told', async () => {
    const pager = { kind: 'webhook', url: 'http://127.0.0.1:1/', secrets: [officeSecret] };
    const { open, office, pass } = await start({}, noon, { pager });
    await open.deps.store.raiseAttention([finding()], instant());

    // Without the share of chance in the waits all tries are within 18 hours, and what the looks come later.
    open.deps.random = () => 0;
    await pass(22 * hourMs);

    expect(toldTo(office)).toEqual(['raised finding', 'raised channel-failed pager']);
    const letters = (await open.deps.store.letterPage(10)).filter(({ channel }) => channel === 'pager');
    expect(letters.at(-1)).toMatchObject({
      state: 'dead',
      attempts: 8,
      why: expect.stringMatching(/can not be reached/),
    });
  });
});

describe('the site', () => {
  it('tells of a breaker that stays open, and when it closed', async () => {
    const { open, office, pass } = await start();
    await open.deps.store.reportProcess(report());

    await pass(4 * minuteMs);
    expect(toldTo(office)).toEqual([]);
    await pass(4 * minuteMs);
    await open.deps.store.reportProcess({ ...report(), links: [] });
    await pass(5 * minuteMs);

    expect(toldTo(office)).toEqual(['raised breaker-open carousel', 'over breaker-open carousel']);
  });

  it('tells of a limit that is nearly used up, and of leads that were not read', async () => {
    const { open, office, pass } = await start();
    const [link] = report().links;
    if (!link) throw new Error('there is a link');
    const quotas = [
      { name: 'QueryRequest', per: 'hour', used: 95, limit: 100 },
      { name: 'QueryRequest', per: 'minute', used: 10, limit: 10 },
    ];
    await open.deps.store.reportProcess(report({ links: [{ ...link, breaker: 'closed', quotas }] }));
    const run = { startedAt: '2026-03-02T09:00:00.000Z', succeededAt: '2026-03-02T09:10:00.000Z', error: '' };
    await open.deps.store.writeCursor('sync:carousel:last', JSON.stringify(run));

    await pass(8 * minuteMs);

    expect(toldTo(office)).toEqual(['raised quota-low carousel QueryRequest/hour, raised sync-stalled carousel']);
  });

  it('tells of write-backs that are late, unless they are kept back on purpose', async () => {
    const { open, office, pass } = await start({ limits: { controlHours: 700 } });
    await callOf(open, '42', 'sale');
    const scope = { dialer: 'carousel', campaign: '', aspect: '' } as const;
    const pause = { kind: 'pause', scope, percent: 0, note: 'for Ada', by: 'ben' } as const;
    await setControl(open.deps, pause);
    await pass(hourMs);
    expect(toldTo(office)).toEqual([]);

    await liftControl(open.deps, { kind: 'pause', scope, by: 'ben' });
    await pass(hourMs);

    expect(toldTo(office).join()).toContain('raised late-write-backs carousel, disposition');
  });

  it('tells at once, also at night, that the AI is unwell, and leaves its share to that', async () => {
    const quietHours = { from: '00:00', to: '23:59', timeZone: 'UTC' };
    const { open, office, pass } = await start({ quietHours });
    const scope = { dialer: 'carousel', campaign: '', aspect: '' } as const;
    await setControl(open.deps, { kind: 'share', scope, percent: 10, note: 'slow', by: autopilotName });
    await open.deps.store.raiseAttention([{ kind: 'ai-unwell', key: 'carousel', details: {} }], instant());

    await pass(9 * hourMs);

    expect(toldTo(office)).toEqual(['raised ai-unwell']);
  });

  it('tells of a pause that somebody forgot, without what they noted', async () => {
    const { open, office, pass } = await start();
    const scope = { dialer: '', campaign: '', aspect: '' } as const;
    await setControl(open.deps, { kind: 'pause', scope, percent: 0, note: 'until Ada is back', by: 'ben' });

    await pass(9 * hourMs);

    expect(toldTo(office)).toEqual(['raised control-stands pause everywhere']);
    expect(office.hooks[0]?.body).not.toMatch(/Ada|ben/);
  });
});

describe('the digest', () => {
  const digest = { at: '08:00', timeZone: 'America/New_York' };

  it('comes once a day at its hour, with the numbers of yesterday', async () => {
    const { open, office, pass } = await start({ digest }, '2026-03-02T22:00:00.000Z');
    await callOf(open, '42', 'sale');
    await callOf(open, '43', 'opt_out');
    const marks = new Map();
    while (!(await keepCallCounts(open.deps, marks)).isWhole);

    await pass(2 * 24 * hourMs);

    const days = toldTo(office).filter((each) => each.startsWith('patchbay.digest'));
    expect(days).toEqual(['patchbay.digest 2026-03-02', 'patchbay.digest 2026-03-03']);
    const hook = office.hooks.find(({ body }) => body.includes('"day":"2026-03-02"'));
    expect(JSON.parse(hook?.body ?? '{}')).toMatchObject({
      data: {
        score: { calls: 2, optOuts: 1 },
        campaigns: [{ campaign: 'Autumn', calls: 2 }],
        optOuts: { told: 1, open: 1 },
      },
    });
    expect(hook?.body).not.toMatch(/Ada|5550142/);
  });

  it('is sent late, and not twice, by a service that was down at its hour', async () => {
    const { office, pass, openAnother } = await start({ digest }, '2026-03-02T12:00:00.000Z');
    await pass(minuteMs);
    expect(toldTo(office)).toEqual([]);

    const other = await openAnother();
    // Nobody looks for three hours.
    await pass(3 * hourMs, { ...other, deps: { ...other.deps, settings: quietSettings(other) } });
    await pass(minuteMs, other);
    await pass(hourMs);

    expect(toldTo(office)).toEqual(['patchbay.digest 2026-03-01']);
  });

  it('is not sent at once by a site that is set up in the afternoon', async () => {
    const { office, pass } = await start({ digest }, noon);

    await pass(10 * hourMs);

    expect(toldTo(office)).toEqual([]);
  });
});

/** As if nobody wanted a digest: that is how no process looks for one. */
function quietSettings({ deps }: AlertSite['open']) {
  return { ...deps.settings, alerts: { ...deps.settings.alerts, digest: null } };
}

it('a service that runs tells by itself', async () => {
  const office = await startHookReceiver();
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-alerts-'));
  const store = { kind: 'sqlite', file: join(folder, 'store.sqlite') };
  const channels = { office: { kind: 'webhook', url: office.url, secrets: [officeSecret] } };
  const before = await startTestApp({ store });
  await before.app.deps.store.raiseAttention([finding()], new Date().toISOString());
  await before.stop();

  const service = await startTestApp({ store, config: { alerts: { channels, groupSec: 0 } } });
  try {
    await eventually(() => expect(toldTo(office)).toEqual(['raised finding']), 15_000);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain('patchbay_alert_letters_total{kind="webhook",result="sent"} 1');
  } finally {
    await service.stop();
    await office.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
