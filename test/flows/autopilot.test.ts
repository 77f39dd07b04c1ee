import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AutopilotConfig } from '../../config/autopilot.ts';
import { describeAutopilot } from '../../src/flows/autopilot/describe-autopilot.ts';
import { holdShare, releaseShare } from '../../src/flows/autopilot/hold-share.ts';
import { runAutopilot } from '../../src/flows/autopilot/run-autopilot.ts';
import { startOwnStoreWatch, watchOwnStore } from '../../src/flows/autopilot/watch-own-store.ts';
import { createControlWatch } from '../../src/flows/control-watch.ts';
import type { Store } from '../../src/store/store.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
/** The service's own looks are rare: the story looks when it wants to. */
const steering = { enabled: true, everySec: 30, maxSickSec: 120 };
const settings = AutopilotConfig.parse({ enabled: true });
const line = { key: '7001', campaign: 'Autumn', isOn: true, lines: 20 };
const secMs = 1000;

let now = Date.parse('2026-11-20T17:00:00.000Z');
const clock = { ...realClock, now: () => now };
let calls = 0;
let dialer: MadeUpServer;
let patchbay: TestApp;

beforeEach(async () => {
  dialer = await startMadeUpServer([ada]);
  dialer.lines.set(line.key, { ...line });
  patchbay = await startTestApp({
    clock,
    dialers: { carousel: { type: 'made-up', url: dialer.url, campaigns: { Autumn: {} } } },
    config: { autopilot: steering },
  });
});

afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

describe('an AI that dies', { timeout: 120_000 }, () => {
  it('is given no call after the configured time; lines and routes follow, and come back step by step', async () => {
    await talkFor(60);
    const diedAt = now;
    let lastGivenAt = now;
    for (let sec = 0; sec < 120; sec += 5) {
      if ((await call('dead')).route === 'ai') lastGivenAt = now;
      await later(5);
    }

    expect(lastGivenAt - diedAt).toBeLessThanOrEqual(settings.maxSickSec * secMs);
    expect(await call('dead')).toMatchObject({ route: 'skill', reason: 'ai_unwell' });
    expect(dialer.lines.get(line.key)).toMatchObject({ isOn: false });
    expect(await openThings()).toMatchObject([
      { kind: 'ai-unwell', key: 'carousel', details: { dialer: 'carousel', share: '0 %' } },
    ]);
    expect(patchbay.log.filter(({ msg }) => msg === 'the AI is unwell: fewer calls go to it')).toMatchObject([
      { dialer: 'carousel', percent: 0, was: 100, signal: 'answers' },
    ]);

    const seen = await healFor(900);

    expect(seen.shares).toEqual([0, 5, 25, 50, 100]);
    expect(seen.lines).toEqual([0, 1, 5, 10, 20]);
    expect(dialer.lines.get(line.key)).toEqual(line);
    expect(await openThings()).toEqual([]);
    const acts = (await patchbay.app.deps.store.auditLog(20)).map(({ by, act, details }) => [by, act, details.percent]);
    expect(acts.toReversed()).toEqual([
      ...['0', '5', '25', '50'].map((percent) => ['autopilot', 'share-set', percent]),
      ['autopilot', 'share-lifted', undefined],
    ]);
  });

  it('is tried with one call at a time, less and less often', async () => {
    await talkFor(60);
    const given: number[] = [];
    for (let sec = 0; sec < 3600; sec += 15) {
      if ((await call('dead')).route === 'ai') given.push(now);
      await later(15);
    }

    expect(given.length).toBeLessThanOrEqual(12);
    expect(patchbay.log.filter(({ msg }) => msg === 'the AI does better: more calls go to it').length).toBeLessThan(6);
  });
});

describe('a platform that does not answer our own requests either', { timeout: 120_000 }, () => {
  it('is tried with no call until it answers one', async () => {
    await talkFor(60);
    await sharesWhile('dead', 60);
    const { deps } = patchbay.app;
    const shareAfter = async (sec: number) => {
      await later(sec);
      return shareNow();
    };
    deps.traffic.asking('sigmamind', null, false);
    now += 120 * secMs;
    deps.traffic.asking('sigmamind', null, true);

    expect([await shareAfter(120), await shareAfter(60)]).toEqual([0, 0]);
    expect((await describeAutopilot(deps, settings))[0]).toMatchObject({
      verdict: 'sick',
      why: expect.stringContaining('platform'),
    });
    deps.traffic.asking('sigmamind', null, false);
    expect(await shareAfter(5)).toBe(5);
  });

  it('is tried again when nobody has asked it for five minutes', async () => {
    await talkFor(60);
    await sharesWhile('dead', 60);
    now += 120 * secMs;
    patchbay.app.deps.traffic.asking('sigmamind', null, true);

    await later(299);
    expect(shareNow()).toBe(0);
    await later(2);
    expect(shareNow()).toBe(5);
  });
});

