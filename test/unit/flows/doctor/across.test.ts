import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../../src/domain/connector.ts';
import type { Dialer } from '../../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { Platform } from '../../../../src/domain/platform.ts';
import type { AiRoute, DialerView } from '../../../../src/domain/site-view.ts';
import { namedChecks, runChecks } from '../../../../src/flows/doctor/run-checks.ts';
import type { DoctorSite } from '../../../../src/flows/doctor/site.ts';
import { createAcross } from '../../../../src/flows/doctor/site-checks/across.ts';
import { callFlowChecks } from '../../../../src/flows/doctor/site-checks/call-flow.ts';

const fine: CheckResult = { status: 'ok', found: 'it answered' };
const dead: CheckResult = { status: 'fail', found: 'nobody answers', why: 'so', fix: 'wake it' };

const numbers = { carousel: '+19895551234', swing: '+19895551235', unknown: '+19895559999' };

interface Wish {
  reach?: CheckResult;
  route?: Partial<AiRoute>;
  read?: () => Promise<DialerView>;
}

function dialer(id: 'carousel' | 'swing', { reach = fine, route, read }: Wish = {}): Dialer {
  const way: AiRoute = {
    ...{ campaign: 'Autumn', where: 'the way', number: numbers[id], sipHost: '', transport: 'udp' },
    ...{ headers: ['X-correlation_id'], lines: 3, isActive: true, ...route },
  };
  return {
    id,
    aspects: [],
    settings: {
      campaigns: {},
      headers: [{ name: 'X-correlation_id', from: 'correlation_id' }],
      headerBudget: { bytes: 300, count: 10, charset: 'utf8' },
    },
    checks: () => [{ id: 'reach', title: 'It answers', looksAt: 'it', run: async () => reach }],
    view: () => ({ needs: ['reach'], read: read ?? (async () => ({ routes: [way] })) }),
  } as unknown as Dialer;
}

function oracle(reach = fine, concurrency: number | null = 10): Platform {
  const number = (of: string) => ({ number: of, isActive: true, agentId: 'agent', terminationUri: '' });
  const agent = { agentId: 'agent', name: 'Ada', isPublished: true, variables: ['correlation_id'], outcomes: null };
  return {
    id: 'oracle',
    checks: () => [{ id: 'reach', title: 'It answers', looksAt: 'it', run: async () => reach }],
    view: () => ({
      needs: ['reach'],
      read: async () => ({
        ...{ agents: [agent], sipHost: 'sip.example.com', concurrency },
        numbers: [number(numbers.carousel), number(numbers.swing)],
      }),
    }),
  } as unknown as Platform;
}

async function examine(dialers: readonly Dialer[], platform = oracle()) {
  const site = {
    dialers: new Map(dialers.map((each) => [each.id, each])),
    platforms: new Map([[platform.id, platform]]),
    outcomeCodes: [],
  } as unknown as DoctorSite;
  const ours = { id: 'patchbay', checks: () => callFlowChecks(site, createAcross(site)) };
  const checked = await runChecks(namedChecks([...dialers, platform, ours]), { only: ['patchbay'] });
  return {
    checked,
    of(id: string) {
      const found = checked.find((each) => each.id === `patchbay:${id}`);
      if (!found) throw new Error(`there is no ${id}`);
      return found;
    },
  };
}

