import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { readLegRecords } from '../../src/flows/read-leg-records.ts';
import { tellRecord } from '../../src/flows/tell-record.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';
import { eventToken, keys, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';
import { linesOf, runMain } from '../unit/cli/run-main.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const noon = Date.parse('2026-03-04T19:00:00.000Z');
const minutes = 60_000;
const canary = 'zanzibar-canary-7731';

const platformConfig = {
  type: 'sigmamind',
  webhook: { tokens: [eventToken], signature: { secrets: [webhookSecret] } },
};

let now: number;
const clock: Clock = { now: () => now, sleep: realClock.sleep };
let dialer: MadeUpServer;
let patchbay: TestApp;

beforeEach(async () => {
  now = noon;
  dialer = await startMadeUpServer([ada]);
  patchbay = await start({});
});

afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

async function start(config: Record<string, unknown>): Promise<TestApp> {
  const campaigns = { '*': { dispositions: { not_interested: 'gone' } } };
  const dialers = { carousel: { type: 'made-up', url: dialer.url, campaigns } };
  const app = await startTestApp({ clock, dialers, config });
  // The service's own job runs at its start: the runs of a test come after it.
  const done = () => app.app.deps.store.readCursor('leg-records:carousel:150');
  await eventually(async () => expect(await done()).not.toBe(''));
  return app;
}

const at = (seconds: number) => new Date(noon + seconds * 1000).toISOString();
const factsOf = (id: string) => patchbay.app.deps.store.factsOf(id);
const recordsOf = async (id: string) =>
  (await factsOf(id)).flatMap(({ body }) => (body.kind === 'leg-record' ? [body] : []));

async function registered(callId: string): Promise<string> {
  const answer = await request(patchbay.url)
    .get(`/v1/ivr/carousel/register?call_id=${callId}&lead_id=r1&number=3035550111&campaign=Autumn`)
    .set('X-API-Key', keys.script);
  return String(answer.body.correlation_id);
}

function tell(id: string, event: string, seconds: number, more: object = {}) {
  const data = { callId: `call_${id}`, dynamicVariables: { correlation_id: id }, ...more };
  return patchbay.postEvent({ event, timestamp: at(seconds), data });
}

async function readOn(minutesAfter: number): Promise<void> {
  now = noon + minutesAfter * minutes;
  const carousel = patchbay.app.deps.dialers.get('carousel');
  if (!carousel) throw new Error('the made-up dialer is not there');
  await readLegRecords(patchbay.app.deps, carousel, new AbortController().signal);
}

async function metric(name: string): Promise<string[]> {
  const text = await (await fetch(`${patchbay.url}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe("what a dialer's own records say of a call", () => {
  it('is kept some minutes after the call, and again when the recording is there; then nobody asks any more', async () => {
    const id = await registered('mu-1');
    dialer.log.set('mu-1', { answeredAt: at(-1), endedAt: at(90), recordingUrls: [] });

    await readOn(5);
    const early = dialer.logReads();
    await readOn(11);
    await readOn(12);
    const first = await recordsOf(id);
    dialer.log.set('mu-1', { answeredAt: at(-1), endedAt: at(90), recordingUrls: ['https://dialer.invalid/1.mp3'] });
    await readOn(31);
    await readOn(200);

    expect(early).toBe(0);
    expect(first).toEqual([
      { kind: 'leg-record', dialer: 'carousel', answeredAt: at(-1), endedAt: at(90), recordingUrls: [] },
    ]);
    expect((await recordsOf(id)).map(({ recordingUrls }) => recordingUrls.length).sort()).toEqual([0, 1]);
    expect(dialer.logReads()).toBe(2);
  });

  it('waits for a dialer that is away, and misses no call', async () => {
    const id = await registered('mu-1');
    dialer.log.set('mu-1', { answeredAt: at(0), endedAt: at(90), recordingUrls: [] });
    // As at a site that has just begun to read them.
    for (const pass of [10, 30, 150]) {
      await patchbay.app.deps.store.writeCursor(`leg-records:carousel:${pass}`, '');
    }
    dialer.failNext('down', 50);

    await expect(readOn(11)).rejects.toThrow('the made-up dialer did not answer');
    dialer.heal();
    await readOn(25);

    expect(await recordsOf(id)).toHaveLength(1);
  });

  it('is not gathered again of a call that was erased', async () => {
    const id = await registered('mu-1');
    await request(patchbay.url)
      .post('/v1/platforms/sigmamind/tools/commit-outcome')
      .set('Authorization', `Bearer ${keys.tools}`)
      .send({ correlation_id: id, outcome: 'opt_out' });
    const erasure = { correlationId: id, platforms: ['sigmamind'], names: {}, by: 'cli:ada', now: at(60) };
    await patchbay.app.deps.store.eraseCall(erasure);
    dialer.log.set('mu-1', { answeredAt: at(0), endedAt: at(90), recordingUrls: ['https://dialer.invalid/1.mp3'] });

    await readOn(11);

    expect(await recordsOf(id)).toEqual([]);
    expect(dialer.logReads()).toBe(0);
  });

  it('leaves the outcome and its write-backs alone', async () => {
    const id = await registered('mu-1');
    await tell(id, 'conversation_ended', 60, { status: 'ended' });
    dialer.log.set('mu-1', { answeredAt: at(0), endedAt: at(90), recordingUrls: ['https://dialer.invalid/1.mp3'] });
    const before = await patchbay.app.deps.store.callById(id);

    await readOn(11);

    expect(await recordsOf(id)).toHaveLength(1);
    expect((await patchbay.app.deps.store.callById(id))?.outcome).toEqual(before?.outcome);
  });
});

describe('a recording of the platform that is there later than the end of the call', () => {
  it('is asked for once, and does not change the outcome', async () => {
    const platform = await startSigmamindSimulator({
      clock: realClock,
      apiKey: 'key-1',
      behaviours: { '*': { talkSec: 0, analysisAfterSec: 0 } },
    });
    try {
      await patchbay.stop();
      const sigmamindAt = { ...platformConfig, apiKey: 'key-1', apiUrl: platform.url };
      patchbay = await start({ platforms: { sigmamind: sigmamindAt } });
      const id = await registered('mu-1');
      const { callId } = platform.placeSipCall({ to: '+19895550123', from: '+13035550111' });
      await eventually(() => expect(platform.calls()[0]?.isDone).toBe(true));
      await tell(id, 'conversation_ended', 30, { callId, status: 'ended' });
      const before = (await patchbay.app.deps.store.callById(id))?.outcome;

      for (const after of [11, 31, 151]) await readOn(after);

      const after = (await patchbay.app.deps.store.callById(id))?.outcome;
      expect(before?.recordingUrl).toBeUndefined();
      expect(after).toEqual({ ...before, recordingUrl: expect.stringMatching(/^https:.*\.mp3$/) });
      expect((await factsOf(id)).filter(({ body }) => body.kind === 'ended')).toHaveLength(2);
    } finally {
      await platform.stop();
    }
  });
});

describe("the time to the AI's first word", () => {
  const histogram = 'patchbay_answer_to_first_word_seconds';

  it('is measured once per call, by the answer that the dialer tells', async () => {
    const id = await registered('mu-1');
    await tell(id, 'conversation_started', 3);
    dialer.log.set('mu-1', { answeredAt: at(1), endedAt: at(90), recordingUrls: [] });

    for (const after of [11, 31, 151]) await readOn(after);

    expect(await metric(`${histogram}_count`)).toEqual([`${histogram}_count{dialer="carousel",answer="dialer"} 1`]);
    expect(await metric(`${histogram}_sum`)).toEqual([`${histogram}_sum{dialer="carousel",answer="dialer"} 2`]);
  });

  it('is an estimate where the dialer tells nothing, and is not counted where the clocks differ', async () => {
    await tell(await registered('mu-1'), 'conversation_started', 4);
    await tell(await registered('mu-2'), 'conversation_started', -30);
    await registered('mu-3');

    for (const after of [11, 31, 151, 300]) await readOn(after);

    expect(await metric(`${histogram}_sum`)).toEqual([`${histogram}_sum{dialer="carousel",answer="estimate"} 4`]);
    expect(await metric('patchbay_first_word_unusable_total{')).toEqual([
      'patchbay_first_word_unusable_total{dialer="carousel"} 1',
    ]);
  });
});

describe('patchbay calls', () => {
  const registry = { dialers: [madeUp], platforms: [sigmamind] };

  function configFile(platform: object = {}): string {
    const file = join(patchbay.folder, 'patchbay.json');
    const config = {
      store: { kind: 'sqlite', file: join(patchbay.folder, 'patchbay.sqlite') },
      spool: { folder: join(patchbay.folder, 'spool-of-the-command') },
      secret: 'a-secret-of-this-test',
      clients: { script: { keys: ['0'.repeat(64)], may: ['dialer'] } },
      dialers: { carousel: { type: 'made-up', url: dialer.url } },
      platforms: { sigmamind: { type: 'sigmamind', apiKey: 'key-1', ...platform } },
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  const run = (...words: string[]) => runMain(['--config', configFile(), 'calls', ...words], registry);

  async function wholeCall(): Promise<string> {
    const id = await registered('mu-1');
    await tell(id, 'conversation_started', 2);
    await request(patchbay.url)
      .post('/v1/platforms/sigmamind/tools/commit-outcome')
      .set('Authorization', `Bearer ${keys.tools}`)
      .send({ correlation_id: id, outcome: 'not_interested', summary: 'Has one' });
    await tell(id, 'conversation_ended', 60, { status: 'ended', duration: 58 });
    await tell(id, 'conversation_analysed', 95, { recordingUrl: 'https://platform.invalid/2.mp3' });
    dialer.log.set('mu-1', { answeredAt: at(0.5), endedAt: at(61), recordingUrls: ['https://dialer.invalid/1.mp3'] });
    await readOn(11);
    await eventually(async () => {
      expect((await patchbay.app.deps.store.writeBacksOf(id))[0]?.state).toBe('confirmed');
    });
    return id;
  }

  it('shows a call by any of its names, in the order of time, with both recordings and the proof', async () => {
    const id = await wholeCall();

    const shown = await run('show', id);
    const others = [await run('show', `call_${id}`), await run('show', 'mu-1'), await run('show', '(303) 555-0111')];

    for (const other of others) expect(other.out).toBe(shown.out);
    const lines = shown.out.split('\n');
    expect(lines[0]).toContain(`call ${id}`);
    expect(lines[0]).toContain('not_interested (committed)');
    expect(shown.out).toMatch(/matched by {2}correlation-id/);
    expect(shown.out).toContain(`first word  1.5 s after the answer: answered ${at(0.5)}, began ${at(2)}`);
    expect(shown.out).toMatch(/recording {3}carousel {2}https:\/\/dialer\.invalid\/1\.mp3/);
    expect(shown.out).toMatch(/recording {3}sigmamind {2}https:\/\/platform\.invalid\/2\.mp3/);
    const steps = lines.filter((line) => /^ {2}2026-/.test(line));
    const times = steps.map((line) => line.slice(2, 26));
    expect(times).toEqual([...times].sort());
    expect(shown.out).toMatch(/\+58\.0 s {2}sigmamind {2}ended hung_up after 58 s/);
    expect(shown.out).toMatch(/confirmed: disposition r1 gone \(the ticket is through\)/);
  });

  it('gives the same as JSON, and says when there is no such call', async () => {
    const id = await wholeCall();

    const [line] = linesOf(await run('show', id, '--json'));
    const nobody = await run('show', 'nobody');

    expect(line).toMatchObject({
      call: { correlationId: id },
      timeline: { matchedBy: 'correlation-id', firstWord: { kind: 'measured', seconds: 1.5, answer: 'dialer' } },
    });
    expect(nobody.exitCode).toBe(1);
    expect(nobody.err).toContain('No call has this name, or this number.');
  });

  it('lists the calls of a number when there are several', async () => {
    const ids = [await registered('mu-1'), await registered('mu-2')];

    const { out } = await run('show', '+13035550111');

    for (const id of ids) expect(out).toContain(`call ${id}`);
    expect(out).toContain('show one by its ID');
  });

  it('fetches what was spoken from the platform, and keeps nothing of it', async () => {
    const platform = await startSigmamindSimulator({
      clock: realClock,
      apiKey: 'key-1',
      behaviours: { '*': { talkSec: 0, analysisAfterSec: 0 } },
    });
    try {
      const id = await registered('mu-1');
      const { callId } = platform.placeSipCall({ to: '+19895550123', from: '+13035550111' });
      await eventually(() => expect(platform.calls()[0]?.isDone).toBe(true));
      await tell(id, 'conversation_ended', 30, { callId, status: 'ended' });

      const args = ['--config', configFile({ apiUrl: platform.url }), 'calls', 'transcript', id];
      const people = await runMain(args, registry);
      const [machines] = linesOf(await runMain([...args, '--json'], registry));

      expect(people.out).toBe('sigmamind, from the platform\nAgent: Hello, this is a simulated call.\nUser: Hello.\n');
      expect(machines).toMatchObject({ correlationId: id, platform: 'sigmamind', from: 'platform' });
      expect(await patchbay.app.deps.store.transcriptsOf(id)).toEqual([]);
      const read = (await patchbay.app.deps.store.auditLog(5)).map(({ act, subject }) => `${act} ${subject}`);
      expect(read).toEqual([`transcript-read ${id}`, `transcript-read ${id}`]);
    } finally {
      await platform.stop();
    }
  });
});

describe('what was spoken', () => {
  /** Every shape in which a platform may bring it. */
  async function tellWithTranscript(id: string): Promise<void> {
    const transcript = `Agent: Hello.\nUser: My card is ${canary}.`;
    const names = { callId: `call_${id}`, dynamicVariables: { correlation_id: id, transcript } };
    await tell(id, 'conversation_started', 1, { transcript });
    await tell(id, 'conversation_ended', 60, { status: 'ended', transcript });
    await tell(id, 'conversation_analysed', 90, {
      transcript: [{ role: 'user', content: transcript }],
      postConversationAnalysis: [{ insightName: 'call transcript', value: transcript }],
    });
    const flat = { call_id: `call_${id}`, correlation_id: id, transcript, call: { transcript } };
    await patchbay.postEvent({ event: 'conversation_paused', ...flat, data: names });
    await patchbay.postEvent({ event: 'node_executed', transcript, data: { transcript } });
    await request(patchbay.url)
      .post('/v1/platforms/sigmamind/tools/commit-outcome')
      .set('Authorization', `Bearer ${keys.tools}`)
      .send({ correlation_id: id, outcome: 'not_interested', summary: 'No', transcript });
  }

  function everythingKept(folder: string): string {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  }

  it('is nowhere in the store, the spool or the log while it is not configured', async () => {
    const id = await registered('mu-1');
    await tellWithTranscript(id);
    await patchbay.app.deps.board.flush();

    const kept = everythingKept(patchbay.folder);

    expect((await factsOf(id)).map(({ body }) => body.kind)).toEqual(
      expect.arrayContaining(['started', 'ended', 'analysed', 'committed']),
    );
    expect(kept).toContain('not_interested');
    expect(kept).not.toContain(canary);
    expect(JSON.stringify(patchbay.log)).not.toContain(canary);
    expect(await patchbay.app.deps.store.transcriptsOf(id)).toEqual([]);
  });

  it('is kept in its own table, and in no fact, where a site wants it', async () => {
    await patchbay.stop();
    patchbay = await start({ transcripts: { keep: true } });
    const id = await registered('mu-1');
    await tellWithTranscript(id);

    const [kept, ...others] = await patchbay.app.deps.store.transcriptsOf(id);

    expect(others).toEqual([]);
    expect(kept).toMatchObject({ correlationId: id, platform: 'sigmamind' });
    expect(kept?.spoken).toContain(canary);
    expect(JSON.stringify(await factsOf(id))).not.toContain(canary);
    expect(JSON.stringify(patchbay.log)).not.toContain(canary);
    expect(JSON.stringify(await patchbay.app.deps.store.attention({ limit: 100 }))).not.toContain(canary);
  });

  it('is kept too when only the platform’s own record has it', async () => {
    const platform = await startSigmamindSimulator({
      clock: realClock,
      apiKey: 'key-1',
      behaviours: { '*': { talkSec: 0, analysisAfterSec: 0 } },
    });
    try {
      await patchbay.stop();
      const sigmamindAt = { ...platformConfig, apiKey: 'key-1', apiUrl: platform.url };
      patchbay = await start({ platforms: { sigmamind: sigmamindAt }, transcripts: { keep: true } });
      const id = await registered('mu-1');
      const { callId } = platform.placeSipCall({ to: '+19895550123', from: '+13035550111' });
      await eventually(() => expect(platform.calls()[0]?.isDone).toBe(true));
      await tell(id, 'conversation_ended', 30, { callId, status: 'ended' });
      const before = await patchbay.app.deps.store.transcriptsOf(id);

      const ours = patchbay.app.deps.platforms.get('sigmamind');
      const record = await ours?.readCall?.(callId);
      if (!ours || !record) throw new Error('the platform has no record');
      await tellRecord(patchbay.app.deps, ours, record);

      expect(before).toEqual([]);
      expect(await patchbay.app.deps.store.transcriptsOf(id)).toMatchObject([
        { platform: 'sigmamind', spoken: 'Agent: Hello, this is a simulated call.\nUser: Hello.' },
      ]);
    } finally {
      await platform.stop();
    }
  });
});
