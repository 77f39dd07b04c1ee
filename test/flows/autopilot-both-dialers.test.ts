import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { type BothDialers, startBothDialers } from '../support/both-dialers.ts';
import { eventually } from '../support/eventually.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const spring = 'Spring outbound';
const lines = 8;
const leads = Array.from({ length: 90 }, (_, index) => index);
const rate = 5;
const clock = startFastClock(Date.parse('2026-11-20T17:00:00.000Z'), rate);
/** As on a real site, but for the waits: nobody wants to wait for minutes. Busy machines take their time for a first word. */
const autopilot = {
  ...{ enabled: true, everySec: 0.4, answerSec: 20, maxSickSec: 60, slowFirstWordMs: 30_000 },
  ...{ steps: [25, 100], stepSec: 5, stepCalls: 3, waitSec: 20, maxWaitSec: 40 },
};

let site: BothDialers;
let vicidial: BothDialers['vicidial'];
let five9: BothDialers['five9'];
let sigmamind: BothDialers['sigmamind'];
let patchbay: BothDialers['patchbay'];
let remoteAgent: () => Promise<string>;
let closeSide: () => Promise<void>;
let feeding: Promise<void>[];
let isFed = true;
/** Answers to Five9's script: when, and which route. */
const routes: { at: number; route: string }[] = [];

beforeAll(async () => {
  const headers = [{ name: 'X-correlation_id', from: 'correlation_id' }];
  site = await startBothDialers({
    clock,
    vicidial: madeUpSite({ leads: leads.length, lines }),
    five9: {
      campaigns: [{ name: spring, lists: ['Leads'] }],
      contacts: leads.map((index) => ({ fields: { number1: contactOf(index) }, lists: ['Leads'] })),
    },
    dialers: {
      vicidial: { remoteAgents: [{ user: '7001', lines }], headers, campaigns: { SPRING: { dispositions: {} } } },
      five9: { budgets: { registerMs: 3000 }, headers, campaigns: { [spring]: { dispositions: {} } } },
    },
    config: { autopilot, outbox: { pollMs: 50 } },
  });
  ({ vicidial, five9, sigmamind, patchbay } = site);
  const side = await createConnection({ ...site.login, database: 'asterisk' });
  closeSide = () => side.end();
  remoteAgent = async () => {
    const [rows] = await side.query('SELECT status, number_of_lines AS count FROM vicidial_remote_agents');
    const [row] = rows as { status: string; count: number }[];
    return `${row?.status} ${row?.count}`;
  };
  behave({});
  feeding = [feedFive9(), feedVicidial()];
}, 120_000);

afterAll(async () => {
  isFed = false;
  await Promise.all(feeding ?? []);
  await closeSide?.();
  await site?.stop();
});

describe('an AI that dies in the middle of the day', { timeout: 300_000 }, () => {
  it('gets every call while it is well', async () => {
    await eventually(async () => {
      expect(routes.length).toBeGreaterThan(6);
      const { answered, calls } = await measuresOf('vicidial');
      expect(calls).toBeGreaterThan(4);
      expect(answered).toBeGreaterThan(4);
    }, 110_000);

    expect(routes.map(({ route }) => route)).toEqual(routes.map(() => 'ai'));
    expect(await remoteAgent()).toBe(`ACTIVE ${lines}`);
  });

  it("takes VICIdial's lines down, and sends Five9's script to people, within the configured time", async () => {
    const diedAt = clock.now();
    behave({ isDead: true });

    await eventually(async () => {
      expect(await remoteAgent()).toBe(`INACTIVE ${lines}`);
      expect(routes.at(-1)?.route).toBe('skill');
    }, 110_000);

    const metrics = await (await fetch(`${patchbay.url}/metrics`)).text();
    expect(metrics).toMatch(/patchbay_gate_answers_total\{dialer="five9",reason="ai_unwell"\} \d/);
    const lastGiven = routes.filter(({ route, at }) => route === 'ai' && at < diedAt + 90_000).at(-1)?.at ?? diedAt;
    expect((lastGiven - diedAt) / 1000).toBeLessThanOrEqual(autopilot.maxSickSec);
  });

  it('gives both back in steps when it is well again, exactly as they were', async () => {
    behave({});

    const seen = new Set<string>();
    await eventually(async () => {
      seen.add(await remoteAgent());
      expect(await remoteAgent()).toBe(`ACTIVE ${lines}`);
      expect(patchbay.app.deps.controls.now().all).toEqual([]);
      expect(await patchbay.app.deps.store.attention({ kind: 'ai-unwell', isOpen: true, limit: 9 })).toEqual([]);
    }, 120_000);

    expect([...seen]).toContain('ACTIVE 2');
    const audit = await patchbay.app.deps.store.auditLog(50);
    for (const dialer of ['vicidial', 'five9']) {
      const acts = audit.filter(({ subject, by }) => subject === dialer && by === 'autopilot').map(({ act }) => act);
      expect(acts).toEqual(expect.arrayContaining(['share-set', 'share-lifted']));
    }
  });
});

function behave(how: { isDead?: boolean }): void {
  sigmamind.setBehaviours({ '*': { talkSec: 4, analysis: null, ...how } });
}

async function measuresOf(dialer: string): Promise<{ calls: number; answered: number }> {
  const text = await patchbay.app.deps.store.readCursor(`autopilot:${dialer}`);
  return (JSON.parse(text) as { measures: { calls: number; answered: number } }).measures;
}

/** Customers answer one after the other; each script asks for its route. */
async function feedFive9(): Promise<void> {
  for (let index = 0; isFed; index = (index + 1) % leads.length) {
    const placed = five9.call({ campaign: spring, number1: contactOf(index) });
    if (placed.kind === 'placed') {
      const { call } = placed;
      await Promise.race([placed.over, clock.sleep(8000)]);
      const answered = call.queries.find(({ module }) => module === 'register')?.answered;
      if (answered) routes.push({ at: clock.now(), route: answered.route });
    }
    await clock.sleep(2000);
  }
}

async function feedVicidial(): Promise<void> {
  for (let index = 0; isFed; index = (index + 1) % leads.length) {
    await vicidial.place({ leadId: 1001 + index, campaign: 'SPRING', answerSec: 1 }).catch(() => undefined);
    await clock.sleep(4000);
  }
}

function contactOf(index: number): string {
  return `72055501${String(index).padStart(2, '0')}`;
}
