import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AutopilotConfig } from '../../config/autopilot.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { VicidialConfig, vicidial } from '../../connectors/vicidial/index.ts';
import { grantsSnippet } from '../../connectors/vicidial/setup/snippets/grants.ts';
import type { FactBody } from '../../src/domain/fact.ts';
import { runAutopilot } from '../../src/flows/autopilot/run-autopilot.ts';
import type { Deps } from '../../src/flows/deps.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { liftControl, setControl } from '../../src/flows/set-control.ts';
import { callerCode, legOf, registration } from '../contract/store/store-cast.ts';
import { madeUpApiUser, madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator, type VicidialSimulator } from '../simulators/vicidial/vicidial-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const zone = 'America/Denver';
const clock = startFastClock(Date.parse('2026-11-20T17:00:00.000Z'), 4);
const readerPassword = 'readerPass77';

let server: PrivateMariaDb;
let simulator: VicidialSimulator;
let patchbay: TestApp;
let sql: (statement: string, values?: readonly (string | number)[]) => Promise<Record<string, unknown>[]>;
let closeSide: () => Promise<void>;

beforeAll(async () => {
  server = await startPrivateMariaDb();
  await server.createDatabase('asterisk');
  const { host, port, user, password } = server;
  const place = { host, port, user, password };
  simulator = await startVicidialSimulator({
    clock,
    database: { ...place, name: 'asterisk' },
    serverZone: zone,
    noticeSec: 2,
    seed: madeUpSite({ leads: 12 }),
  });
  const side = await createConnection({ ...place, database: 'asterisk' });
  closeSide = () => side.end();
  sql = async (statement, values = []) => {
    const [rows] = await side.query(statement, [...values]);
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  };
  const raw = rawConfig(simulator.url, port);
  await grant(raw);
  patchbay = await startTestApp({
    registry: { dialers: [vicidial], platforms: [sigmamind] },
    dialers: { vicidial: raw },
    clock,
  });
});

afterAll(async () => {
  await patchbay.stop();
  await closeSide();
  await simulator.stop();
  await server.stop();
});

beforeEach(async () => {
  simulator.fault({ kind: 'none' });
  await sql('DELETE FROM vicidial_hopper');
});

function rawConfig(url: string, port: number) {
  return {
    type: 'vicidial',
    api: { url: `${url}/vicidial/non_agent_api.php`, ...madeUpApiUser, timeoutMs: 1000 },
    database: { host: '127.0.0.1', port, user: 'patchbay_read', password: readerPassword, name: 'asterisk' },
    timeZone: zone,
    customFields: ['plan'],
    sync: { lists: [101], pauseMs: 0 },
    campaigns: {
      SPRING: {
        dispositions: { not_interested: 'NI', opt_out: 'DNC' },
        gate: { consent: { field: 'first_name' } },
      },
    },
  };
}

/** The connector's user is made by the very lines that the admin is given. */
async function grant(raw: object): Promise<void> {
  const config = VicidialConfig.parse(raw);
  const { text } = grantsSnippet({ id: 'vicidial', config, publicUrl: 'https://patchbay.example.com' });
  const filled = text.replaceAll('PATCHBAY_HOST', '127.0.0.1').replaceAll('DATABASE_PASSWORD', readerPassword);
  const [needed = '', archives = ''] = filled.split(/^--.*$/m);
  for (const statement of needed.trim().split('\n')) await sql(statement);
  const there = (await sql('SHOW TABLES')).flatMap((row) => Object.values(row).map(String));
  for (const statement of archives.trim().split('\n')) {
    if (there.some((table) => statement.includes(`\`${table}\``))) await sql(statement);
  }
}

interface CommandRun {
  exitCode: number;
  text: string;
  /** The last JSON line. */
  json: Record<string, unknown>;
}

async function run(name: string, args: string[], options: object = {}, isJson = true): Promise<CommandRun> {
  const commands = patchbay.app.instances.find(({ id }) => id === 'vicidial')?.commands ?? [];
  const command = commands.find((each) => each.name === name);
  if (!command) throw new Error(`no command ${name}`);
  const lines: string[] = [];
  const output = { write: (line: string) => void lines.push(line), isTerminal: false, isJson };
  const exitCode = await command.run(args, { ...options }, output);
  return { exitCode, text: lines.join('\n'), json: isJson ? JSON.parse(lines.at(-1) ?? '{}') : {} };
}

