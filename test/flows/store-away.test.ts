import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const budgets = { registerMs: 400, outcomeMs: 400, headersMs: 200 };
const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
/** For the way over the network and a busy machine. */
const slackMs = 350;
const silenceMs = 10_000;

let dialer: MadeUpServer;
let patchbay: TestApp;

interface Case {
  name: string;
  store(): Promise<Record<string, unknown> | undefined>;
  /** Makes the store silent; gives back how to end that. */
  silence(): Promise<() => Promise<void>>;
  end(): Promise<void>;
}

let mariadb: PrivateMariaDb | undefined;

const cases: Case[] = [
  {
    name: 'the SQLite file is locked by another process',
    store: async () => undefined,
    silence: () => lockFile(join(patchbay.folder, 'patchbay.sqlite')),
    end: async () => undefined,
  },
  {
    name: 'MariaDB is frozen',
    async store() {
      mariadb = await startPrivateMariaDb();
      await mariadb.createDatabase('patchbay');
      const { host, port, user, password } = mariadb;
      return { kind: 'mysql', host, port, user, password, database: 'patchbay' };
    },
    async silence() {
      const pid = mariadb?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      return async () => void process.kill(pid, 'SIGCONT');
    },
    end: async () => mariadb?.stop(),
  },
];

describe.each(cases)('while $name', (place) => {
  beforeEach(async () => {
    dialer = await startMadeUpServer([ada]);
    const store = await place.store();
    patchbay = await startTestApp({
      ...(store && { store }),
      dialers: {
        carousel: {
          type: 'made-up',
          url: dialer.url,
          budgets,
          headers: [
            { name: 'X-correlation_id', from: 'correlation_id' },
            { name: 'X-first_name', from: 'first_name' },
          ],
          campaigns: { Autumn: { dispositions: { not_interested: 'gone', callback: 'later' } } },
        },
      },
    });
  });

  afterEach(async () => {
    await patchbay.stop();
    await dialer.stop();
    await place.end();
  });

  it('every live request is answered within its budget for 10 s, and nothing acknowledged is lost', {
    timeout: 60_000,
  }, async () => {
    const before = await timed('register', {
      call_id: 'mu-1',
      lead_id: 'r1',
      number: '3035550111',
      campaign: 'Autumn',
    });
    const known = JSON.parse(before.text) as Record<string, string>;
    const release = await place.silence();
    const silentUntil = performance.now() + silenceMs;

    const register = await timed('register', {
      call_id: 'mu-2',
      number: '3035550111',
      campaign: 'Autumn',
      first_name: 'Ada',
      lead_id: 'r1',
    });
    const again = await timed('register', { call_id: 'mu-2' });
    const headers = await timed('headers', { code: 'mu-3', lead_id: 'r1' });
    const outcome = await timed('outcome', { correlation_id: known.correlation_id ?? '' });
    const unknown = await timed('outcome', { call_id: 'mu-99' });
    const registered = JSON.parse(register.text) as Record<string, string>;
    const commit = await timedPost({ correlation_id: registered.correlation_id, outcome: 'not_interested' });
    const event = await timedEvent(known.correlation_id ?? '');
    const ready = await fetch(`${patchbay.url}/readyz`);
    const readiness = (await ready.json()) as { status: string };
    const later: Later[] = [];
    while (performance.now() < silentUntil) later.push(await askAgain(`mu-later-${later.length}`));
    await release();

    expect(registered).toMatchObject({ status: 'degraded', route: 'ai', 'X-first_name': 'Ada' });
    expect((JSON.parse(again.text) as Record<string, string>).correlation_id).toBe(registered.correlation_id);
    expect(headers.text).toMatch(/^X-correlation_id: \w{14}/);
    expect(JSON.parse(outcome.text)).toMatchObject({ status: 'pending', route: 'skill' });
    expect(JSON.parse(unknown.text)).toMatchObject({ route: 'skill' });
    expect(JSON.parse(commit.text)).toMatchObject({ ok: true });
    expect([ready.status, readiness.status]).toEqual([200, 'degraded']);
    expect(event.status).toBe(200);
    for (const answer of [register, again]) expect(answer.ms).toBeLessThan(budgets.registerMs + slackMs);
    for (const answer of [outcome, unknown]) expect(answer.ms).toBeLessThan(budgets.outcomeMs + slackMs);
    expect(headers.ms).toBeLessThan(budgets.headersMs + slackMs);
    for (const answer of [commit, event]) expect(answer.ms).toBeLessThan(2000);
    expect(later.length).toBeGreaterThan(3);
    for (const round of later) {
      expect(round.register.ms).toBeLessThan(budgets.registerMs + slackMs);
      expect(round.headers.ms).toBeLessThan(budgets.headersMs + slackMs);
      expect(round.outcome.ms).toBeLessThan(budgets.outcomeMs + slackMs);
      expect(round.event.ms).toBeLessThan(2000);
      expect([round.register, round.headers, round.outcome, round.event].map(({ status }) => status)).toEqual([
        200, 200, 200, 200,
      ]);
    }

    await eventually(async () => {
      const [call] = await patchbay.app.deps.store.callsWithOutcome([registered.correlation_id ?? '']);
      expect(call?.outcome?.code).toBe('not_interested');
      expect(dialer.records.get('r1')?.values.disposition).toBe('gone');
      const facts = await patchbay.app.deps.store.factsOf(known.correlation_id ?? '');
      expect(facts.map(({ body }) => body.kind)).toContain('started');
      expect(patchbay.app.deps.spool.size()).toBe(0);
      for (const round of later) {
        const kept = await patchbay.app.deps.store.factsOf(round.correlationId);
        expect(kept.map(({ body }) => body.kind)).toEqual(expect.arrayContaining(['registered', 'started']));
      }
    }, 15_000);
  });
});

