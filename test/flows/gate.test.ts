import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { five9 } from '../../connectors/five9/index.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { mayCall } from '../../src/flows/gate/may-call.ts';
import { registerCall } from '../../src/flows/register-call.ts';
import { realClock } from '../support/real-clock.ts';
import { type ScrubBehaviour, type ScrubServer, startScrubServer } from '../support/scrub-server.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ourCallerId = '8005550199';
const noonInNewYork = Date.parse('2026-03-11T16:00:00.000Z');
const scrubTimeoutMs = 150;

/** Campaigns that ask for nothing but opt-outs, for hours, for consent, for the scrub service; and one that asks for all. */
const nothing = { hours: false, scrub: false };
const campaigns = {
  Plain: { gate: nothing },
  Hours: { gate: { ...nothing, hours: true } },
  Softly: { gate: { ...nothing, hours: true, routes: { outside_hours: 'skill' } } },
  Consent: {
    gate: { ...nothing, consent: { field: 'consent', accepts: ['Yes', '1'], sourceField: 'consent_source' } },
  },
  AnyConsent: { gate: { ...nothing, consent: { field: 'consent' } } },
  Scrub: { gate: { ...nothing, scrub: true } },
  All: { gate: { consent: { field: 'consent' } } },
};
const domain = {
  type: 'five9',
  domainTimeZone: 'America/New_York',
  // Nobody listens there: every look-up of a contact fails at once.
  soap: { host: 'http://127.0.0.1:9', users: [{ user: 'ada@example', password: 'engine' }] },
  keyField: 'number1',
  campaigns,
};

let now = noonInNewYork;
let calls = 0;
let scrub: ScrubServer;
let closed: TestApp;
let open: TestApp;

async function startGate(onFailure: 'open' | 'closed'): Promise<TestApp> {
  return startTestApp({
    registry: { dialers: [five9 as never], platforms: [sigmamind] },
    dialers: { five9: domain },
    clock: { ...realClock, now: () => now },
    config: {
      platforms: {},
      gate: {
        scrub: {
          url: `${scrub.url}/v1/check?phone={number}`,
          numberFormat: 'national',
          header: { name: 'X-Scrub-Key', value: 'key-of-the-scrub-service' },
          timeoutMs: scrubTimeoutMs,
          onFailure,
          blockedWhen: { statuses: [451], cleanStatuses: [404], path: 'result.dnc', values: ['Y'], cleanValues: ['N'] },
          cacheMinutes: 60,
        },
        routes: { no_consent: 'skill' },
      },
    },
  });
}

beforeAll(async () => {
  scrub = await startScrubServer();
  closed = await startGate('closed');
  open = await startGate('open');
});

afterAll(async () => {
  await closed.stop();
  await open.stop();
  await scrub.stop();
});

beforeEach(() => {
  now = noonInNewYork;
  scrub.behave.clear();
  scrub.asked.length = 0;
});

/** A number that no call had yet. */
function freshNumber(area = '212'): string {
  calls += 1;
  return `${area}555${String(1000 + calls)}`;
}

async function saveLead(patchbay: TestApp, number: string, fields: Record<string, string>): Promise<void> {
  const at = '2026-03-01T12:00:00.000Z';
  const lead = { dialer: 'five9', key: number, list: '', campaign: '', phones: [`+1${number}`], fields, changedAt: at };
  await patchbay.app.deps.store.saveLeads([lead], at);
}

type Answer = Record<string, string>;

/** What register answers a Five9 script about a call that it dialled, and what was kept of the decision. */
async function register(patchbay: TestApp, variables: Answer): Promise<{ answer: Answer; gate: Answer | undefined }> {
  calls += 1;
  const asked = { call_id: `3000000000${10_000 + calls}`, call_type: '5', ani: ourCallerId, ...variables };
  const response = await fetch(`${patchbay.url}/v1/ivr/five9/register?${new URLSearchParams(asked)}`, {
    headers: { 'x-api-key': keys.script },
  });
  const answer = (await response.json()) as Answer;
  const facts = await patchbay.app.deps.store.factsOf(answer.correlation_id ?? '');
  const body = facts.map((fact) => fact.body).find(({ kind }) => kind === 'registered');
  return { answer, gate: body?.kind === 'registered' ? body.gate : undefined };
}