const inHopper = async () =>
  (await sql('SELECT lead_id FROM vicidial_hopper ORDER BY lead_id')).map((row) => Number(row.lead_id));

/** A call of this lead that Patchbay knows and that is over. */
async function endedCall(leadId: number, outcome?: string): Promise<string> {
  const { callerCode } = await simulator.place({ leadId, campaign: 'SPRING', ai: false, answerSec: 1, talkSec: 8 });
  await fetch(`${patchbay.url}/v1/ivr/vicidial/headers?code=${callerCode}`, { headers: { 'x-api-key': keys.script } });
  if (outcome) {
    await fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
      body: JSON.stringify({ caller_code: callerCode, outcome, summary: 'Call back on 303-555-9999' }),
    });
  }
  await eventually(() => {
    const { started, over } = simulator.progress();
    expect(over).toBe(started);
  });
  return callerCode;
}

describe('the granted tables', () => {
  it('are enough for everything that the connector reads', async () => {
    const dialer = patchbay.app.deps.dialers.get('vicidial');
    const results = [];
    for (const check of dialer?.checks() ?? []) results.push(`${check.id}: ${(await check.run()).found}`);
    const page = await dialer?.readLeads?.('', new AbortController().signal, 'full');

    expect(page?.leads.length).toBeGreaterThan(0);
    expect(results.filter((result) => /not let us read|lacks a table/.test(result))).toEqual([]);
    expect(await sql('SHOW GRANTS FOR ?@?', ['patchbay_read', '127.0.0.1'])).not.toEqual([]);
    expect(JSON.stringify(await sql('SHOW GRANTS FOR ?@?', ['patchbay_read', '127.0.0.1']))).not.toMatch(
      /INSERT|UPDATE|DELETE|ALL PRIVILEGES|`asterisk`\.\*/,
    );
  });
});

describe('show', () => {
  it('tells what both sides know of a call, by code, lead and number', async () => {
    const code = await endedCall(1001, 'not_interested');
    // The log is written after the lead.
    await eventually(async () =>
      expect(await simulator.state({ leadId: 1001 })).toMatchObject({
        lead: { status: 'NI' },
        logs: [{ status: 'NI' }],
      }),
    );

    const byCode = await run('show', [code]);
    const byLead = await run('show', ['1001']);
    const byPhone = await run('show', ['303-555-1000']);
    const byOther = await run('show', ['1002']);

    for (const { exitCode, json } of [byCode, byLead, byPhone]) {
      expect(exitCode).toBe(0);
      expect(json.patchbay).toMatchObject([
        { leadId: '1001', outcome: 'not_interested', campaign: 'SPRING', writeBacks: expect.any(Array) },
      ]);
      expect(json.vicidial).toMatchObject([
        {
          leadId: '1001',
          lead: { status: 'NI', list_id: '101' },
          logs: [{ code, status: 'NI', campaign: 'SPRING' }],
          handOvers: [{ code }],
          dnc: [],
          inHopper: false,
        },
      ]);
    }
    expect(byOther.json.patchbay).toEqual([]);
    expect(byOther.json.vicidial).toMatchObject([{ leadId: '1002', lead: { status: 'NEW' } }]);
  });

  it('masks numbers unless it is told to show them', async () => {
    const text = (await run('show', ['1001'], {}, false)).text;
    const masked = (await run('show', ['1001'])).text;
    const plain = (await run('show', ['1001'], { showNumbers: true })).text;

    for (const each of [text, masked]) expect(each).not.toMatch(/3035551000|303-555-9999|7205551000/);
    expect(text).toContain('***1000');
    expect(text).toContain('outcome  not_interested (committed)');
    expect(plain).toContain('3035551000');
    expect(plain).toContain('303-555-9999');
  });

  it('fails when nobody knows what was asked for', async () => {
    expect((await run('show', ['7777777'])).exitCode).toBe(1);
    await expect(run('show', ['hello'], {}, false)).rejects.toThrow('no caller code, lead id or phone number');
  });
});

