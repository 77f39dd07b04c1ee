import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { fileClock } from '../../src/clock.ts';
import { correlationRef } from '../../src/domain/connector.ts';
import type { OptOutClock } from '../../src/domain/opt-out-clock.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { syncLeads } from '../../src/flows/sync-leads.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { madeUpApiUser, madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator, type VicidialSimulator } from '../simulators/vicidial/vicidial-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { eventToken, keys, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';
import { linesOf, runMain } from '../unit/cli/run-main.ts';

/** Eve is a contact of Five9 with a mobile number beside her main one. */
const eve = '7205550102';
const evesMobile = '7205550112';
const evesOffice = '3035550150';
/** VICIdial's leads. Eve's number is only the other number of the first; the second shares the first one's main number. */
const atWork = { leadId: 2001, list: 101, phone: evesOffice, columns: { alt_phone: eve } };
const colleague = { leadId: 2002, list: 101, phone: evesOffice };
const sold = { leadId: 2003, list: 101, phone: eve, columns: { first_name: 'Eve' } };
const ada = { leadId: 2004, list: 101, phone: '3035550199' };
const later = { leadId: 2005, list: 101, phone: eve, columns: { alt_phone: '3035550177' } };

const apiKey = 'made-up-key-of-the-platform';
const spring = 'Spring outbound';
/** Evening in Los Angeles: from eleven on Five9 takes numbers for its DNC list. */
const folder = mkdtempSync(join(tmpdir(), 'patchbay-opt-out-'));
const clockFile = join(folder, 'clock.json');
const clock = startSharedClock(Date.parse('2026-11-21T04:00:00.000Z'));

/** A minute of the clock, and the wait for a window, take seconds of the machine. */
vi.setConfig({ testTimeout: 45_000 });

let database: PrivateMariaDb;
let vicidial: VicidialSimulator;
let five9: Five9Simulator;
let sigmamind: SigmamindSimulator;
let patchbay: TestApp;
let configFile: string;

beforeAll(async () => {
  database = await startPrivateMariaDb();
  await database.createDatabase('asterisk');
  const port = await freePort();
  const patchbayUrl = `http://127.0.0.1:${port}`;
  sigmamind = await startSigmamindSimulator({ clock, ...platformOptions(patchbayUrl) });
  five9 = await startFive9Simulator({
    clock,
    ...five9Options,
    aiUrl: sigmamind.url,
    patchbayUrl,
    ivrUser: 'script',
    ivrKey: keys.script,
  });
  vicidial = await startVicidialSimulator({
    clock,
    database: { ...loginOf(database), name: 'asterisk' },
    serverZone: 'America/Denver',
    aiUrl: sigmamind.url,
    seed: { ...madeUpSite({ leads: 0 }), leads: [atWork, colleague, sold, ada] },
  });
  await sql(`UPDATE vicidial_list SET status = 'SALE', user = 'anna' WHERE lead_id = ${sold.leadId}`);
  patchbay = await startTestApp({
    registry: connectors,
    clock,
    dialers: dialersConfig(),
    config: {
      server: { port },
      outbox: { pollMs: 20, backoff: { firstMs: 1000, maxMs: 5000 } },
      platforms: { sigmamind: platformConfig(sigmamind.url) },
    },
  });
  configFile = join(folder, 'commands.json');
  writeCommandsConfig(sigmamind.url);
  await sync();
});

