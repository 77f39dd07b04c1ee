import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { vicidial } from '../../../connectors/vicidial/index.ts';
import { toServerText } from '../../../connectors/vicidial/server-time.ts';
import type { CallSighting } from '../../../src/domain/call.ts';
import type { ConnectorDeps, Job } from '../../../src/domain/connector.ts';
import type { Fact } from '../../../src/domain/fact.ts';
import { noDialling } from '../../support/no-dialling.ts';
import { startVicidialTables, type VicidialTables } from './vicidial-tables.ts';

const zone = 'America/Denver';
const line = '7001';

let tables: VicidialTables;
let cursors: Map<string, string>;
let sightings: CallSighting[];
let facts: Fact[];
let log: string[];
let failsNext = 0;
let look: () => Promise<void>;

beforeAll(async () => {
  tables = await startVicidialTables('2026-03-02T16:00:00.000Z');
  await tables.insert('vicidial_remote_agents', {
    user_start: line,
    number_of_lines: 3,
    status: 'ACTIVE',
    closer_campaigns: '',
  });
});
afterAll(() => tables.stop());

beforeEach(async () => {
  await tables.empty('vicidial_remote_agent_log', 'vicidial_list', 'vicidial_auto_calls', 'vicidial_log');
  cursors = new Map();
  sightings = [];
  facts = [];
  log = [];
  failsNext = 0;
  look = start();
});

/** One process's watch, on what the processes share: cursors and facts. */
function start(change: Partial<typeof tables.config.watch> = {}): () => Promise<void> {
  const note = (_fields: object, message: string) => void log.push(message);
  const unused = () => Promise.reject(new Error('not used by the watch'));
  const deps: ConnectorDeps = {
    clock: tables.clock,
    log: { debug: () => undefined, info: note, warn: note, error: note },
    newId: () => 'id',
    random: () => 0.5,
    hashNumber: () => 'hashed',
    publicUrl: 'https://patchbay.example.com',
    ignoresIdempotency: false,
    failAt: () => undefined,
    async recordFacts(told) {
      facts.push(...told);
    },
    async registerCall(sighting, via) {
      if (failsNext-- > 0) throw new Error('the store is away');
      expect(via).toBe('poll');
      sightings.push(sighting);
      return { correlationId: 'c0rre1at10n1d0', route: 'ai', headers: [], sentHeaders: [] };
    },
    readCursor: async (name) => cursors.get(name) ?? '',
    writeCursor: async (name, value) => void cursors.set(name, value),
    withLease: unused,
    settleSoon: unused,
    describeCalls: unused,
    backlog: unused,
    isOptedOut: unused,
    mayCall: unused,
    dialling: noDialling,
    takenBackAt: () => null,
    inboundCallUrls: () => [],
    promptWords: () => ({ headers: [], outcomes: [] }),
    nudge: () => undefined,
  };
  const config = {
    ...tables.config,
    watch: { ...tables.config.watch, ...change },
    campaigns: { SPRING: { dispositions: { not_interested: 'NI' } } },
  };
  const dialer = vicidial.create('vicidial', config as never, deps);
  opened.push(dialer);
  const job: Job | undefined = dialer.jobs?.find(({ name }) => name === 'watch');
  return async () => await job?.run(new AbortController().signal);
}

const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const dialer of opened) await dialer.close();
});

const pass = (seconds: number) => tables.clock.leapTo(new Date(tables.clock.now() + seconds * 1000).toISOString());

/** A call that goes to a line now. `skewSec`: how far that server's clock is ahead. Gives its caller code. */
async function handOver(leadId: number, { skewSec = 0, uniqueid = `1772467200.${leadId}`, user = line } = {}) {
  const wall = toServerText(tables.clock.now() + skewSec * 1000, zone);
  const code = `V${wall.replace(/\D/g, '').slice(5)}${String(leadId).padStart(10, '0')}`;
  const known = { callerid: code, uniqueid, user, ra_user: line, lead_id: leadId, campaign_id: 'SPRING' };
  await tables.insert('vicidial_remote_agent_log', { ...known, phone_number: '3035550101', call_time: wall });
  return code;
}