describe('other troubles of the AI', { timeout: 120_000 }, () => {
  it('slow first words bring the share down in steps', async () => {
    await talkFor(60);
    const seen = await sharesWhile('slow', 600);

    expect(seen.slice(0, 3)).toEqual([100, 50, 25]);
    expect(await openThings()).toMatchObject([{ details: { why: expect.stringContaining('first word') } }]);
  });

  it('an AI that comes and goes does not make routes come and go', async () => {
    await talkFor(60);
    const turns: number[] = [];
    let before = 100;
    for (let minute = 0; minute < 60; minute += 1) {
      for (let sec = 0; sec < 60; sec += 15) {
        await call(minute % 2 === 0 ? 'dead' : 'well');
        await later(15);
        const after = shareNow();
        if (Math.sign(after - before) !== 0) turns.push(Math.sign(after - before));
        before = after;
      }
    }
    const changes = turns.filter((way, index) => index > 0 && way !== turns[index - 1]).length;

    expect(changes).toBeLessThanOrEqual(12);
  });

  it('webhooks that fall silent while the tools are used count, too', async () => {
    await talkFor(60);
    const seen = await sharesWhile('silent', 400);

    expect(Math.min(...seen)).toBeLessThan(100);
    expect(await openThings()).toMatchObject([{ details: { why: expect.stringContaining('no webhook came') } }]);
  });

  it('a platform that never told of a start is not judged by silence', async () => {
    const seen = await sharesWhile('dead', 300);

    expect(seen).toEqual([100]);
  });

  it('one call without an answer is no trouble', async () => {
    await talkFor(60);
    await call('dead');
    await later(15);

    await talkFor(120);

    expect(shareNow()).toBe(100);
    expect(await openThings()).toEqual([]);
  });
});

describe('a person', { timeout: 120_000 }, () => {
  const who = { dialer: 'carousel', by: 'cli:ada' };

  it('holds a share whatever the autopilot thinks, and it goes on from there when it is released', async () => {
    await talkFor(60);
    await holdShare(patchbay.app.deps, { ...who, percent: 25, why: 'new prompt' });
    await sharesWhile('dead', 120);

    expect(shareNow()).toBe(25);
    expect(dialer.lines.get(line.key)).toMatchObject({ isOn: true, lines: 5 });
    const [view] = await describeAutopilot(patchbay.app.deps, settings);
    expect(view).toMatchObject({ share: 25, verdict: 'dead', control: { by: 'cli:ada', note: 'new prompt' } });

    expect(await releaseShare(patchbay.app.deps, { ...who })).toBe(true);
    await look();
    expect(shareNow()).toBe(0);
    expect((await healFor(900)).shares.at(-1)).toBe(100);
  });

  it('who releases a share that keeps calls from the AI leaves somebody else told of it', async () => {
    await talkFor(60);
    await sharesWhile('dead', 60);
    await holdShare(patchbay.app.deps, { ...who, percent: 0, why: 'we know' });
    await look();
    const whileHeld = await openThings();
    // Nobody tries what does not answer, so that the share stays where it is.
    patchbay.app.deps.traffic.asking('sigmamind', null, true);

    await releaseShare(patchbay.app.deps, who);
    await look();

    expect(whileHeld).toEqual([]);
    expect(shareNow()).toBe(0);
    expect(await openThings()).toHaveLength(1);
  });

  it('takes the share of the autopilot over, and what needed somebody is settled', async () => {
    await talkFor(60);
    await sharesWhile('dead', 60);
    expect(await openThings()).toHaveLength(1);

    await holdShare(patchbay.app.deps, { ...who, percent: 100, why: 'it is a webhook fault' });
    await look();

    expect(await call('well')).toMatchObject({ route: 'ai' });
    expect(await openThings()).toEqual([]);
    expect(dialer.lines.get(line.key)).toEqual(line);
  });

  it.each([
    ['down', 'dead', 0, 1],
    ['up', 'well', 60, 1],
    ['up to all', 'well', 60, 4],
  ] as const)('who decides in the moment in which it goes %s is not overruled', async (_way, fate, sickSec, nth) => {
    await talkFor(60);
    await sharesWhile('dead', sickSec);
    const { deps } = patchbay.app;
    const decides = () => holdShare(deps, { ...who, percent: 40, why: 'we look into it' });
    const held = deciding(deps.store, decides, nth);

    for (let sec = 0; sec < 900 && !held.isDecided(); sec += 5) {
      await call(fate);
      now += 5 * secMs;
      await runAutopilot({ ...deps, store: held.store }, undefined, settings);
    }

    expect(held.isDecided()).toBe(true);
    expect(await deps.store.controls()).toMatchObject([{ kind: 'share', percent: 40, by: 'cli:ada' }]);
    await look();
    expect(shareNow()).toBe(40);
    expect(await openThings()).toEqual([]);
  });

  it('lets no more calls through in the moment of a release, whoever looks', async () => {
    const { deps } = patchbay.app;
    await holdShare(deps, { ...who, percent: 25, why: 'new prompt' });
    const seen = new Set<number>();
    const end = deps.controls.onChange(() => seen.add(shareNow()));

    await releaseShare(deps, { dialer: 'carousel', by: 'cli:grace' });
    end();

    expect([...seen]).toEqual([25]);
    expect(await deps.store.controls()).toMatchObject([{ kind: 'share', percent: 25, by: 'autopilot' }]);
    const acts = (await deps.store.auditLog(2)).map(({ by, act }) => `${by} ${act}`);
    expect(acts).toEqual(['autopilot share-set', 'cli:grace share-lifted']);
  });

  it('releases what somebody held anew in that moment, too', async () => {
    const { deps } = patchbay.app;
    await holdShare(deps, { ...who, percent: 25, why: 'new prompt' });
    const held = deciding(deps.store, () => holdShare(deps, { ...who, percent: 10, why: 'even less' }));

    expect(await releaseShare({ ...deps, store: held.store }, { dialer: 'carousel', by: 'cli:grace' })).toBe(true);

    expect(await deps.store.controls()).toMatchObject([{ percent: 10, by: 'autopilot' }]);
  });

  it('who set the lines by hand meanwhile keeps them', async () => {
    await talkFor(60);
    await sharesWhile('dead', 60);
    dialer.lines.set(line.key, { ...line, lines: 3 });

    await healFor(900);

    expect(dialer.lines.get(line.key)).toEqual({ ...line, lines: 3 });
    const left = patchbay.log.filter(
      ({ msg }) => msg === 'lines were changed by hand: the autopilot leaves them alone',
    );
    expect(left).toHaveLength(1);
  });
});