describe('calling hours at register', () => {
  it('lets a call through by day, and keeps by what clock', async () => {
    const number = freshNumber();
    await saveLead(closed, number, { state: 'NY' });

    const { answer, gate } = await register(closed, { dnis: number, campaign: 'Hours' });

    expect(answer).toMatchObject({ status: 'ok', route: 'ai', reason: '' });
    expect(gate).toEqual({
      zone: 'America/New_York',
      by: 'state',
      local_time: '2026-03-11 12:00 America/New_York',
      hours: 'standard 08:00-21:00',
    });
  });

  it('refuses one by night, by the ZIP code of the lead that was told, and as the campaign wants', async () => {
    const number = freshNumber();
    now = Date.parse('2026-03-11T14:30:00.000Z');

    const byZip = await register(closed, { dnis: number, campaign: 'Hours', zip: '90001' });
    const byArea = await register(closed, { dnis: freshNumber(), campaign: 'Hours' });
    const softly = await register(closed, { dnis: freshNumber('213'), campaign: 'Softly' });

    expect(byZip.answer).toMatchObject({ route: 'hangup', reason: 'outside_hours' });
    expect(byZip.gate).toMatchObject({
      by: 'postal-code',
      local_time: '2026-03-11 07:30 America/Los_Angeles',
      hours: 'CA 09:00-21:00',
    });
    expect(byArea.answer).toMatchObject({ route: 'ai', reason: '' });
    expect(softly.answer).toMatchObject({ route: 'skill', reason: 'outside_hours' });
  });

  it("takes the dialer's offset of the lead before its ZIP code", async () => {
    const number = freshNumber();
    await saveLead(closed, number, { utc_offset: '-10.00', postal_code: '10001' });

    const { answer, gate } = await register(closed, { dnis: number, campaign: 'Hours' });

    expect(answer).toMatchObject({ route: 'hangup', reason: 'outside_hours' });
    const zone = 'UTC-10:00 America/New_York';
    expect(gate).toMatchObject({ zone, by: 'dialer', local_time: '2026-03-11 06:00 UTC-10:00' });
  });

  it('judges a call that asks again by the time at which it began', async () => {
    const number = freshNumber();
    now = Date.parse('2026-03-12T00:59:00.000Z');
    const first = await register(closed, { dnis: number, campaign: 'Hours', call_id: '300000000777001' });
    now = Date.parse('2026-03-12T01:01:00.000Z');

    const again = await register(closed, { dnis: number, campaign: 'Hours', call_id: '300000000777001' });
    const later = await register(closed, { dnis: number, campaign: 'Hours' });

    expect([first, again, later].map(({ answer }) => answer.route)).toEqual(['ai', 'ai', 'hangup']);
  });

  it.each([
    ['three hours ago', -180, 'outside_hours'],
    ['in an hour', 60, 'outside_hours'],
    ['a minute ago', -1, ''],
  ])('goes by a dialer that says the call began %s only where that can be', async (_what, minutes, reason) => {
    const { deps } = closed.app;
    const dialer = deps.dialers.get('five9');
    if (!dialer) throw new Error('Five9 is not there');
    now = Date.parse('2026-03-12T01:00:30.000Z');
    calls += 1;
    const sighting = dialer.recogniseCall?.({
      ...{ call_id: `3000000000${10_000 + calls}`, call_type: '5', dnis: freshNumber(), campaign: 'Hours' },
    });
    if (!sighting) throw new Error('Five9 does not know its own call');
    const leg = { ...sighting.leg, calledAt: new Date(now + minutes * 60_000).toISOString() };

    const answer = await registerCall(deps, dialer, { ...sighting, leg }, 'register', 1000);

    expect(answer.reason).toBe(reason);
  });

  it('does not bind customers who call us, whatever the hour, consent or scrub service', async () => {
    const number = freshNumber();
    scrub.behave.set(number, 'listed');
    now = Date.parse('2026-03-11T07:00:00.000Z');

    const { answer, gate } = await register(closed, {
      call_type: '2',
      ani: number,
      dnis: ourCallerId,
      campaign: 'All',
    });

    expect(answer).toMatchObject({ route: 'ai', reason: '' });
    expect(gate).toEqual({ direction: 'inbound' });
    expect(scrub.asked).toEqual([]);
  });
});

