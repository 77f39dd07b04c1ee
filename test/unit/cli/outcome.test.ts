import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linesOf, runMain } from './run-main.ts';

const examples = new URL('../../../connectors/sigmamind/examples/', import.meta.url).pathname;
const analysis = {
  rules: [
    { when: { insight: 'do not call', is: [true, 'yes'] }, outcome: 'opt_out' },
    {
      when: [
        { insight: 'next step', contains: ['call back', 'call again'] },
        { insight: 'callback time', exists: true },
      ],
      unless: { insight: 'qualification', is: 'Not Interested' },
      outcome: 'callback',
      callbackAt: 'callback time',
    },
    { when: { insight: 'interest score', over: 70, under: 101 }, outcome: 'qualified' },
  ],
  outcomeFrom: 'qualification',
  outcomes: { Interested: 'qualified', 'Not Interested': 'not_interested' },
};

let folder: string;
let config: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-outcome-'));
  config = write('patchbay.json', configWith(analysis));
});
afterEach(() => rmSync(folder, { recursive: true }));

function configWith(rules: unknown) {
  return {
    secret: 'a-secret-of-the-tests',
    store: { kind: 'sqlite', file: join(folder, 'no-such-folder', 'store.sqlite') },
    clients: { script: { keys: ['a'.repeat(64)], may: ['dialer'] } },
    dialers: {
      five9: {
        type: 'five9',
        soap: { host: 'http://127.0.0.1:1', users: [{ user: 'ada', password: 'engine' }] },
        domainTimeZone: 'America/New_York',
        callbackList: 'AI callbacks',
        campaigns: {
          Spring: {
            dispositions: { callback: 'AI - Callback', qualified: 'AI - Qualified', opt_out: 'AI - DNC' },
            fields: { ai_summary: 'summary', ai_score: 'interest_score' },
          },
        },
      },
    },
    platforms: { sigmamind: { type: 'sigmamind', apiKey: 'unused', analysis: rules } },
  };
}

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

function tryFile(file: string, ...more: string[]) {
  return runMain(['--config', config, 'outcome', 'try', file, ...more]);
}

