import { expect, it } from 'vitest';
import { explainFailure } from '../../../../src/flows/call-test/explain-failure.ts';
import type { Checked } from '../../../../src/flows/doctor/run-checks.ts';
import type { TroubleVerdict } from '../../../../src/flows/doctor/trouble.ts';

const check = (id: string, status: Checked['status'], causes: string[] = []): Checked => ({
  ...{ id, owner: id.split(':')[0] ?? '', title: id, looksAt: '', tookMs: 1, found: 'seen', causes, status },
});
const trouble = (title: string, status: TroubleVerdict['status']): TroubleVerdict => ({
  ...{ guide: 'The guide', title, instance: 'carousel', status, causes: [], roots: [], correction: '' },
});
const counts = { ok: 0, warn: 0, fail: 0, unknown: 0 };

it('puts the checks of the stage first, then other failures, and leaves out what concerns neither', () => {
  const checked = [
    check('carousel:clock', 'fail'),
    check('carousel:lists.active', 'warn'),
    check('sigmamind:agent.published', 'fail'),
    check('carousel:remote-agent.lines', 'warn'),
    check('carousel:carrier.entry', 'unknown', ['carousel:clock']),
    check('carousel:number', 'ok'),
  ];

  const { checks } = explainFailure('picked-up', { checked, troubles: [], counts });

  expect(checks.map(({ id }) => id)).toEqual([
    'sigmamind:agent.published',
    'carousel:remote-agent.lines',
    'carousel:clock',
  ]);
});

it('names the entry that a check bears out; else all that look like it', () => {
  const entries = (status: TroubleVerdict['status']) => [
    trouble('1. The call does not reach the AI', 'ok'),
    trouble('2. The AI does not answer', status),
    trouble('3. Variables are not appearing', 'fail'),
  ];
  const titles = (status: TroubleVerdict['status']) =>
    explainFailure('picked-up', { checked: [], troubles: entries(status), counts }).troubles.map(({ title }) => title);

  expect(titles('fail')).toEqual(['2. The AI does not answer']);
  expect(titles('ok')).toEqual(['1. The call does not reach the AI', '2. The AI does not answer']);
});