describe('consent at register', () => {
  it.each([
    [
      'given',
      'Consent',
      { consent: ' yes ', consent_source: 'form "A"' },
      'ai',
      { consent: 'yes', consent_source: "form 'A'" },
    ],
    ['given by number', 'Consent', { consent: '1' }, 'ai', { consent: 'yes' }],
    ['refused', 'Consent', { consent: 'no', consent_source: 'form A' }, 'skill', { consent: 'no' }],
    ['empty', 'Consent', { consent: '' }, 'skill', { consent: 'no' }],
    ['of any kind', 'AnyConsent', { consent: '2026-01-05' }, 'ai', { consent: 'yes' }],
    ['missing, of any kind', 'AnyConsent', { state: 'NY' }, 'skill', { consent: 'no' }],
    ['missing where none is asked for', 'Plain', { state: 'NY' }, 'ai', undefined],
  ])('%s', async (_what, campaign, fields, route, evidence) => {
    const number = freshNumber();
    await saveLead(closed, number, fields as Record<string, string>);

    const { answer, gate } = await register(closed, { dnis: number, campaign });

    expect(answer).toMatchObject({ status: 'ok', route, reason: route === 'ai' ? '' : 'no_consent' });
    expect(gate).toEqual(evidence);
  });

  it('is not taken for granted while the lead can not be looked up', async () => {
    const { answer, gate } = await register(closed, {
      dnis: freshNumber(),
      number1: '2125559999',
      campaign: 'Consent',
    });

    expect(answer).toMatchObject({ status: 'degraded', route: 'skill', reason: 'no_consent' });
    expect(gate).toEqual({ consent: 'unknown' });
  });
});