describe('with one dialer away, the checks across systems', () => {
  it('tell of the other what they saw, are not ok, and name the root', async () => {
    const { checked } = await examine([dialer('carousel'), dialer('swing', { reach: dead })]);

    expect(checked.map(({ id, status, causes }) => [id, status, causes])).toEqual(
      checked.map(({ id }) => [id, 'unknown', ['swing:reach']]),
    );
    for (const { found } of checked) expect(found).toContain("without swing: can't tell: needs swing:reach, which");
    expect(checked.find(({ id }) => id === 'patchbay:number.agent')?.found).toContain('+19895551234: Ada (oracle)');
  });

  it('fail and warn for what is wrong with the other', async () => {
    const lost = await examine([
      dialer('carousel', { route: { number: numbers.unknown } }),
      dialer('swing', { reach: dead }),
    ]);
    const crowded = await examine([dialer('carousel'), dialer('swing', { reach: dead })], oracle(fine, 2));

    expect(lost.of('number.registered')).toMatchObject({ status: 'fail', causes: [], why: expect.any(String) });
    expect(lost.of('number.registered').found).toMatch(/carousel .*\nwithout swing/);
    expect(lost.of('number.agent')).toMatchObject({ status: 'unknown', causes: ['patchbay:number.registered'] });
    expect(crowded.of('concurrency.lines')).toMatchObject({ status: 'fail' });
  });

  it('do the same when it answers, but does not let us read its ways', async () => {
    const denied = new ConnectorError('dialer_denied', 'no right to see the ways', { hint: 'Grant it.' });
    const { of } = await examine([dialer('carousel'), dialer('swing', { read: () => Promise.reject(denied) })]);

    expect(of('number.agent')).toMatchObject({ status: 'unknown', causes: [], fix: 'Grant it.' });
    expect(of('number.agent').found).toMatch(/Ada \(oracle\)\nwithout swing: no right to see the ways/);
  });

  it('that need one which can not be told for a reason of its own are not run', async () => {
    const { of } = await examine([dialer('carousel', { route: { number: '' } }), dialer('swing', { reach: dead })]);

    expect(of('number.registered').status).toBe('unknown');
    expect(of('number.agent')).toMatchObject({ status: 'unknown', causes: ['patchbay:number.registered'] });
  });
});

describe('with all dialers away, the checks across systems', () => {
  it('name the root of each', async () => {
    const { of } = await examine([dialer('carousel', { reach: dead }), dialer('swing', { reach: dead })]);

    expect(of('concurrency.lines')).toMatchObject({ status: 'unknown', causes: ['carousel:reach', 'swing:reach'] });
  });
});

describe('with the platform away', () => {
  it('the dialers are still compared with the configuration', async () => {
    const { of } = await examine([dialer('carousel')], oracle(dead));

    expect([of('headers.entered').status, of('headers.budget').status]).toEqual(['ok', 'ok']);
    expect(of('number.agent')).toMatchObject({ status: 'unknown', causes: ['oracle:reach'] });
  });
});

describe('the lines of a dialer that does not tell them', () => {
  it('leave what is known of the others, and name the setting that says it', async () => {
    const { of } = await examine([
      dialer('carousel'),
      dialer('swing', { route: { lines: null, linesSetting: 'dialers.swing.campaigns.Autumn.lines' } }),
    ]);

    expect(of('concurrency.lines')).toMatchObject({ status: 'unknown', causes: [] });
    expect(of('concurrency.lines').found).toMatch(/oracle: 3 of 10 are known \(carousel .* 3 \+ swing .* \?\)/);
    expect(of('concurrency.lines').fix).toMatch(/^7 are left for it\. Set `dialers\.swing\.campaigns\.Autumn\.lines` /);
  });
});

describe('what a dialer adds by itself', () => {
  it('counts over UDP, and shows in the preview', async () => {
    const own = ['X-caller_code', ...Array.from({ length: 6 }, (_, index) => `X-other_${index}`)];
    const few = await examine([dialer('carousel', { route: { headers: ['X-correlation_id', 'X-caller_code'] } })]);
    const many = await examine([dialer('carousel', { route: { headers: ['X-correlation_id', ...own] } })]);

    expect(few.of('headers.budget')).toMatchObject({ status: 'ok' });
    expect(few.of('headers.budget').found).toMatch(
      /34 of 300 bytes; 71 with what .*\n.*\n {2}X-caller_code .*V1121202745/,
    );
    expect(many.of('headers.budget').status).toBe('warn');
    expect(many.of('headers.budget').found).toContain('which the dialer adds by itself');
  });
});