afterAll(async () => {
  await patchbay?.stop();
  await vicidial?.stop();
  await five9?.stop();
  await sigmamind?.stop();
  await database?.stop();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('an opt-out that is spoken on a call of Five9', () => {
  it('stops every number and lead of the person on VICIdial within a minute', async () => {
    sigmamind.setBehaviours({ [eve]: { talkSec: 10, commit: { outcome: 'opt_out', summary: 'Wants no calls' } } });

    const placed = five9.call({ campaign: spring, number1: eve });
    if (placed.kind !== 'placed') throw new Error('the simulated Five9 does not dial');
    await placed.over;

    await eventually(async () => {
      const [onFive9, onVicidial] = (await optOuts())[0]?.dialers ?? [];
      expect(onVicidial).toMatchObject({ dialer: 'vicidial', state: 'confirmed' });
      expect(onFive9).toMatchObject({
        dialer: 'five9',
        state: 'waiting',
        waitsFor: 'Five9 takes DNC numbers in its nightly window only',
        waitsUntil: '2026-11-21T07:00:00.000Z',
        targetAt: '2026-11-21T14:00:00.000Z',
      });
    }, 15_000);
    expect(await Promise.all([eve, evesOffice].map(dncListsOf))).toEqual([['SYSTEM_INTERNAL'], ['SYSTEM_INTERNAL']]);
    expect(await Promise.all([atWork, colleague, sold, ada].map(statusOf))).toEqual(['DNC', 'DNC', 'SALE', 'NEW']);
    const [, onVicidial] = (await optOuts())[0]?.dialers ?? [];
    expect(onVicidial).toMatchObject({ dialer: 'vicidial', isOnTime: true });
    expect(onVicidial?.tookSec).toBeLessThanOrEqual(60);
    expect(onVicidial?.proof).toContain('lead 2003 left at SALE, which an agent set');
  });

  it('reaches the DNC list of Five9 in its next window, with all numbers of the contact', async () => {
    setClock(Date.parse('2026-11-21T06:59:50.000Z'));
    await eventually(async () => expect((await optOuts())[0]?.isOpen).toBe(false), 30_000);

    expect([eve, evesMobile].map((number) => five9.state(number).dnc)).toEqual([true, true]);
    const { out, exitCode } = await command('opt-outs');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/told \S+ by sigmamind {2}\+13035550150 \+17205550102/);
    expect(out).toMatch(
      /five9 {6}held since 2026-11-21T07:\S+ \(\d+ s\): DNC list: \d numbers listed, as the list says/,
    );
    expect(out).toMatch(/vicidial {3}held since \S+ \(\d+ s\): SYSTEM_INTERNAL: .*added and read back/);
    expect((await command('opt-outs', '--open')).out).toBe('Every dialer holds them all.\n');
  });

  it('stands when people say SALE later, on either dialer', async () => {
    const [told] = await optOuts();
    const correlationId = told?.correlationId ?? '';
    await sql(`UPDATE vicidial_list SET status = 'SALE', user = 'anna' WHERE lead_id = ${atWork.leadId}`);

    for (const dialer of ['five9', 'vicidial']) {
      const at = new Date(clock.now()).toISOString();
      const body = { kind: 'dispositioned', dialer, disposition: 'SALE', by: 'grace', outcome: 'sale' } as const;
      const refs = [correlationRef(correlationId)];
      const facts = [{ refs, source: dialer, key: `dispositioned:SALE:${dialer}`, at, body }];
      await recordFacts(patchbay.app.deps, facts, { budgetMs: 5000 });
    }

    expect((await patchbay.app.deps.store.callById(correlationId))?.outcome?.optedOutAt).toBe(told?.toldAt);
    expect(await patchbay.app.deps.store.isOptedOut(`+1${eve}`)).toBe(true);
    expect((await optOuts())[0]).toMatchObject({ isUndone: false, isOpen: false });
    expect(await dncListsOf(eve)).toEqual(['SYSTEM_INTERNAL']);
    expect(five9.state(eve).dnc).toBe(true);
  });

  it('covers a lead that is loaded later, with its other number', async () => {
    await vicidial.addLeads([later]);
    await sync();

    await eventually(async () => {
      expect(await statusOf(later)).toBe('DNC');
      expect(await dncListsOf('3035550177')).toEqual(['SYSTEM_INTERNAL']);
      expect((await optOuts())[0]?.isOpen).toBe(false);
    }, 30_000);
    expect(await patchbay.app.deps.store.isOptedOut('+13035550177')).toBe(true);
  });

  it('is evidence, with the call that told it', async () => {
    const span = ['--from', '2026-11-20', '--to', '2026-11-21'];
    const [asCsv, asJson] = [
      await command('evidence', 'calls', ...span),
      await command('evidence', 'opt-outs', ...span, '--format', 'json'),
    ];

    const [header = '', row = ''] = asCsv.out.split('\r\n');
    const call = Object.fromEntries(header.split(',').map((name, index) => [name, row.split(',')[index]]));
    expect(call).toMatchObject({
      ...{ seller: 'Example Energy', purpose: 'sale', goods: 'Solar', agent_version: 'v7', direction: 'outbound' },
      ...{ calling_number: '+17205550190', called_number: `+1${eve}`, artificial_voice: 'yes', outcome: 'opt_out' },
    });
    expect(Number(call.duration_sec)).toBeGreaterThan(0);
    expect(linesOf(asJson)).toMatchObject([
      {
        ...{ name: 'Eve', seller: 'Example Energy', goods: 'Solar', undone: '' },
        numbers: expect.stringContaining(`+1${evesOffice} +13035550177 +1${eve}`),
        proofs: expect.stringContaining('vicidial: 2026-11-21T04'),
      },
    ]);
  });

  it('stays when the person is erased: its evidence, and nothing else', async () => {
    const held = JSON.parse((await command('person', 'export', eve)).out);
    const dry = await command('person', 'erase', eve);
    writeCommandsConfig('http://127.0.0.1:9');
    const away = await command('person', 'erase', eve, '--yes');
    writeCommandsConfig(sigmamind.url);
    const erased = await command('person', 'erase', eve, '--yes');
    const again = await command('person', 'erase', eve, '--yes', '--json');

    expect(held.calls).toMatchObject([{ call: { phone: `+1${eve}` }, platformRecords: [{ platform: 'sigmamind' }] }]);
    const leads = held.leads.map(({ key }: { key: string }) => key);
    expect(leads).toEqual(expect.arrayContaining(['2001', '2003', '2005']));
    expect(dry).toMatchObject({ exitCode: 0, out: expect.stringContaining('Would be erased: 1 calls, 1 records') });
    expect(away).toMatchObject({ exitCode: 1, out: expect.stringContaining('sigmamind still has its record') });
    expect(erased).toMatchObject({ exitCode: 0, out: expect.stringContaining('the evidence of the opt-out is kept') });
    expect(linesOf(again)).toMatchObject([{ calls: 1, platformCalls: 0, leads: [], left: [] }]);
    const { store } = patchbay.app.deps;
    const id = (await optOuts())[0]?.correlationId ?? '';
    expect(await store.leadsByPhone(`+1${eve}`)).toEqual([]);
    expect((await store.factsOf(id)).map(({ body }) => body.kind).sort()).toEqual([
      'committed',
      'erased',
      'registered',
    ]);
    expect(JSON.stringify(await store.factsOf(id))).not.toContain('Wants no calls');
    expect((await store.writeBacksOf(id)).every(({ aspect, state }) => aspect === 'dnc' && state !== 'pending')).toBe(
      true,
    );
    expect(await store.isOptedOut(`+1${eve}`)).toBe(true);
    expect((await store.auditLog(1))[0]).toMatchObject({ act: 'person-erase', details: { calls: '1' } });
    const evidence = await command(
      'evidence',
      'opt-outs',
      '--from',
      '2026-11-20',
      '--to',
      '2026-11-21',
      '--format',
      'json',
    );
    expect(linesOf(evidence)).toMatchObject([{ name: 'Eve', proofs: expect.stringContaining('five9: 2026-11-21T07') }]);
  });

  it('is undone by an operator alone, and what others listed stays listed', async () => {
    await sql("INSERT INTO vicidial_dnc SET phone_number = '3035550199'");

    const undone = await command('opt-outs', 'undo', eve, '--why', 'She asked to be called again');

    expect(undone).toMatchObject({ exitCode: 0, out: expect.stringContaining('Undone: 1 calls told the opt-out') });
    await eventually(async () => {
      expect(await dncListsOf(eve)).toEqual([]);
      expect([eve, evesMobile].map((number) => five9.state(number).dnc)).toEqual([false, false]);
    }, 15_000);
    expect(await dncListsOf(ada.phone)).toEqual(['SYSTEM_INTERNAL']);
    expect(await patchbay.app.deps.store.isOptedOut(`+1${eve}`)).toBe(false);
    expect((await patchbay.app.deps.store.auditLog(1))[0]).toMatchObject({ act: 'opt-out-undo' });
    expect((await optOuts())[0]).toMatchObject({ isUndone: true, isOpen: false });
  });
});

/** One clock for the service, the simulators and the commands. */
function startSharedClock(simulatedMs: number) {
  setClock(simulatedMs);
  vi.stubEnv('PATCHBAY_CLOCK_FILE', clockFile);
  return fileClock(clockFile);
}

function setClock(simulatedMs: number): void {
  writeFileSync(clockFile, JSON.stringify({ realMs: Date.now(), simulatedMs, rate: 20 }));
}

function writeCommandsConfig(platformUrl: string): void {
  const config = {
    store: { kind: 'sqlite', file: join(patchbay.folder, 'patchbay.sqlite') },
    spool: { folder: join(patchbay.folder, 'spool-of-commands') },
    secret: 'made-up secret of the commands',
    clients: { script: { keys: ['0'.repeat(64)], may: ['dialer', 'tools'] } },
    dialers: dialersConfig(),
    platforms: { sigmamind: platformConfig(platformUrl) },
  };
  writeFileSync(configFile, JSON.stringify(config));
}

async function command(...words: string[]) {
  return runMain(['--config', configFile, ...words], connectors);
}

/** What the command prints for machines, the latest first. */
async function optOuts(): Promise<OptOutClock[]> {
  const listed = await command('opt-outs', '--json');
  if (listed.exitCode !== 0) throw new Error(listed.err);
  return linesOf(listed) as unknown as OptOutClock[];
}

async function sync(): Promise<void> {
  const dialer = patchbay.app.deps.dialers.get('vicidial');
  if (!dialer) throw new Error('no VICIdial');
  await syncLeads(patchbay.app.deps, dialer, new AbortController().signal, { isFull: true, pace: 'full' });
}

async function statusOf({ leadId }: { leadId: number }) {
  return (await vicidial.state({ leadId })).lead?.status;
}

async function dncListsOf(phone: string) {
  return (await vicidial.state({ phone })).dncLists;
}

async function sql(statement: string): Promise<void> {
  const connection = await createConnection({ ...loginOf(database), database: 'asterisk' });
  await connection.query(statement);
  await connection.end();
}

function loginOf({ host, port, user, password }: PrivateMariaDb) {
  return { host, port, user, password };
}

const five9User = { name: 'patchbay', password: 'made-up' };
const five9Options = {
  users: [five9User],
  seed: {
    campaigns: [{ name: spring, lists: ['Leads'] }],
    dispositions: ['Sale', { name: 'AI - Do not call', type: 'DoNotDial' as const }],
    contacts: [{ fields: { number1: eve, number2: evesMobile, first_name: 'Eve' }, lists: ['Leads'] }],
  },
};

function dialersConfig() {
  return {
    vicidial: {
      type: 'vicidial',
      api: { url: `${vicidial.url}/vicidial/non_agent_api.php`, ...madeUpApiUser },
      database: { ...loginOf(database), name: 'asterisk' },
      timeZone: 'America/Denver',
      campaigns: { SPRING: { dispositions: { opt_out: 'DNC', sale: 'SALE' } } },
    },
    five9: {
      type: 'five9',
      soap: { host: five9.url, users: [{ user: five9User.name, password: five9User.password }] },
      domainTimeZone: 'America/Los_Angeles',
      keyField: 'number1',
      batch: { flushMs: 2000 },
      headers: [{ name: 'X-correlation_id', from: 'correlation_id' }],
      campaigns: {
        [spring]: {
          dispositions: { opt_out: 'AI - Do not call', sale: 'Sale' },
          evidence: {
            seller: 'Example Energy',
            purpose: 'sale',
            goods: 'Solar',
            callerId: '+17205550190',
            agentVersion: 'v7',
          },
        },
      },
    },
  };
}

function platformConfig(apiUrl: string) {
  const rule = { header: 'X-SigmaMind-Signature', algo: 'sha256', encoding: 'hex', prefix: 'sha256=', signed: 'body' };
  const signature = { ...rule, secrets: [webhookSecret] };
  return { type: 'sigmamind', apiKey, apiUrl, timeoutMs: 2000, webhook: { tokens: [eventToken], signature } };
}

function platformOptions(patchbayUrl: string) {
  const signed = { algo: 'sha256', encoding: 'hex', prefix: 'sha256=', signed: 'body' } as const;
  return {
    apiKey,
    webhookUrl: `${patchbayUrl}/v1/platforms/sigmamind/events/${eventToken}`,
    signature: { header: 'X-SigmaMind-Signature', ...signed, secrets: [webhookSecret] },
    tools: { commitUrl: `${patchbayUrl}/v1/platforms/sigmamind/tools/commit-outcome`, token: keys.tools },
  };
}