describe('the scrub service at register', () => {
  it.each<[ScrubBehaviour, 'clean' | 'blocked' | 'failed', string]>([
    ['clean', 'clean', 'HTTP 200'],
    ['listed', 'blocked', 'HTTP 200'],
    ['status-451', 'blocked', 'HTTP 451'],
    ['status-404', 'clean', 'HTTP 404'],
    ['away', 'failed', 'UND_ERR_SOCKET'],
    ['never', 'failed', `no answer within ${scrubTimeoutMs} ms`],
    ['error-500', 'failed', 'HTTP 500'],
    ['redirect', 'failed', 'HTTP 302'],
    ['page', 'failed', 'HTTP 200 without result.dnc'],
    ['other-json', 'failed', 'HTTP 200 without result.dnc'],
    ['odd-value', 'failed', 'HTTP 200 with an unknown value at result.dnc'],
    ['endless', 'failed', 'HTTP 200 without result.dnc'],
  ])('that is %s: %s', async (behaviour, kind, why) => {
    const number = freshNumber();
    scrub.behave.set(number, behaviour);
    await saveLead(closed, number, {});
    await saveLead(open, number, {});
    const startedAt = performance.now();

    const whenClosed = await register(closed, { dnis: number, campaign: 'Scrub' });
    const whenOpen = await register(open, { dnis: number, campaign: 'Scrub' });

    expect(performance.now() - startedAt).toBeLessThan(2000);
    const hasFailed = kind === 'failed';
    expect(whenClosed.answer).toMatchObject({
      status: hasFailed ? 'degraded' : 'ok',
      route: kind === 'clean' ? 'ai' : 'hangup',
      reason: kind === 'clean' ? '' : 'scrubbed',
    });
    expect(whenOpen.answer).toMatchObject({
      status: hasFailed ? 'degraded' : 'ok',
      route: kind === 'blocked' ? 'hangup' : 'ai',
      reason: kind === 'blocked' ? 'scrubbed' : '',
    });
    const at = new Date(now).toISOString();
    expect(whenClosed.gate).toEqual({ scrub: hasFailed ? 'failed-closed' : kind, scrub_answer: why, scrub_at: at });
    expect(whenOpen.gate).toEqual({ scrub: hasFailed ? 'failed-open' : kind, scrub_answer: why, scrub_at: at });
    expect(scrub.asked.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it('is told the number as configured and the key, and nothing else', async () => {
    const number = freshNumber();

    await register(closed, { dnis: number, campaign: 'Scrub' });

    expect(scrub.asked).toEqual([{ path: `/v1/check?phone=${number}`, key: 'key-of-the-scrub-service', body: '' }]);
    expect(JSON.stringify(closed.log)).not.toContain(number);
  });

  it('counts as failed where there is no number to ask about', async () => {
    const whenClosed = await register(closed, { campaign: 'Scrub' });
    const whenOpen = await register(open, { campaign: 'Scrub' });

    expect(whenClosed.answer).toMatchObject({ status: 'degraded', route: 'hangup', reason: 'scrubbed' });
    expect(whenOpen.answer).toMatchObject({ status: 'degraded', route: 'ai' });
    expect(whenOpen.gate).toMatchObject({ scrub: 'failed-open', scrub_answer: 'no number to ask about' });
  });

  it('is asked once while its answer is good, also for refusals, and again afterwards', async () => {
    const number = freshNumber();
    scrub.behave.set(number, 'listed');
    const first = await register(closed, { dnis: number, campaign: 'Scrub' });
    now += 59 * 60_000;
    const remembered = await register(closed, { dnis: number, campaign: 'Scrub' });
    scrub.behave.set(number, 'clean');
    now += 60_000;
    const anew = await register(closed, { dnis: number, campaign: 'Scrub' });

    expect([first, remembered, anew].map(({ answer }) => answer.reason)).toEqual(['scrubbed', 'scrubbed', '']);
    expect(remembered.gate).toMatchObject({
      scrub_at: '2026-03-11T16:00:00.000Z',
      scrub_used_at: '2026-03-11T16:59:00.000Z',
    });
    expect(scrub.asked).toHaveLength(2);
  });

  it('is asked again after a failure, and both decisions about the call are kept', async () => {
    const number = freshNumber();
    const call = { dnis: number, campaign: 'Scrub', call_id: '300000000777002' };
    scrub.behave.set(number, 'error-500');
    await register(closed, call);
    scrub.behave.set(number, 'clean');

    const { answer } = await register(closed, call);

    expect(answer.route).toBe('ai');
    const facts = await closed.app.deps.store.factsOf(answer.correlation_id ?? '');
    const decisions = facts.map(({ body }) => body.kind === 'registered' && body.gate?.scrub);
    expect(decisions.sort()).toEqual(['clean', 'failed-closed']);
  });

  it('is asked once by all who ask about a number at the same time', async () => {
    const number = freshNumber();

    const all = await Promise.all(
      Array.from({ length: 20 }, () => register(closed, { dnis: number, campaign: 'Scrub' })),
    );

    expect(all.every(({ answer }) => answer.route === 'ai')).toBe(true);
    expect(scrub.asked).toHaveLength(1);
  });

  it('is not asked about calls that are refused anyway', async () => {
    const number = freshNumber();
    now = Date.parse('2026-03-11T07:00:00.000Z');

    const { answer } = await register(closed, { dnis: number, campaign: 'All', consent: 'yes' });

    expect(answer.reason).toBe('outside_hours');
    expect(scrub.asked).toEqual([]);
  });
});

describe('before a call is placed', () => {
  const ask = (number: string, fields: Record<string, string>, campaign = 'All') =>
    mayCall(closed.app.deps, { dialer: 'five9', campaign, phone: `+1${number}`, fields });

  it('asks the same of it, and keeps the same evidence', async () => {
    const number = freshNumber();
    const listed = freshNumber();
    scrub.behave.set(listed, 'listed');

    const allowed = await ask(number, { consent: 'yes' });
    const withoutConsent = await ask(number, {});
    const scrubbed = await ask(listed, { consent: 'yes' });
    now = Date.parse('2026-03-11T07:00:00.000Z');
    const atNight = await ask(number, { consent: 'yes' });

    expect(allowed).toMatchObject({ isAllowed: true, reason: '', evidence: { consent: 'yes', scrub: 'clean' } });
    expect(withoutConsent).toMatchObject({ isAllowed: false, reason: 'no_consent' });
    expect(scrubbed).toMatchObject({ isAllowed: false, reason: 'scrubbed' });
    expect(atNight).toMatchObject({ isAllowed: false, reason: 'outside_hours' });
  });

  it('refuses who opted out, and everybody while the store does not answer', async () => {
    const number = freshNumber();
    closed.app.deps.memory.rememberOptOut(`+1${number}`);
    const { store } = closed.app.deps;
    const away = { ...closed.app.deps, store: { ...store, isOptedOut: () => Promise.reject(new Error('locked')) } };

    const optedOut = await mayCall(away, { dialer: 'five9', campaign: 'Plain', phone: `+1${number}`, fields: {} });
    const unknown = await mayCall(away, { dialer: 'five9', campaign: 'Plain', phone: '+12125550100', fields: {} });

    expect(optedOut).toEqual({ isAllowed: false, reason: 'opt_out', evidence: { opt_out: 'listed' } });
    expect(unknown).toEqual({ isAllowed: false, reason: 'store_away', evidence: { opt_out: 'unknown' } });
  });

  it('refuses who opts out while the store looks, and does not forget it', async () => {
    const { deps } = closed.app;
    const phone = `+1${freshNumber()}`;
    const told = async () => {
      deps.memory.rememberOptOut(phone);
      return false;
    };
    const raced = { ...deps, store: { ...deps.store, isOptedOut: told } };

    const answer = await mayCall(raced, { dialer: 'five9', campaign: 'Plain', phone, fields: {} });

    expect(answer).toMatchObject({ isAllowed: false, reason: 'opt_out' });
    expect(deps.memory.isOptedOut(phone)).toBe(true);
  });
});
