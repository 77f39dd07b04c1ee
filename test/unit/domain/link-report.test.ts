import { describe, expect, it } from 'vitest';
import {
  type LinkReport,
  latencyMs,
  linkState,
  noTraffic,
  sumLinks,
  type Traffic,
  trafficSteps,
} from '../../../src/domain/link-report.ts';

const stepOf = (ms: number) => trafficSteps.findIndex((end) => ms <= end);

function traffic(times: readonly number[], errors = 0): Traffic {
  const steps = noTraffic.steps.map((_none, step) => times.filter((ms) => stepOf(ms) === step).length);
  return { ...noTraffic, spanSec: 300, count: times.length, errors, steps };
}

function link(changes: Partial<LinkReport> = {}): LinkReport {
  const none = { asked: noTraffic, asking: noTraffic, delivered: {}, quotas: [] };
  return { id: 'carousel', kind: 'dialer', breaker: 'closed', ...none, ...changes };
}

describe('the state of a link', () => {
  it.each([
    ['ok', link({ asked: traffic([10, 20, 30]) })],
    ['silent', link()],
    ['slow', link({ asked: traffic([2500, 2600, 2700]) })],
    ['ok', link({ asking: traffic([2500, 2600, 2700]) })],
    ['errors', link({ asking: traffic([10, 10, 10, 10, 10, 10], 3) })],
    ['errors', link({ asking: traffic([10], 1) })],
    ['ok', link({ asked: traffic([10, 10, 10, 10, 10, 10], 1) })],
    ['broken', link({ asked: traffic([10]), breaker: 'open' })],
    ['broken', link({ breaker: 'half-open' })],
  ] as const)('is %s', (state, report) => {
    expect(linkState(report)).toBe(state);
  });
});

describe('links of several processes', () => {
  it('are one: counts add up, the worst breaker stands, and of a limit that is shared what is used most', () => {
    const quota = { name: 'Query', limit: 100, per: 'minute' };
    const one = link({ asked: traffic([10, 20]), delivered: { dnc: 2 }, quotas: [{ ...quota, used: 40 }] });
    const two = link({
      asked: traffic([30], 1),
      delivered: { dnc: 3 },
      quotas: [{ ...quota, used: 60 }],
      breaker: 'open',
    });

    const [sum, ...others] = sumLinks([one, two]);

    expect(others).toEqual([]);
    expect(sum).toMatchObject({
      asked: { count: 3, errors: 1, spanSec: 300 },
      delivered: { dnc: 5 },
      quotas: [{ used: 60 }],
      breaker: 'open',
    });
  });

  it('keep how long answers took', () => {
    const sum = sumLinks([link({ asked: traffic([8, 8, 8]) }), link({ asked: traffic([800]) })])[0];

    expect(latencyMs(sum?.asked ?? noTraffic, 0.5)).toBeLessThanOrEqual(10);
    expect(latencyMs(sum?.asked ?? noTraffic, 0.99)).toBeGreaterThan(750);
    expect(latencyMs(noTraffic, 0.5)).toBeNull();
  });
});