const leads = () => sightings.map(({ leg }) => Number(leg.leadKey));

describe('the log of calls that went to the AI', () => {
  it('gives each call once, under the names that its headers give it', async () => {
    const code = await handOver(1001);

    await look();
    await pass(5);
    await look();

    const byHeader = tables.dialer.recogniseCall?.({ code, uid: '1772467200.1001' });
    expect(sightings).toHaveLength(1);
    expect(sightings[0]?.refs).toEqual(byHeader?.refs);
    expect(sightings[0]?.leg).toMatchObject({
      ...{ dialer: 'vicidial', callKey: code, campaign: 'SPRING', leadKey: '1001' },
      ...{ number: '3035550101', phone: '+13035550101', agent: line },
    });
  });

  it('finds rows that come late within the minute, not before', async () => {
    await look();
    await pass(600);
    await look();
    await handOver(1002, { skewSec: -590 });
    await pass(5);
    await look();
    const soon = leads();
    await pass(60);
    await look();

    expect(soon).toEqual([]);
    expect(leads()).toEqual([1002]);
  });

  it.each([
    ['behind', -300],
    ['ahead', 300],
  ])('finds the calls of a server whose clock is %s', async (_how, skewSec) => {
    for (const leadId of [1, 2, 3]) {
      await handOver(leadId, { skewSec });
      await pass(61);
      await look();
    }

    expect(leads().sort()).toEqual([1, 2, 3]);
  });

  it('tells two servers apart that gave the same uniqueid', async () => {
    await handOver(1001, { uniqueid: '1772467200.7' });
    await handOver(1002, { uniqueid: '1772467200.7' });

    await look();

    const names = sightings.flatMap(({ refs }) => refs.map(({ kind, key }) => `${kind} ${key}`));
    expect(new Set(names).size).toBe(4);
  });

  it('finds every call of the night in which the hour comes twice', async () => {
    await tables.clock.leapTo('2026-11-01T07:30:00.000Z');
    for (let minute = 0; minute < 75; minute += 1) {
      await handOver(2000 + minute);
      await look();
      expect(leads()).toHaveLength(minute + 1);
      await pass(60);
    }

    expect(leads()).toEqual(Array.from({ length: 75 }, (_, minute) => 2000 + minute));
  });

  it('goes on after a restart where it was, with what was written meanwhile', async () => {
    await handOver(1001);
    await look();
    await pass(3600);
    await handOver(1002);
    await pass(7200);
    await handOver(1003);

    await start()();

    expect(leads()).toEqual([1001, 1001, 1002, 1003]);
  });

  it('reads any number of rows, also many of one second', async () => {
    const wall = toServerText(tables.clock.now(), zone);
    const code = (leadId: number) => `V${wall.replace(/\D/g, '').slice(5)}${String(leadId).padStart(10, '0')}`;
    const rows = Array.from({ length: 2300 }, (_, index) => [code(index + 1), `1.${index}`, line, index + 1, wall]);
    rows.push([code(9999), '1.9999', line, 9999, toServerText(tables.clock.now() + 1000, zone)]);
    const values = rows.map(() => '(?)').join(', ');
    const columns = 'callerid, uniqueid, user, lead_id, call_time';
    // One second holds fewer than a page; this one is spread over three.
    for (const [index, row] of rows.entries())
      if (index < 2300) row[4] = toServerText(tables.clock.now() - Math.floor(index / 900) * 1000, zone);
    await tables.sql(`INSERT INTO vicidial_remote_agent_log (${columns}) VALUES ${values}`, rows as never);

    await look();

    expect(new Set(leads()).size).toBe(2301);
    expect(leads()).toHaveLength(2301);
  });

  it('comes again with a call that could not be registered', async () => {
    await handOver(1001);
    failsNext = 1;
    await look();
    await pass(61);
    await look();

    expect(leads()).toEqual([1001]);
    expect(log).toContain('a call that went to a line could not be registered');
  });

  it('says once that the database is away, and catches up', async () => {
    await look();
    tables.shut();
    await pass(5);
    await look();
    await pass(5);
    await look();
    await handOver(1001);
    tables.open();
    await pass(60);
    await look();

    expect(log).toEqual([
      'the log of calls that went to the AI can not be read',
      'the log of calls that went to the AI can be read again',
    ]);
    expect(leads()).toEqual([1001]);
  });

  it('names a call whose code another build made, by its own row', async () => {
    const wall = toServerText(tables.clock.now(), zone);
    const row = { callerid: 'OTHERBUILD-77', uniqueid: '1.5', user: line, lead_id: 1001, call_time: wall };
    await tables.insert('vicidial_remote_agent_log', { ...row, lead_id: 1001 }, { ...row, callerid: '', lead_id: 0 });

    await look();

    expect(sightings.map(({ leg }) => leg)).toMatchObject([{ callKey: 'OTHERBUILD-77', leadKey: '1001' }]);
  });
});

