import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import type { Answer, Question } from '../support/ask-at-once.ts';
import { eventually } from '../support/eventually.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { quietMachine } from '../support/quiet-machine.ts';
import { inboundToken, keys, startTestApp, type TestApp } from '../support/start-app.ts';

/** The contract: after four late answers the platform drops the customer's call. */
const contractMs = 1000;
const atOnce = 200;
const aiNumber = '+13035550199';
const people = Array.from({ length: 40 }, (_, index) => ({
  key: `r${index}`,
  number: `30355501${String(index).padStart(2, '0')}`,
  name: `Ada ${index}`,
  values: {},
}));
/** These have two calls at once. */
const doubled = new Set(people.slice(30).map(({ number }) => number));

let dialer: MadeUpServer;
let patchbay: TestApp;
let mariadb: PrivateMariaDb | undefined;

interface Case {
  name: string;
  store(): Promise<Record<string, unknown> | undefined>;
  /** Makes the store silent; gives back how to end that. */
  silence(): Promise<() => Promise<void>>;
  end(): Promise<void>;
}

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

describe.each(cases)('while $name and the dialer is dead', (place) => {
  beforeEach(async () => {
    dialer = await startMadeUpServer(people);
    const store = await place.store();
    patchbay = await startTestApp({
      ...(store && { store }),
      dialers: {
        carousel: {
          type: 'made-up',
          url: dialer.url,
          headers: [
            { name: 'X-correlation_id', from: 'correlation_id' },
            { name: 'X-lead_id', from: 'lead_id' },
          ],
          campaigns: { Autumn: {} },
        },
      },
    });
  });

  afterEach(async () => {
    await patchbay.stop();
    await place.end();
  });

  it('200 questions at once are each answered with 200 within a second, by the one call that it can be', {
    timeout: 120_000,
  }, async () => {
    const ids = new Map<string, string>();
    for (const { key, number } of people) {
      ids.set(number, await register(`mu-${key}`, key, number));
      if (doubled.has(number)) await register(`mu-${key}-again`, key, number);
    }
    await dialer.stop();
    await quietMachine();
    const release = await place.silence();

    const questions = Array.from({ length: atOnce }, (_, index) => people[index % people.length]?.number ?? '');
    const cold = await askAll(questions);
    const warm = await askAll(questions);
    await release();

    for (const [name, answers] of Object.entries({ cold, warm })) {
      const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
      process.stdout.write(
        `inbound-call, ${place.name}, ${name}: ${atOnce} at once, p99 ${times[Math.floor(atOnce * 0.99)]} ms, max ${times.at(-1)} ms\n`,
      );
      for (const { number, status, ms, body } of answers) {
        expect(status).toBe(200);
        expect(ms).toBeLessThan(contractMs);
        const { dynamic_variables: told } = JSON.parse(body) as { dynamic_variables: Record<string, string> };
        expect(told.correlation_id, number).toBe(doubled.has(number) ? undefined : ids.get(number));
      }
    }
    await patchbay.app.deps.board.flush();
    await eventually(async () => {
      const items = await patchbay.app.deps.store.attention({ kind: 'ambiguous-call', limit: 99 });
      expect(items).toHaveLength(doubled.size);
    }, 20_000);
  });

  it('whatever is asked, and however broken, is answered with 200', { timeout: 120_000 }, async () => {
    await quietMachine();
    const release = await place.silence();
    const odd = [
      '',
      '{"event":',
      '[]',
      '{"event":"inbound_sms","from_number":"+13035550111","text":"hello"}',
      '{"event":"inbound_call"}',
      '{"from_number":{"a":1},"to_number":[]}',
      JSON.stringify({ event: 'inbound_call', from_number: '+13035550111', more: 'x'.repeat(2_000_000) }),
    ];

    const answers = await askAtOnce([
      ...odd.map((body) => ({ body })),
      { body: 'no gzip', headers: { 'content-encoding': 'gzip' } },
      { body: '{}', headers: { 'content-encoding': 'unheard-of' } },
      { body: '{}', headers: { 'content-type': 'application/json; charset=unheard-of' } },
    ]);
    await release();

    for (const { status, body, ms } of answers) {
      expect([status, body]).toEqual([200, '{"dynamic_variables":{}}']);
      expect(ms).toBeLessThan(contractMs);
    }
  });
});

describe('of a busy campaign whose dialer shows its own number', () => {
  const office = '3035550190';
  const otherAiNumber = '+13035550198';

  it('200 questions at once are answered in time, and one finds the call that waits among the thousands of the day', {
    timeout: 120_000,
  }, async () => {
    dialer = await startMadeUpServer(people);
    patchbay = await startTestApp({
      dialers: {
        carousel: { type: 'made-up', url: dialer.url, handsTo: { Autumn: otherAiNumber }, campaigns: { Autumn: {} } },
      },
    });
    const waiting = await register('mu-r1', 'r1', people[1]?.number ?? '');
    const { memory, store } = patchbay.app.deps;
    const call = await store.callById(waiting);
    if (!call) throw new Error('the call is not there');
    const outcome = { code: 'sale', basis: 'committed', at: call.registeredAt, summary: '', fields: {} } as const;
    for (let index = 0; index < 19_000; index += 1) {
      const registeredAt = new Date(Date.now() - index * 500).toISOString();
      memory.rememberCall({ ...call, correlationId: `of-today-${index}`, registeredAt, outcome });
    }

    await quietMachine();
    const answers = await askAll(
      Array.from({ length: atOnce }, () => office),
      otherAiNumber,
    );
    const [alone] = await askAll([office], otherAiNumber);
    await patchbay.stop();
    await dialer.stop();

    const slowest = Math.max(...answers.map(({ ms }) => ms));
    process.stdout.write(`inbound-call, of a busy campaign: ${atOnce} at once, max ${slowest} ms\n`);
    expect(slowest).toBeLessThan(contractMs);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(JSON.parse(alone?.body ?? '')).toMatchObject({ dynamic_variables: { correlation_id: waiting } });
  });
});

async function register(callId: string, leadId: string, number: string): Promise<string> {
  const query = new URLSearchParams({ call_id: callId, lead_id: leadId, number, campaign: 'Autumn' });
  const answer = await fetch(`${patchbay.url}/v1/ivr/carousel/register?${query}`, {
    headers: { 'x-api-key': keys.script },
  });
  return String(((await answer.json()) as { correlation_id: string }).correlation_id);
}

async function askAll(numbers: readonly string[], to = aiNumber): Promise<(Answer & { number: string })[]> {
  const questions = numbers.map((number) => ({
    body: JSON.stringify({ event: 'inbound_call', from_number: `+1${number}`, to_number: to }),
  }));
  const answers = await askAtOnce(questions);
  return answers.map((answer, index) => ({ ...answer, number: numbers[index] ?? '' }));
}

async function askAtOnce(questions: readonly Question[]): Promise<Answer[]> {
  const script = new URL('../support/ask-at-once.ts', import.meta.url).pathname;
  const url = `${patchbay.url}/v1/platforms/sigmamind/inbound-call/${inboundToken}`;
  const child = spawn(process.execPath, [script, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(questions));
  return JSON.parse(await text(child.stdout)) as Answer[];
}

/** Another process begins an exclusive transaction, and keeps it until it is killed. */
async function lockFile(file: string): Promise<() => Promise<void>> {
  const script = new URL('../contract/store/lock-file.ts', import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
}