describe('patchbay outcome try', () => {
  it('tells of a delivery which rule hits and why the others do not, and what each dialer would hold', async () => {
    const run = await tryFile(join(examples, 'event.json'));

    expect(run.out.split('\n')).toEqual([
      'analysed: callback',
      '  no   rules[0] → opt_out: do not call is missing, not true or yes',
      '  hit  rules[1] → callback: next step is "Please call back on Tuesday"; callback time is "2026-06-02T10:00:00-04:00"',
      'outcome: callback (by analysis)',
      '  callback at  2026-06-02T14:00:00.000Z',
      '  summary      Asked to be called on Tuesday.',
      '  fields       next_step=Please call back on Tuesday, callback_time=2026-06-02T10:00:00-04:00',
      'five9, campaign Spring',
      '  disposition  AI - Callback',
      '  callback     2026-06-02T14:00:00.000Z',
      '  fields       ai_summary=Asked to be called on Tuesday.',
      '',
    ]);
    expect(run.exitCode).toBe(0);
  });

  it('reads the insights of a call by themselves', async () => {
    const run = await tryFile(join(examples, 'insights.json'), '--json');

    expect(run.exitCode).toBe(0);
    expect(linesOf(run)).toMatchObject([
      {
        outcome: { code: 'qualified', basis: 'analysis' },
        dialers: [{ dialer: 'five9', campaign: 'Spring', writeBacks: expect.any(Array) }],
        faults: [],
      },
    ]);
    expect(run.out).toContain('"ai_score":"85"');
  });

  it('weighs our facts as the service does: a person beats the AI', async () => {
    const run = await tryFile(join(examples, 'facts.json'));

    expect(run.exitCode).toBe(0);
    expect(run.out).toContain('outcome: sale (by human)');
    expect(run.out).not.toContain('disposition');
  });

  it('takes what `calls show --json` prints of a call: a transfer that failed does not count', async () => {
    const at = '2026-06-01T15:00:00.000Z';
    const leg = { dialer: 'five9', callKey: '1', campaign: 'Spring', phone: '+13035550142', calledAt: at };
    const bodies = [
      { kind: 'registered', leg, via: 'event', route: 'ai', reason: '', fields: {}, gate: { zone: 'UTC' } },
      { kind: 'matched', by: 'dialer-name' },
      { kind: 'started' },
      { kind: 'committed', outcome: 'transferred', summary: '', fields: {} },
      { kind: 'steered', dialer: 'five9', act: 'transfer', to: '', result: 'over', why: '', commit: 'f3' },
      { kind: 'handed-over', to: '' },
      { kind: 'ended', outcome: 'hung_up', reason: '' },
      { kind: 'leg-record', dialer: 'five9', recordingUrls: [] },
      { kind: 'noted', event: 'odd', text: '' },
    ];
    const facts = bodies.map((body, index) => ({ source: 'x', key: `f${index}`, at, receivedAt: at, body }));
    const file = write('call.json', { call: {}, refs: [], facts, writeBacks: [] });

    const runs = [await tryFile(file), await tryFile(file, '--dialer', 'five9', '--campaign', 'Spring')];

    expect(runs.map(({ out }) => out.split('\n')[0])).toEqual(Array(2).fill('outcome: hung_up (by technical)'));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  it("tells what is mirrored to another dialer's record", async () => {
    const good = configWith(analysis);
    const { five9 } = good.dialers;
    const mirror = { dialer: 'other', campaign: 'Summer' };
    const campaigns = { Spring: { ...five9.campaigns.Spring, mirror } };
    const other = { ...five9, campaigns: { Summer: { dispositions: { qualified: 'Good one' } } } };
    config = write('mirror.json', { ...good, dialers: { five9: { ...five9, campaigns }, other } });

    const run = await tryFile(join(examples, 'insights.json'), '--dialer', 'five9');

    expect(run.out).toContain('mirrored     Good one, 1800 s after the call (other, campaign Summer)');
  });

  it('weighs all of a list that is about one call', async () => {
    const ended = { event: 'conversation_ended', timestamp: '2026-06-01T15:02:05.000Z', callId: 'c1', status: 'ended' };
    const list = write('list.json', [
      ended,
      { event: 'conversation_analysed', callId: 'c1', analysis: { 'do not call': true } },
    ]);

    const run = await tryFile(list);

    expect(run.out).toContain('outcome: opt_out (by opt-out)');
    expect(run.out).toContain('dnc          added: every number of the customer');
  });

  it('names what is held for want of a mapping', async () => {
    const run = await tryFile(write('no.json', { qualification: 'not interested' }));

    expect(run.exitCode).toBe(0);
    expect(run.out).toContain(
      'held: dialers.five9.campaigns.Spring.dispositions has no entry for the outcome "not_interested"',
    );
  });

  it('says what it left out of a callback without a time that can be told', async () => {
    const run = await tryFile(write('when.json', { 'next step': 'call again', 'callback time': 'tomorrow at three' }));

    expect(run.out).toContain('note the insight "callback time" is no ISO-8601 time with a zone');
    expect(run.out).not.toContain('callback at');
  });

  it.each([
    ['no rule holds', { qualification: 'Perhaps' }, 'Nothing decides'],
    ['the file is no JSON', 'qualification: Interested', 'is no JSON'],
    ['the file tells nothing', {}, 'neither an event nor an insight'],
    ['a fact lacks a part', [{ body: { kind: 'committed' } }], 'fact 1.body.outcome is missing'],
    ['a part is of another kind', [{ body: { kind: 'ended', outcome: 7 } }], 'fact 1.body.outcome must be text'],
    ['a fact is of no known kind', [{ body: { kind: 'wished' } }], 'fact 1.body.kind is not one of the allowed values'],
    ['a fact has a code of nobody', [{ body: { kind: 'ended', outcome: 'hungup' } }], 'did you mean hung_up?'],
  ])('exits with 1 and says what to mend when %s', async (_when, content, said) => {
    const run = await tryFile(write('file.json', content));

    expect(run.exitCode).toBe(1);
    expect(run.err).toContain(said);
  });

  it('exits with 1 when the file, the platform or the dialer is not there', async () => {
    const file = join(examples, 'insights.json');
    const runs = [
      await tryFile('nowhere.json'),
      await tryFile(file, '--platform', 'other'),
      await tryFile(file, '--dialer', 'other'),
    ];

    expect(runs.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
    expect(runs.map(({ err }) => err).join()).toMatch(
      /can't be read[\s\S]*no platform "other"[\s\S]*no dialer "other"/,
    );
  });
});

describe('an outcome that nobody knows', () => {
  it.each([
    [
      'analysis.rules[0].outcome',
      { analysis: { rules: [{ when: { insight: 'a', exists: true }, outcome: 'not_intrested' }] } },
    ],
    ['analysis.outcomes.No', { analysis: { outcomeFrom: 'a', outcomes: { No: 'not_intrested' } } }],
    ['terminationReasons.away', { terminationReasons: { away: 'not_intrested' } }],
  ])('is a fault of the configuration at %s, with the nearest code', async (path, platform) => {
    const good = configWith({});
    const sigmamind = { ...good.platforms.sigmamind, ...platform };
    config = write('bad.json', { ...good, platforms: { sigmamind } });

    const run = await tryFile(join(examples, 'insights.json'));

    expect(run.exitCode).toBe(1);
    expect(run.err).toContain(`platforms.sigmamind.${path}`);
    expect(run.err).toContain('Did you mean not_interested?');
  });
});