describe('push', () => {
  beforeAll(async () => {
    await endedCall(1003, 'opt_out');
    await sql('INSERT INTO vicidial_dnc SELECT phone_number FROM vicidial_list WHERE lead_id = 1004');
    await sql("UPDATE vicidial_list SET status = 'SALE', user = 'anna' WHERE lead_id = 1005");
    await sql("UPDATE vicidial_list SET called_since_last_reset = 'Y' WHERE lead_id = 1006");
    await sql(
      "INSERT INTO vicidial_campaign_dnc SELECT phone_number, 'SPRING' FROM vicidial_list WHERE lead_id = 1007",
    );
  });
  const asked = ['1002', '1003', '1004', '1005', '1006', '1007', '999999'];

  it('leaves out who must not be dialled, names them, and puts the others into the hopper', async () => {
    const dry = await run('push', asked, { dryRun: true });
    const untouched = await inHopper();
    const pushed = await run('push', asked);

    expect(untouched).toEqual([]);
    expect(dry.json).toMatchObject({ ok: true, leads: ['1002'] });
    expect(pushed.exitCode).toBe(0);
    expect(pushed.json).toMatchObject({ pushed: 1, there: 1, refused: [], by: 'hopper_bulk_insert' });
    expect(pushed.json.skipped).toEqual([
      { leadId: '1003', why: 'opted out', isForceable: false },
      { leadId: '1004', why: 'on a DNC list', isForceable: false },
      { leadId: '1005', why: 'status SALE, set by anna is no dial status of campaign SPRING', isForceable: true },
      { leadId: '1006', why: 'called since the last reset of its list', isForceable: true },
      { leadId: '1007', why: 'on a DNC list', isForceable: false },
      { leadId: '999999', why: 'VICIdial has no such lead', isForceable: false },
    ]);
    expect(await inHopper()).toEqual([1002]);
  });

  it('obeys --force, but for opt-outs and DNC', async () => {
    await run('push', asked, { force: true });

    expect(await inHopper()).toEqual([1002, 1005, 1006]);
  });

  it('asks the gate about the rest, and obeys it whatever the operator says', async () => {
    await sql("UPDATE vicidial_list SET first_name = '' WHERE lead_id = 1010");

    const { json } = await run('push', ['1008', '1010'], { force: true });

    expect(json).toMatchObject({
      pushed: 1,
      skipped: [{ leadId: '1010', why: 'without the consent that the campaign asks for', isForceable: false }],
    });
    expect(await inHopper()).toEqual([1008]);
  });

  it('takes the leads of a list up to the limit', async () => {
    const { json } = await run('push', [], { list: '101', limit: '2' });

    expect(json.pushed).toBe(2);
    expect(await inHopper()).toEqual([1002, 1008]);
  });

  it('sends lead by lead to a release without the bulk function', async () => {
    simulator.fault({ kind: 'oldRelease', build: 240101 });

    const { json } = await run('push', ['1002', '1008']);

    expect(json).toMatchObject({ ok: true, pushed: 2, by: 'update_lead' });
    expect(await inHopper()).toEqual([1002, 1008]);
  });

  it('says what the hopper holds when the answer got lost', async () => {
    simulator.fault({ kind: 'timeoutAfterEffect' });

    const { exitCode, json } = await run('push', ['1002', '1008']);

    expect(exitCode).toBe(1);
    expect(json).toMatchObject({ ok: false, there: 2, trouble: expect.stringContaining('did not answer') });
  });

  it('leaves out a lead outside of its local calling hours, as VICIdial tells', async () => {
    await sql('UPDATE vicidial_list SET gmt_offset_now = 12 WHERE lead_id = 1009');

    const { exitCode, json } = await run('push', ['1008', '1009']);

    expect(exitCode).toBe(1);
    expect(json).toMatchObject({
      pushed: 1,
      refused: [{ leadId: '1009', why: 'NOT ADDED TO HOPPER, OUTSIDE OF LOCAL CALL TIME' }],
    });
  });
});

