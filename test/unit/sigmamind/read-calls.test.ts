import { afterEach, expect, it } from 'vitest';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import type { Platform, PlatformRecord } from '../../../src/domain/platform.ts';
import type { Behaviour } from '../../simulators/sigmamind/options.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../../simulators/sigmamind/sigmamind-simulator.ts';
import { eventually } from '../../support/eventually.ts';
import { testConnectorDeps } from './test-deps.ts';

const day = 86_400_000;
const monday = Date.parse('2026-03-02T15:00:00.000Z');
const quick = { talkSec: 0, analysisAfterSec: 0 };

let simulator: SigmamindSimulator;
let now = monday;
const clock = { now: () => now, sleep: async () => {} };
afterEach(() => simulator.stop());

async function start(switches: object, behaviour: Partial<Behaviour> = {}): Promise<void> {
  now = monday;
  const behaviours = { '*': { ...quick, ...behaviour } };
  simulator = await startSigmamindSimulator({ clock, apiKey: 'key-1', switches, behaviours });
}

function connect(callList: object = {}): { platform: Platform; warnings: object[] } {
  const warnings: object[] = [];
  const log = { ...testConnectorDeps.log, warn: (fields: object) => void warnings.push(fields) };
  const analysis = { outcomeFrom: 'qualification', outcomes: { Interested: 'qualified' } };
  const config = SigmamindConfig.parse({
    type: 'sigmamind',
    apiUrl: simulator.url,
    apiKey: 'key-1',
    analysis,
    callList,
    terminationReasons: { machine: 'voicemail' },
  });
  return { platform: sigmamind.create('sigmamind', config, { ...testConnectorDeps, clock, log }), warnings };
}

async function placeCall(): Promise<string> {
  const [callId = ''] = await placeCalls(1);
  return callId;
}

async function placeCalls(count: number): Promise<string[]> {
  const placed = Array.from({ length: count }, () => {
    now += 60_000;
    const headers = { 'X-correlation_id': '7k3m9qzx0abc4d' };
    return simulator.placeSipCall({ to: '+13035550199', from: '+13035550111', headers }).callId;
  });
  await eventually(() => expect(simulator.calls().every(({ isDone }) => isDone)).toBe(true));
  return placed;
}

async function listAll(platform: Platform, since: number): Promise<{ records: PlatformRecord[]; pages: number }> {
  const records: PlatformRecord[] = [];
  let cursor = '';
  for (let pages = 1; ; pages += 1) {
    const page = await platform.listCalls?.(new Date(since).toISOString(), cursor);
    records.push(...(page?.records ?? []));
    cursor = page?.cursor ?? '';
    if (!cursor) return { records, pages };
  }
}

it('tells a call by the same keys and words as its webhooks', async () => {
  await start({ analysisInCallRecord: true }, { analysis: [{ insightName: 'qualification', value: 'Interested' }] });
  const callId = await placeCall();

  const record = await connect().platform.readCall?.(callId);

  expect(record).toMatchObject({ callKey: callId, isOver: true, createdAt: '2026-03-02T15:01:00.000Z' });
  expect(record?.transcript).toContain('simulated call');
  expect(record?.events.map(({ key, body }) => [key, body])).toEqual([
    [`conversation_started:${callId}`, { kind: 'started', agent: expect.any(String) }],
    [`conversation_ended:${callId}`, expect.objectContaining({ kind: 'ended', outcome: 'hung_up', durationSec: 0 })],
    [`conversation_analysed:${callId}`, expect.objectContaining({ kind: 'analysed', outcome: 'qualified' })],
  ]);
  expect(record?.events[0]).toMatchObject({
    refs: [{ instance: 'sigmamind', kind: 'call-id', key: callId }],
    variables: { correlation_id: '7k3m9qzx0abc4d' },
  });
});

it('says nothing of an analysis that the record lacks: its event may come yet', async () => {
  await start({ variablesInCallRecord: false }, { terminationReason: 'machine' });
  const callId = await placeCall();

  const record = await connect().platform.readCall?.(callId);

  expect(record?.events.map(({ body }) => body.kind)).toEqual(['started', 'ended']);
  expect(record?.events[1]).toMatchObject({ variables: {}, body: { outcome: 'voicemail', reason: 'machine' } });
});

it('knows no record of a call that the platform never had', async () => {
  await start({});

  expect(await connect().platform.readCall?.('call_forged')).toBeNull();
});

it.each([
  ['newest-first', 2],
  ['oldest-first', 3],
  ['neither', 4],
])('finds the calls of the last day, in the order %s', async (callListOrder, mostPages) => {
  await start({ callListOrder });
  await placeCalls(33);
  now += 2 * day;
  const today = await placeCalls(3);

  const { records, pages } = await listAll(connect({ pageSize: 10 }).platform, now - day);

  expect(records.map(({ callKey }) => callKey).sort()).toEqual(today.sort());
  expect(pages).toBeLessThanOrEqual(mostPages);
});

it('finds a call that the platform dates a little earlier than we do', async () => {
  await start({});
  const callId = await placeCall();

  const { records } = await listAll(connect().platform, now + 5 * 60_000);

  expect(records.map(({ callKey }) => callKey)).toEqual([callId]);
});

it('reads no more pages than it may, and says so', async () => {
  await start({ callListOrder: 'neither' });
  await placeCalls(25);
  const { platform, warnings } = connect({ pageSize: 10, maxPages: 2 });

  const { pages } = await listAll(platform, now - day);
  const place = JSON.stringify({ page: 1, step: 1, read: 1, isOrdered: false });
  const last = await platform.listCalls?.('2026-03-01T00:00:00.000Z', place);

  expect(pages).toBe(2);
  expect(last).toMatchObject({ isCut: true, cursor: '' });
  expect(warnings[0]).toMatchObject({ pages: 2, hint: expect.stringContaining('callList.maxPages') });
});
