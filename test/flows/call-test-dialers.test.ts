import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import type { Dialer } from '../../src/domain/dialer.ts';
import type { TestCalls } from '../../src/domain/test-call.ts';
import { type CallTestResult, runCallTest } from '../../src/flows/call-test/run-call-test.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { freePort } from '../support/free-port.ts';
import { type HealthySigmamind, sigmamindCast, startHealthySigmamind } from '../support/healthy/sigmamind.ts';
import { type HealthyVicidial, startHealthyVicidial, vicidialCast } from '../support/healthy/vicidial.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const clock = startFastClock(Date.parse('2026-11-20T17:00:00.000Z'), 20);
const [phone, national] = ['+13035550111', '3035550111'];
const spring = 'Spring outbound';
const slowMs = 60_000;

let platform: HealthySigmamind;
let vicidial: HealthyVicidial;
let five9: Five9Simulator;
let patchbay: TestApp;

beforeAll(async () => {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const commitUrl = `${publicUrl}/v1/platforms/sigmamind/tools/commit-outcome`;
  platform = await startHealthySigmamind({
    ...{ publicUrl, toolsKey: keys.tools, clock },
    simulator: { tools: { commitUrl, token: keys.tools } },
  });
  const aiUrl = platform.simulator.url;
  vicidial = await startHealthyVicidial({
    ...{ publicUrl, clock, client: { name: 'script', key: keys.script } },
    simulator: {
      ...{ aiUrl, noticeSec: 2, dialHopper: {} },
      headersUrl: `http://script:${keys.script}@127.0.0.1:${port}/v1/ivr/vicidial/headers`,
    },
  });
  // Only a test call makes leads, so no other duty grants it.
  const grant = "UPDATE vicidial_users SET api_allowed_functions = CONCAT(api_allowed_functions, 'add_lead ')";
  await vicidial.sql(`${grant} WHERE api_allowed_functions LIKE '%update_lead%'`);
  const headers = ['X-correlation_id', 'X-first_name'];
  five9 = await startFive9Simulator({
    ...{ clock, aiUrl, aiNumber: sigmamindCast.numbers.springFive9, patchbayUrl: publicUrl, dials: true, headers },
    ...{ ivrUser: 'script', ivrKey: keys.script, importDelayMs: 0 },
    users: [{ name: 'ada@example', password: 'engine' }],
    seed: {
      campaigns: [{ name: spring, type: 'AUTODIAL', state: 'RUNNING', lists: ['Leads'] }],
      dispositions: ['AI - Sale', 'AI - Hung up'],
      contactFields: [
        { name: 'patchbay_key' },
        { name: 'last_disposition', mapTo: 'LastDisposition' },
        { name: 'last_disposition_at', type: 'DATE_TIME', mapTo: 'LastDispositionDateTime' },
      ],
      contacts: [{ fields: { number1: national, first_name: 'Ada', patchbay_key: 'key-of-ada' }, lists: ['Leads'] }],
    },
  });
  patchbay = await startTestApp({
    registry: connectors,
    clock,
    dialers: {
      // How soon the lead is found is told elsewhere: the first request after a start would be late on a busy machine.
      vicidial: { ...vicidial.section, budgets: { headersMs: 2000, registerMs: 4500 } },
      five9: {
        type: 'five9',
        soap: { host: five9.url, users: [{ user: 'ada@example', password: 'engine' }] },
        domainTimeZone: 'America/Los_Angeles',
        fields: { lastDisposition: 'last_disposition', lastDispositionAt: 'last_disposition_at' },
        headers: [
          { name: 'X-correlation_id', from: 'correlation_id' },
          { name: 'X-first_name', from: 'first_name' },
        ],
        campaigns: { [spring]: { dispositions: { sale: 'AI - Sale', hung_up: 'AI - Hung up' } } },
        batch: { flushMs: 2000 },
        settle: { afterEndSec: 5 },
      },
    },
    config: {
      server: { port, publicUrl },
      platforms: { sigmamind: platform.section },
      outcomes: { technicalEndWaitSec: 10, humanWaitSec: 60 },
      outbox: { pollMs: 20, backoff: { firstMs: 1000, maxMs: 5000 } },
    },
  });
}, slowMs);

afterAll(async () => {
  await patchbay?.stop();
  await five9?.stop();
  await vicidial?.stop();
  await platform?.stop();
});

/** A machine that is busy must not fail it: its clock runs twenty times as fast. */
const patient = {
  ...{ dialled: 900, answered: 900, registered: 900, headers: 900, 'picked-up': 900 },
  ...{ variables: 300, outcome: 900, 'hand-back': 900 },
};

function test(id: string, campaign: string): Promise<CallTestResult> {
  const dialer = patchbay.app.deps.dialers.get(id) as Dialer & { testCalls: TestCalls };
  return runCallTest(
    patchbay.app.deps,
    { dialer, campaign, phone, by: 'cli:olga' },
    { timeoutSec: 900, keeps: false, onStage: () => undefined, signal: new AbortController().signal, limits: patient },
  );
}

const foundOf = ({ stages }: CallTestResult) => Object.fromEntries(stages.map(({ id, found }) => [id, found]));

function agentSays(behaviour: object): void {
  platform.simulator.setBehaviours({ [national]: { talkSec: 15, analysisAfterSec: 5, analysis: null, ...behaviour } });
}

describe('a test call through VICIdial', () => {
  it('ends with the outcome in its tables, and leaves no lead behind', { timeout: slowMs }, async () => {
    agentSays({ commit: { outcome: 'sale', summary: 'Wants two' } });

    const result = await test('vicidial', vicidialCast.campaign);

    expect(result.failed).toBeNull();
    expect(result).toMatchObject({ isWritten: true, leftOver: '' });
    const found = foundOf(result);
    expect(found.headers).toContain('X-correlation_id');
    expect(found.variables).not.toContain('not seen');
    expect(found.outcome).toBe('sale (committed)');
    expect(found.disposition).toContain('"SALE" confirmed, and the dialer holds');
    expect(await vicidial.sql('SELECT lead_id FROM vicidial_list WHERE phone_number = ?', [national])).toEqual([]);
  });

  it('that no line can take is refused before anybody is called', { timeout: slowMs }, async () => {
    await vicidial.sql("UPDATE vicidial_campaigns SET active = 'N'");

    await expect(test('vicidial', vicidialCast.campaign)).rejects.toMatchObject({
      hint: expect.stringContaining('Active'),
    });

    await vicidial.sql("UPDATE vicidial_campaigns SET active = 'Y'");
  });
});

describe('a test call through Five9', () => {
  it('ends with the outcome at its contact', { timeout: slowMs }, async () => {
    agentSays({ commit: { outcome: 'sale', summary: 'Wants two' } });

    const result = await test('five9', spring);

    expect(result.failed).toBeNull();
    expect(result).toMatchObject({ isWritten: true, leftOver: '' });
    const found = foundOf(result);
    expect(found.registered).toContain('by register, route ai');
    expect(found.variables).toBe('X-correlation_id seen, X-first_name seen');
    expect(found['hand-back']).toContain("the dialer's script asked for the outcome: done, sale");
    expect(five9.state(national).dispositions).toEqual({ [spring]: 'AI - Sale' });
  });
});
