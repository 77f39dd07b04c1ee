import { describe, expect, it } from 'vitest';
import { openExampleSite } from '../../../config/example-site.ts';
import type { Contributions, Metric } from '../../../src/domain/connector.ts';
import type { Counters } from '../../../src/flows/deps.ts';
import { createMetrics, metricHeads, noSources } from '../../../src/http/metrics.ts';

const configured = { dialers: ['carousel'], platforms: ['sigmamind'] };
/** What a stranger, a lead or a foreign system may write where a word is expected. */
const notWords = [
  '3035550111',
  '+1 (303) 555-0111',
  'k3x9v0m2q7t4ab',
  '6f0c2d8e-1f7a-4e57-9f3a-0d4c5b6a7e8f',
  'a"} 1\npatchbay_draining 7',
  'x'.repeat(5000),
];
const oddities = [...notWords, 'Ada Lovelace', '../../etc/passwd', '__proto__'];

it('makes no series of what is odd, however much of it comes', async () => {
  const metrics = createMetrics(noSources, configured);
  const before = (await metrics.render()).body;

  for (const odd of [...oddities, ...Array.from({ length: 500 }, (_, index) => `call-${index}`)])
    countAll(metrics.count, odd);

  const after = (await metrics.render()).body;
  for (const odd of oddities) expect(after).not.toContain(odd.slice(0, 40));
  expect(after).not.toContain('call-17');
  // One for each counter and its histogram's steps: they do not grow with what is told.
  expect(seriesOf(after).length - seriesOf(before).length).toBeLessThan(60);
  expect(after).toContain('patchbay_registrations_total{dialer="other",status="other",route="other"} 509');
});

it("lets a connector's own metrics say neither ids nor numbers, nor too much", async () => {
  const samples = [...notWords.map((id) => ({ labels: { id }, value: 1 })), { labels: { id: 'minute' }, value: 5 }];
  const many = Array.from({ length: 1000 }, (_, index) => ({ labels: { id: letters(index) }, value: 1 }));
  const metric: Metric = { name: 'patchbay_odd_things', help: 'Odd.', type: 'gauge', labelNames: ['id'], samples };
  const instance = { metrics: () => [metric, { ...metric, name: 'patchbay_many_things', samples: many }] };
  const metrics = createMetrics({ ...noSources, instances: () => [instance as unknown as Contributions] }, configured);

  const { body } = await metrics.render();

  expect(body).toContain('patchbay_odd_things{id="minute"} 5\n');
  expect(body).toContain(`patchbay_odd_things{id="other"} ${notWords.length}\n`);
  expect(body.match(/^patchbay_odd_things\{/gm)).toHaveLength(2);
  expect(body.match(/^patchbay_many_things\{/gm)).toHaveLength(201);
  expect(body).toContain('patchbay_many_things{id="other"} 800\n');
});

it('does not tell what is not known', async () => {
  const { body } = await createMetrics(noSources, configured).render();

  expect(body).not.toMatch(/^patchbay_tls_certificate_expiry_timestamp_seconds /m);
  expect(body).not.toMatch(/^patchbay_opt_outs_/m);
  expect(body).not.toMatch(/^patchbay_reconciliation_last_success_timestamp_seconds /m);
  expect(body).toContain('patchbay_registrations_total{dialer="carousel",status="ok",route="ai"} 0\n');
  expect(body).toContain('patchbay_webhooks_total{platform="sigmamind",result="recorded"} 0\n');
});

it('tells what the process knows when it is asked', async () => {
  const { body } = await createMetrics(
    {
      ...noSources,
      version: '1.2.3',
      isDraining: () => true,
      leases: () => ['job:five9:call-log', 'sync:five9', 'campaign:7f0c2d8e1f7a:Spring', 'five9:user:ada'],
      livePages: () => 3,
      logLines: () => [['error', 2]],
      tlsExpiresAt: () => 1_800_000_000_000,
      syncs: async () => [{ dialer: 'carousel', succeededAt: 1_700_000_000_000, isFailed: true }],
      attention: async () => [{ kind: 'finding', count: 4 }],
      loads: async () => [
        { platform: 'sigmamind', going: 7, concurrency: 20 },
        { platform: 'oracle', going: 1, concurrency: null },
      ],
      reconciledAt: async () => 1_600_000_000_000,
    },
    configured,
  ).render();

  for (const line of [
    'patchbay_build_info{version="1.2.3"',
    'patchbay_draining 1',
    'patchbay_lease_held{lease="job:five9:call-log"} 1',
    'patchbay_lease_held{lease="campaign"} 1',
    'patchbay_lease_held{lease="five9"} 1',
    'patchbay_console_live_pages 3',
    'patchbay_log_lines_total{level="error"} 2',
    'patchbay_tls_certificate_expiry_timestamp_seconds 1800000000',
    'patchbay_lead_sync_last_success_timestamp_seconds{dialer="carousel"} 1700000000',
    'patchbay_lead_sync_failed{dialer="carousel"} 1',
    'patchbay_attention_items{kind="finding"} 4',
    'patchbay_platform_calls{platform="sigmamind"} 7',
    'patchbay_platform_concurrency{platform="sigmamind"} 20',
    'patchbay_reconciliation_last_success_timestamp_seconds 1600000000',
  ]) {
    expect(body).toContain(`\n${line}`);
  }
  expect(body).not.toContain('ada');
  expect(body).not.toContain('patchbay_platform_concurrency{platform="oracle"}');
});

describe('every metric', async () => {
  const { site, close } = await openExampleSite();
  const instances = [...site.dialers.values(), ...site.platforms.values()];
  const heads = metricHeads(instances);
  const theirs = instances.flatMap((instance) => instance.metrics?.() ?? []);
  await close();

  it.each(heads.filter(({ name }) => name.startsWith('patchbay_')).map((head) => [head.name, head] as const))(
    '%s is named as the field does, in base units, with labels of few values',
    (name, { type, help, labels }) => {
      expect(name).toMatch(/^patchbay_[a-z0-9]+(_[a-z0-9]+)*$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/);
      expect(name).not.toMatch(/_(ms|millis|minutes|hours|kb|mb|count|sec|percent)(_|$)/);
      expect(help).toMatch(/[.]$/);
      expect(
        labels.filter((label) => !/^[a-z]+$/.test(label) || /id$|phone|number|lead|call|user/.test(label)),
      ).toEqual([]);
    },
  );

  it('of a connector says every label that it has', () => {
    const odd = theirs.filter(({ labelNames, samples }) =>
      samples.some(({ labels }) => Object.keys(labels).sort().join() !== [...labelNames].sort().join()),
    );

    expect(odd.map(({ name }) => name)).toEqual([]);
    expect(theirs.length).toBeGreaterThan(3);
  });
});

function countAll(count: Counters, odd: string): void {
  count.registered(odd, odd, odd);
  count.gated(odd, odd);
  count.outcomeAnswered(odd, odd);
  count.factRecorded(odd, 'recorded');
  count.delivered(odd, odd, odd);
  count.leadsSynced(odd, 1);
  count.firstWord(odd, 'dialer', 1);
  count.firstWord(odd, 'dialer', null);
  count.webhook(odd, 'denied');
  count.matched(odd, odd);
  count.systemRequest(odd, 'in', 1, false);
}

function seriesOf(body: string): string[] {
  return body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** A word of its own for each, without a digit. */
function letters(index: number): string {
  return `w${[...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;
}
