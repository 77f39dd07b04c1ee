import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { eventToken, keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const lockFile = fileURLToPath(new URL('../contract/store/lock-file.ts', import.meta.url));
const campaigns = { Autumn: { dispositions: { not_interested: 'gone' } } };

let dialer: MadeUpServer;
let patchbay: TestApp;

beforeEach(async () => {
  dialer = await startMadeUpServer([ada]);
  patchbay = await startTestApp({
    dialers: { carousel: { type: 'made-up', url: dialer.url, campaigns } },
    config: { sync: { onStart: true } },
  });
});

afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

it('leaves a handful of lines of a call at info, each with its correlation ID', async () => {
  const id = await endACall('mu-1');
  await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'));

  const told = patchbay.log.filter(({ level }) => Number(level) >= 30);
  const ofCall = told.filter(({ correlationId }) => correlationId === id);
  expect(ofCall.map(({ msg, endpoint }) => [msg, endpoint])).toEqual([
    ['dialer request', 'register'],
    ['dialer request', 'outcome'],
  ]);
  expect(told.filter(({ endpoint, correlationId }) => endpoint && !correlationId)).toEqual([]);
});

it('counts what happened, in series that do not grow with calls or with what strangers write', async () => {
  const oneMore = async (index: number) => {
    await endACall(`mu-${index}`);
    await ask(`/v1/ivr/dialer-${index}/register?call_id=mu-${index}`);
    await ask(`/v1/platforms/platform-${index}/events/${eventToken}`, { method: 'POST', body: '{}' });
  };
  await oneMore(1);
  await patchbay.postEvent({ event: 'call_ended' }, { forge: true });
  const before = await eventually(async () => {
    const text = await metrics();
    expect(text).toContain('\npatchbay_lead_sync_last_success_timestamp_seconds{dialer="carousel"} 1');
    expect(text).toContain('patchbay_deliveries_total{dialer="carousel",aspect="disposition",answer="done"} 1');
    return text;
  });

  for (let index = 2; index <= 12; index += 1) await oneMore(index);

  const after = await metrics();
  const known = new Set(seriesOf(before));
  const added = seriesOf(after).filter((series) => !known.has(series));
  // States come and go; what holds an id is one for each of the eleven.
  expect(added.length).toBeLessThan(11);
  expect(added.filter((series) => /mu-|dialer-|platform-|3035550111|Ada/.test(series))).toEqual([]);
  for (const line of [
    'patchbay_registrations_total{dialer="carousel",status="ok",route="ai"} 12',
    'patchbay_gate_answers_total{dialer="carousel",reason="allowed"} 12',
    'patchbay_webhooks_total{platform="sigmamind",result="denied"} 1',
    'patchbay_system_requests_total{system="carousel",direction="in",result="ok"} 24',
    'patchbay_log_lines_total{level="info"}',
    'patchbay_store_request_duration_seconds_count{lane="write"}',
    'patchbay_lead_sync_failed{dialer="carousel"} 0',
    'patchbay_build_info{version="0.0.0"',
    'patchbay_store_away 0',
    'patchbay_draining 0',
  ]) {
    expect(after).toContain(`\n${line}`);
  }
});

it('says that the store is away, and what waits on disk, while metrics are answered all the same', async () => {
  const file = join(patchbay.folder, 'patchbay.sqlite');
  const lock = spawn(process.execPath, [lockFile, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(lock.stdout, 'data');

  await endACall('mu-1');
  const text = await metrics();
  const ended = once(lock, 'exit');
  lock.kill('SIGKILL');
  await ended;

  expect(text).toContain('\npatchbay_store_away 1\n');
  expect(text).toMatch(/\npatchbay_spool_entries [1-9]/);
  expect(text).toMatch(/\npatchbay_log_lines_total\{level="error"\} [1-9]/);
  expect(text).toContain('\npatchbay_registrations_total{dialer="carousel",status="degraded",route="ai"} 1\n');
  await eventually(async () => expect(await metrics()).toContain('\npatchbay_store_away 0\n'));
});

async function endACall(callId: string): Promise<string> {
  const query = `call_id=${callId}&lead_id=r1&number=3035550111&campaign=Autumn`;
  const { correlation_id: id } = (await (await ask(`/v1/ivr/carousel/register?${query}`)).json()) as {
    correlation_id: string;
  };
  await ask('/v1/platforms/sigmamind/tools/commit-outcome', {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
    body: JSON.stringify({ correlation_id: id, outcome: 'not_interested' }),
  });
  await ask(`/v1/ivr/carousel/outcome?correlation_id=${id}`);
  return id;
}

function ask(path: string, options: RequestInit = {}): Promise<Response> {
  return fetch(`${patchbay.url}${path}`, { headers: { 'x-api-key': keys.script }, ...options });
}

async function metrics(): Promise<string> {
  return (await ask('/metrics')).text();
}

/** Names and labels of ours, without their values. */
function seriesOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('patchbay_'));
  return lines.map((line) => line.replace(/ [^ ]+$/, ''));
}