interface Later {
  correlationId: string;
  register: Timed;
  headers: Timed;
  outcome: Timed;
  event: Timed;
}

/** One more call while the store is still silent. */
async function askAgain(callId: string): Promise<Later> {
  const register = await timed('register', {
    call_id: callId,
    number: '3035550111',
    campaign: 'Autumn',
    lead_id: 'r1',
  });
  const { correlation_id: correlationId = '' } = JSON.parse(register.text) as Record<string, string>;
  const headers = await timed('headers', { code: callId, lead_id: 'r1' });
  const event = await timedEvent(correlationId, `call_of_${callId}`);
  const outcome = await timed('outcome', { correlation_id: correlationId });
  return { correlationId, register, headers, outcome, event };
}

interface Timed {
  status: number;
  text: string;
  ms: number;
}

async function time(work: () => Promise<Response>): Promise<Timed> {
  const startedAt = performance.now();
  const response = await work();
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - startedAt };
}

function timed(endpoint: string, query: Record<string, string>): Promise<Timed> {
  const url = `${patchbay.url}/v1/ivr/carousel/${endpoint}?${new URLSearchParams(query)}`;
  return time(() => fetch(url, { headers: { 'x-api-key': keys.script } }));
}

function timedPost(body: object): Promise<Timed> {
  return time(() =>
    fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

function timedEvent(correlationId: string, callId = 'call_1'): Promise<Timed> {
  const data = { callId, dynamicVariables: { correlation_id: correlationId } };
  return time(() => patchbay.postEvent({ event: 'conversation_started', data }));
}

/** Another process holds the file's write lock until it is told to let go. */
async function lockFile(file: string): Promise<() => Promise<void>> {
  const program = `
    const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync(process.argv[1]);
    db.exec('pragma busy_timeout = 5000; begin exclusive');
    console.log('locked');
    process.stdin.on('data', () => { db.exec('rollback'); process.exit(0); });`;
  const child: ChildProcess = spawn(process.execPath, ['-e', program, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout) await once(child.stdout, 'data');
  return async () => {
    child.stdin?.write('go\n');
    await once(child, 'exit');
  };
}
