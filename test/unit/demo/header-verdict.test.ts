import { expect, it } from 'vitest';
import { judgeHeaders } from '../../demo/header-verdict.ts';
import type { HeaderRequest } from '../../simulators/vicidial/header-requests.ts';

const asked = (ms: number, headers: number, second = 0): HeaderRequest => ({
  at: `2026-03-02T16:00:${String(second).padStart(2, '0')}.000Z`,
  code: 'V3021100000000001001',
  by: 'curl',
  ms,
  stallMs: 3,
  headers,
});

it('counts what came too late, what came empty, and what was asked while the database was dead', () => {
  const requests = [asked(4, 5, 1), asked(310, 5, 11), asked(9, 0, 12), asked(800.2, 0, 30)];
  const outages = [
    { what: 'database', from: '2026-03-02T16:00:10.000Z', to: '2026-03-02T16:00:20.000Z' },
    { what: 'web server', from: '2026-03-02T16:00:25.000Z', to: '2026-03-02T16:00:40.000Z' },
  ] as const;

  const verdict = judgeHeaders(requests, outages);

  expect(verdict).toEqual({
    headerRequests: 4,
    headersWithoutDatabase: 2,
    headerMaxMs: 800.2,
    headerP99Ms: 800.2,
    headersOverBudget: 2,
    headersLate: 1,
    headersEmpty: 1,
    findings: [
      'V3021100000000001001 waited 9 ms for 0 headers by curl at 2026-03-02T16:00:12.000Z; the witness itself stood still for 3 ms',
      'V3021100000000001001 waited 800.2 ms for 0 headers by curl at 2026-03-02T16:00:30.000Z; the witness itself stood still for 3 ms',
    ],
  });
});

it('has nothing to say about a day without questions', () => {
  expect(judgeHeaders([], [])).toMatchObject({ headerRequests: 0, headerMaxMs: 0, headersLate: 0 });
});