describe('the autopilot', { timeout: 120_000 }, () => {
  it('only says what it would do where that is asked for', async () => {
    await talkFor(60);
    const dry = { ...settings, dryRun: true };
    for (let sec = 0; sec < 60; sec += 5) {
      await call('dead');
      now += 5 * secMs;
      await runAutopilot(patchbay.app.deps, undefined, dry);
    }

    expect(shareNow()).toBe(100);
    expect(dialer.lines.get(line.key)).toEqual(line);
    expect(patchbay.log.filter(({ msg }) => msg === 'the AI is unwell: fewer calls go to it')).toMatchObject([
      { dryRun: true, percent: 0 },
    ]);
  });

  it('does nothing before it knows what is set', async () => {
    await talkFor(60);
    await sharesWhile('dead', 60);
    const { deps } = patchbay.app;
    const controls = createControlWatch({ read: () => Promise.reject(new Error('away')), log: deps.log });

    await runAutopilot({ ...deps, controls }, undefined, settings);

    expect(dialer.lines.get(line.key)).toMatchObject({ isOn: false });
    expect(await openThings()).toHaveLength(1);
  });

  it('that is switched off leaves nothing behind', async () => {
    await talkFor(60);
    await sharesWhile('dead', 60);

    await runAutopilot(patchbay.app.deps, undefined, { ...settings, enabled: false });

    expect(shareNow()).toBe(100);
    expect(dialer.lines.get(line.key)).toEqual(line);
    expect(await openThings()).toEqual([]);
  });

  it('answers a script that asks again as it did before', async () => {
    await talkFor(60);
    await holdShare(patchbay.app.deps, { dialer: 'carousel', by: 'cli:ada', percent: 0, why: 'test' });
    const refused = await register('mu-same');
    await holdShare(patchbay.app.deps, { dialer: 'carousel', by: 'cli:ada', percent: 100, why: 'test' });

    expect(await register('mu-same')).toMatchObject({ route: refused.route, reason: 'ai_unwell' });
    expect(await register('mu-other')).toMatchObject({ route: 'ai' });
  });

  it('shows its share and its signals to Prometheus', async () => {
    await talkFor(60);
    await sharesWhile('dead', 60);

    const text = await (await fetch(`${patchbay.url}/metrics`)).text();
    expect(text).toContain('patchbay_ai_share_ratio{dialer="carousel"} 0');
    expect(text).toMatch(/patchbay_ai_answered_ratio\{dialer="carousel"\} 0\.\d+/);
  });
});