describe('what people make of a lead after the AI', () => {
  const lead = (status: string, user: string, leadId = 1001) =>
    tables.insert('vicidial_list', {
      ...{ lead_id: leadId, list_id: 101, status, user, phone_number: '3035550101' },
      modify_date: toServerText(tables.clock.now(), zone),
    });
  const become = async (status: string, user: string) =>
    tables.sql('UPDATE vicidial_list SET status = ?, user = ?, modify_date = FROM_UNIXTIME(?)', [
      status,
      user,
      Math.floor(tables.clock.now() / 1000),
    ]);
  const told = () => facts.map(({ body }) => (body.kind === 'dispositioned' ? [body.disposition, body.by] : body.kind));

  it('becomes a fact of the call, once, with the outcome that it is mapped from', async () => {
    await lead('XFER', line);
    await handOver(1001);
    await look();
    await pass(300);
    await become('INCALL', 'anna');
    await look();
    await pass(61);
    await become('NI', 'anna');
    await look();
    await pass(61);
    await look();

    expect(told()).toEqual([['NI', 'anna']]);
    expect(facts[0]).toMatchObject({
      refs: sightings[0]?.refs,
      source: 'vicidial',
      body: { outcome: 'not_interested' },
    });
  });

  it('is told again when they change their mind, and not when only we or the dialer wrote', async () => {
    await lead('SALE', line);
    await handOver(1001);
    await look();
    for (const [status, user] of [
      ['SALE', 'VDAD'],
      ['SALE', '7003'],
      ['DROP', 'anna'],
      ['NI', 'anna'],
      ['CALLBK', 'anna'],
    ]) {
      await pass(61);
      await become(String(status), String(user));
      await look();
    }

    expect(told()).toEqual([
      ['NI', 'anna'],
      ['CALLBK', 'anna'],
    ]);
  });

  it('is found by a process that did not see the call itself', async () => {
    await lead('XFER', line);
    await handOver(1001);
    await look();
    await pass(1200);
    await look();
    await become('NI', 'anna');

    await start()();

    expect(told()).toEqual([['NI', 'anna']]);
  });

  it('is looked for no longer than is configured, and not at all where that is 0', async () => {
    await lead('XFER', line);
    await handOver(1001);
    const [short, none] = [start({ humanMinutes: 10 }), start({ humanMinutes: 0 })];
    await short();
    await none();
    await pass(660);
    await become('NI', 'anna');
    await short();
    await none();

    expect(told()).toEqual([]);
  });
});

it('does nothing where it is switched off', async () => {
  await handOver(1001);

  await start({ everySec: 0 })();

  expect(sightings).toEqual([]);
});
