import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createScrubService, type ScrubSettings } from '../../../src/flows/gate/scrub-service.ts';
import { eventually } from '../../support/eventually.ts';
import { realClock } from '../../support/real-clock.ts';
import { type ScrubServer, startScrubServer } from '../../support/scrub-server.ts';

const ada = '+12125550101';
const london = '+442079460100';
let server: ScrubServer;

beforeAll(async () => {
  server = await startScrubServer();
});

beforeEach(() => {
  server.asked.length = 0;
  server.behave.clear();
});

afterAll(() => server.stop());

function serviceWith(overrides: Partial<ScrubSettings>) {
  const settings: ScrubSettings = {
    url: `${server.url}/{number}/check?n={number}`,
    method: 'GET',
    numberFormat: 'e164',
    timeoutMs: 1000,
    onFailure: 'closed',
    blockedWhen: { statuses: [], cleanStatuses: [], path: 'result.dnc', values: ['Y'], cleanValues: [] },
    cacheMinutes: 60,
    ...overrides,
  };
  return createScrubService(settings, realClock);
}

it.each([
  ['e164', ada, '/+12125550101/check?n=+12125550101'],
  ['digits', ada, '/12125550101/check?n=12125550101'],
  ['national', ada, '/2125550101/check?n=2125550101'],
  ['national', london, '/442079460100/check?n=442079460100'],
] as const)('writes a number as %s', async (numberFormat, phone, path) => {
  await serviceWith({ numberFormat }).ask(phone, 1000);

  expect(server.asked).toEqual([{ path, key: '', body: '' }]);
});

it('posts the number as JSON', async () => {
  const posting = { url: `${server.url}/check`, method: 'POST', bodyField: 'phone' } as const;
  server.behave.set(ada, 'listed');

  const answer = await serviceWith(posting).ask(ada, 1000);

  expect(answer.kind).toBe('blocked');
  expect(server.asked).toEqual([{ path: '/check', key: '', body: '{"phone":"+12125550101"}' }]);
});

it('keeps an answer that came too late for the one who asked', async () => {
  const service = serviceWith({});
  server.behave.set(ada, 'slow');

  const first = await service.ask(ada, 5);

  expect(first).toMatchObject({ kind: 'failed', why: 'no answer within 5 ms' });
  await eventually(async () => expect(await service.ask(ada, 1)).toMatchObject({ kind: 'clean', isRemembered: true }));
  expect(server.asked).toHaveLength(1);
});

it('says nothing of the number where nobody listens', async () => {
  const answer = await serviceWith({ url: 'http://127.0.0.1:9/{number}' }).ask(ada, 1000);

  expect(answer).toMatchObject({ kind: 'failed', why: expect.not.stringContaining('2125550101') });
});

it('remembers nothing where it shall not', async () => {
  const service = serviceWith({ cacheMinutes: 0 });
  await service.ask(ada, 1000);

  expect(await service.ask(ada, 1000)).toMatchObject({ kind: 'clean', isRemembered: false });
  expect(server.asked).toHaveLength(2);
});
