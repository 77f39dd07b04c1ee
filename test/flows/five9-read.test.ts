import { afterEach, describe, expect, it } from 'vitest';
import { five9 } from '../../connectors/five9/index.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { syncLeads } from '../../src/flows/sync-leads.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';
import { answerXml, faultXml, type StubAnswer, startSoapStub } from '../unit/five9/soap-stub.ts';

/** A Five9 that only knows reports: each gives the lines that it held when it was run. */
async function startReportingFive9() {
  const reports = new Map<string, { name: string; start: string; end: string; lines: string[] }>();
  const site = { lines: {} as Record<string, string[]>, failNext: '' };

  function answer(operation: string, xml: string): StubAnswer {
    const text = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
    const say = (value: unknown) => ({ body: answerXml(operation, `<return>${value}</return>`) });
    if (site.failNext === operation) {
      site.failNext = '';
      return { status: 503, body: '<html>busy</html>', isRaw: true };
    }
    if (operation === 'runReport') {
      const name = text('reportName');
      const lines = site.lines[name];
      if (!lines) return faultXml('ReportNotFound', `<reportName>${name}</reportName>`);
      reports.set(`R${reports.size + 1}`, { name, start: text('start'), end: text('end'), lines });
      return say(`R${reports.size}`);
    }
    if (operation === 'isReportRunning') return say(false);
    const report = reports.get(text('identifier'));
    if (operation === 'getReportResultCsv')
      return report ? say(report.lines.join('\n')) : faultXml('UnknownIdentifier');
    return { body: answerXml(operation, '') };
  }

  const stub = await startSoapStub(answer);
  return {
    ...stub,
    site,
    reports,
    counted: (name: string) => stub.requests.filter((r) => r.operation === name).length,
  };
}

type ReportingFive9 = Awaited<ReturnType<typeof startReportingFive9>>;

const hourMs = 3_600_000;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A Patchbay before this Five9, by a clock that can be moved on. */
async function start(more: Record<string, unknown> = {}) {
  const site = await startReportingFive9();
  stops.push(() => site.stop());
  let ahead = 0;
  const clock: Clock = { now: () => Date.now() + ahead, sleep: realClock.sleep };
  const patchbay = await startTestApp({
    registry: { dialers: [five9], platforms: [sigmamind] },
    clock,
    dialers: { five9: configFor(site, more) },
  });
  stops.push(() => patchbay.stop());
  const passes = (ms: number) => {
    ahead += ms;
  };
  return { site, patchbay, clock, passes };
}

function configFor(site: ReportingFive9, more: Record<string, unknown>) {
  return {
    type: 'five9',
    soap: { host: site.url, users: [{ user: 'ada@example', password: 'engine' }] },
    domainTimeZone: 'America/New_York',
    keyField: 'number1',
    campaigns: { Spring: { dispositions: { sale: 'AI - Sale', wrong_number: 'Wrong number' } } },
    ...more,
  };
}

describe('the lead sync by a saved report', () => {
  const header = 'NUMBER1,FIRST NAME';
  const leads = Array.from({ length: 900 }, (_, n) => `212555${String(n).padStart(4, '0')},Ada ${n}`);
  const report = { folder: 'Patchbay', name: 'Leads', byLastModified: true };

  it('goes on after a restart in the middle, by the identifier in its cursor, and reads what changed the next time', async () => {
    const { site, patchbay } = await start({ sync: { report } });
    site.site.lines.Leads = [header, ...leads];
    const dialer = patchbay.app.deps.dialers.get('five9');
    if (!dialer) throw new Error('there is no dialer');
    const cutOff = new AbortController();

    const first = syncLeads(patchbay.app.deps, dialer, cutOff.signal, {
      onPage: ({ leads }) => leads > 0 && cutOff.abort(),
    });
    await expect(first).rejects.toThrow();
    // Another process: it holds no rows in memory.
    const other = await startTestApp({
      registry: { dialers: [five9], platforms: [sigmamind] },
      store: { kind: 'sqlite', file: `${patchbay.folder}/patchbay.sqlite` },
      dialers: { five9: configFor(site, { sync: { report } }) },
    });
    stops.push(() => other.stop());
    const otherDialer = other.app.deps.dialers.get('five9');
    if (!otherDialer) throw new Error('there is no dialer');
    const second = await syncLeads(other.app.deps, otherDialer, new AbortController().signal);

    expect(second).toMatchObject({ isResumed: true, leads: 400, rejects: {} });
    expect(site.counted('runReport')).toBe(1);
    const last = await other.app.deps.store.leadByKey('five9', '2125550899');
    expect(last).toMatchObject({ phones: ['+12125550899'], fields: { first_name: 'Ada 899' } });

    await syncLeads(other.app.deps, otherDialer, new AbortController().signal);
    const [whole, changes] = [...site.reports.values()];
    expect(whole?.start).toBe('2010-01-01T00:00:00.000-08:00');
    expect(Date.parse(changes?.start ?? '')).toBe(Date.parse(whole?.end ?? '') - 1.5 * hourMs);
  });
});