describe('lines', () => {
  it('go down and up, and are counted by their heartbeat', async () => {
    const down = await run('lines', ['7001', 'down']);
    const up = await run('lines', ['7001', 'up']);
    const again = await run('lines', ['7001', 'up'], {}, false);

    expect(down).toMatchObject({ exitCode: 0, json: { status: 'INACTIVE', loggedIn: 0, expected: 0 } });
    expect(up).toMatchObject({ exitCode: 0, json: { status: 'ACTIVE', loggedIn: 3, expected: 3 } });
    expect(again.text).toBe('Remote agent 7001 is already ACTIVE with 3 lines.\n3 lines are logged in.');
  });

  it('become more', async () => {
    const dry = await run('lines', ['7001', '5'], { dryRun: true }, false);
    const done = await run('lines', ['7001', '5']);

    expect(dry.text).toBe('Remote agent 7001 is ACTIVE with 3 lines. It would be set to number_of_lines 5.');
    expect(done).toMatchObject({ exitCode: 0, json: { lines: 5, loggedIn: 5 } });
  });

  it('are reported missing when none logs in', async () => {
    await sql("UPDATE vicidial_remote_agents SET server_ip = '0.0.0.0'");

    const { exitCode, json } = await run('lines', ['7001', '5']);

    await sql("UPDATE vicidial_remote_agents SET server_ip = '10.10.10.15'");
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({ ok: false, loggedIn: 0, expected: 5, hint: expect.stringContaining('Server IP') });
  });

  it('are refused with a hint where they can not be changed', async () => {
    const unknown = await run('lines', ['8800', 'up']);
    simulator.fault({ kind: 'oldRelease', build: 230101 });
    const old = await run('lines', ['7001', 'down']);

    expect(unknown).toMatchObject({ exitCode: 1, json: { why: expect.stringContaining('8800') } });
    expect(old).toMatchObject({ exitCode: 1, json: { hint: expect.stringContaining('Admin, Remote Agents, 7001') } });
    await expect(run('lines', ['7001', '300'], {}, false)).rejects.toThrow('from 1 to 255');
    expect(await run('lines', ['7001', '300'])).toMatchObject({
      exitCode: 1,
      json: { ok: false, why: expect.stringContaining('from 1 to 255'), hint: expect.any(String) },
    });
  });
});

describe('the lines that the autopilot steers', () => {
  const remoteAgent = async () => {
    const [row] = await sql("SELECT status, number_of_lines FROM vicidial_remote_agents WHERE user_start = '7001'");
    return `${row?.status} ${row?.number_of_lines}`;
  };

  it('are read from the tables, and set through the API', async () => {
    const lines = patchbay.app.deps.dialers.get('vicidial')?.lines;
    await sql("UPDATE vicidial_remote_agents SET status = 'ACTIVE', number_of_lines = 3 WHERE user_start = '7001'");

    expect(await lines?.read()).toEqual([{ key: '7001', campaign: 'SPRING', isOn: true, lines: 3 }]);
    await lines?.set('7001', { isOn: true, lines: 1 });
    expect(await remoteAgent()).toBe('ACTIVE 1');
    await lines?.set('7001', { isOn: false, lines: 1 });
    await lines?.set('7001', { isOn: false, lines: 1 });
    expect(await remoteAgent()).toBe('INACTIVE 1');
    await lines?.set('7001', { isOn: true, lines: 3 });
    expect(await remoteAgent()).toBe('ACTIVE 3');
    await expect(lines?.set('8800', { isOn: true, lines: 1 })).rejects.toThrow('REMOTE AGENT NOT FOUND');
  });

  it('are those that lead to the AI, and not those that lead to people', async () => {
    const lines = patchbay.app.deps.dialers.get('vicidial')?.lines;
    await sql("UPDATE vicidial_remote_agents SET conf_exten = '8600051' WHERE user_start = '7001'");
    const read = await lines?.read();
    await sql("UPDATE vicidial_remote_agents SET conf_exten = '770019895551234' WHERE user_start = '7001'");

    expect(read).toEqual([]);
    expect(await lines?.read()).toHaveLength(1);
  });

  it('are left alone by a dry run, and follow the autopilot in shadow too', async () => {
    const { deps } = patchbay.app;
    const shadow = { kind: 'stage', scope: { dialer: 'vicidial', campaign: '', aspect: '' }, by: 'olga' } as const;
    const settings = AutopilotConfig.parse({ enabled: true });
    const dryRun = { ...settings, dryRun: true };
    await sql("UPDATE vicidial_remote_agents SET status = 'ACTIVE', number_of_lines = 3 WHERE user_start = '7001'");
    for (let call = 1; call <= 2; call += 1) await tell(deps, `well-${call}`, { kind: 'started' });
    await runAutopilot(secLater(deps, 30), undefined, dryRun);
    for (let call = 1; call <= 6; call += 1) await tell(secLater(deps, 60), `dead-${call}`);

    // By then their platform must have told of them.
    await runAutopilot(secLater(deps, 90), undefined, dryRun);
    const said = patchbay.log.filter(({ msg }) => msg === 'the AI is unwell: fewer calls go to it');
    const dry = [await remoteAgent(), await deps.store.readCursor('lines:vicidial'), await deps.store.controls()];
    await setControl(deps, { ...shadow, percent: 0, note: 'first day' });
    await runAutopilot(secLater(deps, 90), undefined, settings);
    for (let call = 7; call <= 12; call += 1) await tell(secLater(deps, 120), `dead-${call}`);
    await runAutopilot(secLater(deps, 150), undefined, settings);
    const steered = await remoteAgent();
    await runAutopilot(secLater(deps, 150), undefined, { ...settings, enabled: false });
    await liftControl(deps, shadow);

    expect(said).toMatchObject([{ dialer: 'vicidial', percent: 0, dryRun: true }]);
    expect(dry).toEqual(['ACTIVE 3', '', []]);
    expect(steered).toBe('INACTIVE 3');
    expect(await remoteAgent()).toBe('ACTIVE 3');
  });

  function secLater(deps: Deps, sec: number): Deps {
    return { ...deps, clock: { ...deps.clock, now: () => clock.now() + sec * 1000 } };
  }

  /** A call that VICIdial gave to the AI, and what its platform told of it in time. */
  async function tell(deps: Deps, code: string, ...told: FactBody[]): Promise<void> {
    const at = new Date(deps.clock.now()).toISOString();
    const leg = legOf(code, { leadKey: '', number: '', phone: '', calledAt: at });
    const facts = [registration(leg), ...told].map((body, index) => {
      const source = index === 0 ? 'vicidial' : 'sigmamind';
      return { refs: [callerCode(code)], source, key: `${code} ${body.kind}`, at, body };
    });
    await recordFacts(deps, facts, { budgetMs: 5000 });
  }
});

