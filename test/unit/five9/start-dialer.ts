import { afterEach } from 'vitest';
import { five9 } from '../../../connectors/five9/index.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { configOf, silentLog, standingClock } from './cast.ts';
import { type StubAnswer, startSoapStub } from './soap-stub.ts';

type Stub = Awaited<ReturnType<typeof startSoapStub>>;
const started: { stub: Stub; dialer: Dialer }[] = [];

/** Stops after each test what `start` started. */
export function stopAfterEach(): void {
  afterEach(async () => {
    for (const { stub, dialer } of started.splice(0)) {
      await dialer.close();
      await stub.stop();
    }
  });
}

export const lunch: Desired = { aspect: 'callback', at: '2026-03-03T17:00:00.000Z', note: '' };
export const identifier = '<return><identifier>0A1B2C</identifier></return>';

/** The connector before a server that answers as it is told. */
export async function start(
  answer: (operation: string, xml: string) => StubAnswer,
  config: Record<string, unknown> = {},
  deps: Partial<ConnectorDeps> = {},
) {
  const stub = await startSoapStub(answer);
  const cursors = new Map<string, string>();
  const clock = standingClock('2026-03-02T20:00:00.000Z');
  const dialer = five9.create(
    'five9',
    configOf({ soap: { host: stub.url, users: [{ user: 'ada', password: 'engine' }] }, ...config }),
    {
      clock,
      log: silentLog,
      random: () => 0,
      ignoresIdempotency: false,
      failAt: () => undefined,
      publicUrl: 'https://patchbay.example.com',
      takenBackAt: () => null,
      inboundCallUrls: () => [],
      promptWords: () => ({ headers: [], outcomes: [] }),
      isOptedOut: async () => false,
      hashNumber: (number) => `hash of ${number}`,
      readCursor: async (name) => cursors.get(name) ?? '',
      writeCursor: async (name, value) => void cursors.set(name, value),
      withLease: (_name, work) => work(new AbortController().signal, nobodysLease),
      ...deps,
    } as ConnectorDeps,
  );
  started.push({ stub, dialer });
  // The counters are read before the first call of all: they are another test's business.
  const operations = () =>
    stub.requests.map(({ operation }) => operation).filter((operation) => operation !== 'getCallCountersState');
  return { stub, dialer, clock, operations };
}

/** One contact, as getContactRecords gives it. */
export function contactXml(contact: Record<string, string>): string {
  const names = Object.keys(contact).map((name) => `<fields>${name}</fields>`);
  const values = Object.values(contact).map((value) => `<data>${value}</data>`);
  return `<return>${names.join('')}<records><values>${values.join('')}</values></records></return>`;
}

/** What the campaign Spring and its lists look like; undefined for other operations. */
export function dialledList(operation: string, lists: readonly string[] = ['AI callbacks']): string | undefined {
  if (operation === 'getCampaigns') return '<return><name>Spring</name><type>OUTBOUND</type></return>';
  if (operation !== 'getListsForCampaign') return undefined;
  return lists.map((name) => `<return><listName>${name}</listName></return>`).join('');
}

export function withKey(row: WriteBack, leadKey = '2125550101'): WriteBack {
  return { ...row, target: { ...row.target, leadKey } };
}