describe('the call log', () => {
  const header = 'CALL ID,TIMESTAMP,CAMPAIGN,AGENT,DISPOSITION,CALL TIME';

  it("tells what it shows beside what we wrote; an agent's word wins, once", async () => {
    const { site, patchbay, clock, passes } = await start();
    passes(-3 * hourMs);
    await talk(patchbay, '30000000001', '2125550101', 'sale');
    const bens = await talk(patchbay, '30000000002', '2125550102', 'sale');
    await talk(patchbay, '30000000003', '2125550103', 'sale');
    const calledAt = clock.now();
    const at = pacificText(calledAt);
    passes(3 * hourMs);
    site.site.lines['Call Log'] = [
      header,
      `30000000001,"${at}",Spring,[None],AI - Sale,00:02:00`,
      `30000000002,"${at}",Spring,grace@example.com,Wrong number,00:02:00`,
      `30000000009,"${at}",Spring,,No Answer,00:00:20`,
      `30000000010,"${at}",A campaign without AI,grace@example.com,Sale,00:00:20`,
    ];

    const first = await run(patchbay, { since: '5h' });
    const second = await run(patchbay, { since: '5h' });
    const ends = (await patchbay.app.deps.store.factsOf(bens)).filter(({ body }) => body.kind === 'leg-record');

    expect(ends).toHaveLength(1);
    const endedAt = new Date(Math.floor(calledAt / 1000) * 1000 + 120_000).toISOString();
    expect(ends[0]?.body).toEqual({ kind: 'leg-record', dialer: 'five9', endedAt, recordingUrls: [] });
    const counts = { same: 1, differs: 0, human: 1, system: 0, open: 0, unknown: 1, missing: 1 };
    expect(first.lines.at(-1)).toMatchObject({ ok: false, counts, newHuman: 1, rejects: {} });
    expect(first.exitCode).toBe(1);
    expect(first.lines.filter(({ kind }) => kind !== 'same')).toMatchObject([
      { kind: 'human', callId: '30000000002', wrote: 'AI - Sale', shows: 'Wrong number', agent: 'grace@example.com' },
      { kind: 'unknown', callId: '30000000009' },
      { kind: 'missing', callId: '30000000003' },
      { ok: false },
    ]);
    expect(second.lines.at(-1)).toMatchObject({ counts, newHuman: 0 });
    const { texts } = await run(patchbay, { since: '5h' }, false);
    expect(texts).toHaveLength(4);
    expect(texts[0]).toMatch(
      /^human .*30000000002 {2}Spring: the log shows "Wrong number" by grace@example.com: it wins; we wrote/,
    );
    expect(texts[3]).toContain('1 same, 0 differs, 1 human, 0 system, 0 open, 1 unknown, 1 missing; 0 new results');
    const facts = await patchbay.app.deps.store.factsOf(bens);
    expect(facts.filter(({ body }) => body.kind === 'dispositioned')).toHaveLength(1);
    expect(await outcomeOf(patchbay, '30000000002')).toMatchObject({ outcome: 'wrong_number' });
    expect(await outcomeOf(patchbay, '30000000001')).toMatchObject({ outcome: 'sale' });
  });

  it('takes the last word of a call that two agents had, and stays with it however often it is read', async () => {
    const { site, patchbay, clock, passes } = await start();
    passes(-3 * hourMs);
    const adas = await talk(patchbay, '30000000001', '2125550101', 'sale');
    const at = pacificText(clock.now());
    passes(3 * hourMs);
    site.site.lines['Call Log'] = [
      header,
      `30000000001,"${at}",Spring,hedy@example.com,Wrong number,00:09:00`,
      `30000000001,"${at}",Spring,grace@example.com,Passed on,00:02:00`,
    ];

    const runs = [await run(patchbay, { since: '5h' }), await run(patchbay, { since: '5h' })];

    expect(runs.map(({ lines }) => lines.at(-1))).toMatchObject([{ newHuman: 1 }, { newHuman: 0 }]);
    const facts = await patchbay.app.deps.store.factsOf(adas);
    expect(facts.filter(({ body }) => body.kind === 'dispositioned')).toMatchObject([
      { body: { disposition: 'Wrong number', by: 'hedy@example.com' } },
    ]);
  });

  it('can not begin later than now', async () => {
    const { patchbay } = await start();

    for (const since of ['soon', '2999-01-01T00:00:00Z', '-5h']) {
      await expect(run(patchbay, { since }, false)).rejects.toMatchObject({ code: 'bad_request' });
    }
  });

  it('says what to change when the report is not there', async () => {
    const { patchbay } = await start({ callLog: { report: 'Ours' } });

    await expect(run(patchbay, {}, false)).rejects.toMatchObject({
      code: 'dialer_refused',
      message: expect.stringContaining('ReportNotFound (reportName Ours)'),
      hint: expect.stringContaining('`callLog`'),
    });
  });

  it('is read by cron from where it was left, with an overlap, and goes on with a report that was cut off', async () => {
    const { site, patchbay, passes } = await start({ callLog: { cron: '20 * * * *' } });
    site.site.lines['Call Log'] = [header];
    const jobs = patchbay.app.instances.find(({ id }) => id === 'five9')?.jobs ?? [];
    const job = jobs.find(({ name }) => name === 'call-log');
    const { signal } = new AbortController();

    site.site.failNext = 'getReportResultCsv';
    await expect(job?.run(signal)).rejects.toMatchObject({ code: 'dialer_away' });
    await job?.run(signal);
    expect(site.counted('runReport')).toBe(1);

    await job?.run(signal);
    expect(site.counted('runReport')).toBe(1);

    passes(hourMs);
    await job?.run(signal);
    const [first, next] = [...site.reports.values()];
    expect(Date.parse(first?.end ?? '') - Date.parse(first?.start ?? '')).toBe(24 * hourMs);
    expect(Date.parse(next?.start ?? '')).toBe(Date.parse(first?.end ?? '') - 3 * hourMs);
    expect(job?.schedule).toEqual({ cron: '20 * * * *', timeZone: 'America/New_York' });
  });

  it('is read by nobody unless that is configured', async () => {
    const { patchbay } = await start();

    const jobs = patchbay.app.instances.find(({ id }) => id === 'five9')?.jobs ?? [];
    expect(jobs.map(({ name }) => name)).not.toContain('call-log');
  });
});