describe('reset-list', () => {
  it('counts first, asks for --yes, and resets', async () => {
    await sql("UPDATE vicidial_list SET called_since_last_reset = 'Y', status = 'NA' WHERE lead_id IN (1010, 1011)");
    const called = async () =>
      (await sql("SELECT lead_id FROM vicidial_list WHERE list_id = 101 AND called_since_last_reset <> 'N'")).length;
    const before = await called();

    const dry = await run('reset-list', ['101'], { dryRun: true });
    const refused = await run('reset-list', ['101']);
    const stillCalled = await called();
    const done = await run('reset-list', ['101'], { yes: true });

    expect(dry).toMatchObject({ exitCode: 0, json: { leads: 12, dialableAgain: 3, dryRun: true } });
    expect(refused).toMatchObject({ exitCode: 1, json: { hint: expect.stringContaining('--yes') } });
    expect(stillCalled).toBe(before);
    expect(done.exitCode).toBe(0);
    expect(await called()).toBe(0);
  });

  it('fails for a list that is not there', async () => {
    expect((await run('reset-list', ['555'], { yes: true })).exitCode).toBe(1);
  });
});

describe('check', () => {
  it('finds a site in order, and asks nothing that a failed check makes pointless', async () => {
    // Tests before this one stop the daemon: its lines are alive with its next heartbeat.
    simulator.setDaemon(true);
    const well = await eventually(async () => {
      const checked = await run('check', [], {}, false);
      expect(checked.text).toMatch(/^ok +lines\.ready: /m);
      return checked;
    });
    simulator.fault({ kind: 'down', times: 20 });
    const down = await run('check', [], {}, false);

    expect(well.exitCode).toBe(0);
    expect(well.text).toMatch(/^ok +clock\.zone: /m);
    expect(well.text).not.toMatch(/^(fail|unknown) /m);
    expect(down.exitCode).toBe(1);
    expect(down.text).toMatch(/^fail +api\.reachable: /m);
    expect(down.text).toContain('needs api.reachable, which failed');
  });

  it('names each table that a grant was forgotten for', async () => {
    const forgotten = ['vicidial_list_alt_phones', 'custom_101'];
    const account = "'patchbay_read'@'127.0.0.1'";
    for (const table of forgotten) await sql(`REVOKE SELECT ON asterisk.${table} FROM ${account}`);
    const { exitCode, text } = await run('check', [], {}, false);
    for (const table of forgotten) await sql(`GRANT SELECT ON asterisk.${table} TO ${account}`);

    expect(exitCode).toBe(1);
    expect(text).toMatch(/^fail +database\.tables: /m);
    expect(text).toContain('no SELECT on vicidial_list_alt_phones, custom_101');
    expect(text).toMatch(/^ok +carrier\.call-log-first: /m);
  });
});