describe('our own store', () => {
  it('that is away for long sends scripts past the AI, until it is back for good', async () => {
    const { deps } = patchbay.app;
    let isAway = true;
    const watch = startOwnStoreWatch();
    const seen = async () => {
      watchOwnStore({ ...deps, gate: { ...deps.gate, isAway: () => isAway } }, watch, settings.storeAwaySec);
      return deps.aiShare.of('carousel', 'Autumn').percent;
    };

    const shares = [await seen()];
    now += 59 * secMs;
    shares.push(await seen());
    now += secMs;
    shares.push(await seen());
    expect(await register('mu-away')).toMatchObject({ route: 'skill', reason: 'ai_unwell' });
    isAway = false;
    shares.push(await seen());
    now += 30 * secMs;
    shares.push(await seen());

    expect(shares).toEqual([100, 100, 0, 0, 100]);
  });

  it('that came back before a reload does not keep scripts from the AI after it', async () => {
    const { deps } = patchbay.app;
    deps.aiShare.setUnwell('our own store does not answer');
    const ofTheNextConfiguration = startOwnStoreWatch();

    watchOwnStore(deps, ofTheNextConfiguration, settings.storeAwaySec);
    now += 30 * secMs;
    watchOwnStore(deps, ofTheNextConfiguration, settings.storeAwaySec);

    expect(deps.aiShare.of('carousel', 'Autumn').percent).toBe(100);
  });
});

type Fate = 'well' | 'dead' | 'slow' | 'silent';

const firstWordSec: Record<Fate, number> = { well: 1, dead: 0, slow: 7, silent: 2 };

async function register(callId: string): Promise<Record<string, string>> {
  const path = `/v1/ivr/carousel/register?call_id=${callId}&lead_id=r1&number=3035550111&campaign=Autumn`;
  return (await request(patchbay.url).get(path).auth('script', keys.script)).body;
}

/** A script asks for the route of a call; where that is the AI, its platform tells of it as it does. */
async function call(fate: Fate): Promise<Record<string, string>> {
  calls += 1;
  const answer = await register(`mu-${calls}`);
  if (answer.route !== 'ai' || fate === 'dead') return answer;
  now += firstWordSec[fate] * secMs;
  if (fate === 'silent') {
    await request(patchbay.url)
      .post('/v1/platforms/sigmamind/tools/commit-outcome')
      .set('Authorization', `Bearer ${keys.tools}`)
      .send({ correlation_id: answer.correlation_id, outcome: 'not_interested' });
    return answer;
  }
  const data = { callId: `call_${calls}`, dynamicVariables: { correlation_id: answer.correlation_id } };
  await patchbay.postEvent({ event: 'conversation_started', timestamp: new Date(now).toISOString(), data });
  return answer;
}

async function later(sec: number): Promise<void> {
  now += sec * secMs;
  await look();
}

function look(): Promise<void> {
  return runAutopilot(patchbay.app.deps, undefined, settings);
}

function shareNow(): number {
  return patchbay.app.deps.aiShare.of('carousel', '').percent;
}

/** Calls that are answered as they should be. */
async function talkFor(sec: number): Promise<void> {
  const end = now + sec * secMs;
  while (now < end) {
    await call('well');
    await later(4);
  }
}

/** The shares in the order in which they held while calls fared so. */
async function sharesWhile(fate: Fate, sec: number): Promise<number[]> {
  const shares = [shareNow()];
  const end = now + sec * secMs;
  while (now < end) {
    await call(fate);
    await later(5);
    if (shares.at(-1) !== shareNow()) shares.push(shareNow());
  }
  return shares;
}

/** The AI is well again: shares and lines in the order in which they held. */
async function healFor(sec: number): Promise<{ shares: number[]; lines: number[] }> {
  const shares = [shareNow()];
  const lines = [linesNow()];
  const end = now + sec * secMs;
  while (now < end) {
    await call('well');
    await later(4);
    if (shares.at(-1) !== shareNow()) shares.push(shareNow());
    if (lines.at(-1) !== linesNow()) lines.push(linesNow());
  }
  return { shares, lines };
}

function linesNow(): number {
  const held = dialer.lines.get(line.key);
  return held?.isOn ? held.lines : 0;
}

/** A store before whose nth change of a control somebody decides. */
function deciding(store: Store, decide: () => Promise<void>, nth = 1) {
  let changed = 0;
  async function count<T>(change: () => Promise<T>): Promise<T> {
    changed += 1;
    if (changed === nth) await decide();
    return change();
  }
  const changes: Partial<Store> = {
    setControl: (...all) => count(() => store.setControl(...all)),
    liftControl: (...all) => count(() => store.liftControl(...all)),
    replaceControl: (...all) => count(() => store.replaceControl(...all)),
  };
  return { store: { ...store, ...changes }, isDecided: () => changed >= nth };
}

function openThings() {
  return patchbay.app.deps.store.attention({ kind: 'ai-unwell', isOpen: true, limit: 10 });
}