/** A call that the IVR registers and the AI brings to an outcome; gives its correlation ID. */
async function talk(patchbay: TestApp, callId: string, number: string, outcome: string): Promise<string> {
  const query = new URLSearchParams({ call_id: callId, number, campaign: 'Spring' });
  const registered = await fetch(`${patchbay.url}/v1/ivr/five9/register?${query}`, {
    headers: { 'x-api-key': keys.script },
  });
  const { correlation_id } = (await registered.json()) as { correlation_id: string };
  await fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
    body: JSON.stringify({ correlation_id, outcome, summary: 'Likes it' }),
  });
  return correlation_id;
}

async function outcomeOf(patchbay: TestApp, callId: string): Promise<unknown> {
  const answer = await fetch(`${patchbay.url}/v1/ivr/five9/outcome?call_id=${callId}`, {
    headers: { 'x-api-key': keys.script },
  });
  return answer.json();
}

async function run(patchbay: TestApp, options: object, isJson = true) {
  const commands = patchbay.app.instances.find(({ id }) => id === 'five9')?.commands ?? [];
  const command = commands.find(({ name }) => name === 'call-log');
  if (!command) throw new Error('there is no such command');
  const texts: string[] = [];
  const write = (line: string) => void texts.push(line);
  const exitCode = await command.run([], { ...options }, { write, isTerminal: false, isJson });
  const lines = isJson ? texts.map((text) => JSON.parse(text) as Record<string, unknown>) : [];
  return { exitCode, lines, texts };
}

/** As the call log of a US domain writes it. */
function pacificText(ms: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'America/Los_Angeles',
    dateStyle: 'short',
    timeStyle: 'medium',
  }).formatToParts(ms);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}
