import { describe, expect, it } from 'vitest';
import { type GivenCall, givenCallOf, type HealthSignals, judgeHealth } from '../../../src/domain/ai-health.ts';
import type { FactBody, StoredFact } from '../../../src/domain/fact.ts';
import { settings } from './health-world.ts';

const noon = Date.parse('2026-11-20T12:00:00.000Z');
const all = { since: 0, silentSince: 0, trust: 'full', hearsStarts: true, hearsEvents: true } as const;

/** Calls every five seconds, the newest first, the youngest fifteen seconds old. */
function calls(count: number, of: (index: number) => Partial<GivenCall> = () => ({})): GivenCall[] {
  return Array.from({ length: count }, (_, index) => {
    const givenAt = noon - 15_000 - index * 5000;
    const heard = givenAt + 900;
    return { givenAt, heardAt: heard, eventAt: heard, toolAt: null, firstWordMs: 900, ...of(index) };
  });
}

function signals(given: readonly GivenCall[], more: Partial<HealthSignals> = {}): HealthSignals {
  return { at: noon, calls: given, tools: { calls: 40, failures: 0 }, spooled: 0, isPlatformAway: false, ...more };
}

const unheard = { heardAt: null, eventAt: null, firstWordMs: null };

describe('how the AI is', () => {
  it.each([
    ['all answer', signals(calls(20)), 'well', ''],
    ['one call is not answered', signals(calls(20, (index) => (index === 0 ? unheard : {}))), 'well', ''],
    ['five in a row are not', signals(calls(20, (index) => (index < 5 ? unheard : {}))), 'dead', 'answers'],
    ['three in a row are not, for half a minute', signals(slowCalls(3)), 'dead', 'answers'],
    ['two in a row are not, for half a minute', signals(slowCalls(2)), 'well', ''],
    ['every third is not', signals(calls(30, (index) => (index % 3 === 0 ? unheard : {}))), 'sick', 'answers'],
    ['two of three are not', signals(calls(30, (index) => (index % 3 > 0 ? unheard : {}))), 'dead', 'answers'],
    ['it is slow', signals(calls(20, () => ({ firstWordMs: 6000 }))), 'sick', 'first-word'],
    ['one first word is slow', signals(calls(20, (index) => (index === 4 ? { firstWordMs: 20_000 } : {}))), 'well', ''],
    ['tools fail', signals(calls(20), { tools: { calls: 10, failures: 4 } }), 'sick', 'tools'],
    ['one tool call fails', signals(calls(20), { tools: { calls: 1, failures: 1 } }), 'well', ''],
    ['facts pile up on disk', signals(calls(20), { spooled: 5000 }), 'sick', 'spool'],
    ['only tools tell of calls', signals(calls(30, () => ({ eventAt: null }))), 'sick', 'webhooks'],
    ['too few calls came', signals(calls(4)), 'unproven', ''],
    ['none came', signals([]), 'unproven', ''],
  ])('%s: %#', (_what, seen, kind, signal) => {
    expect(judgeHealth(seen, settings, all)).toMatchObject({ kind, signal });
  });

  it('is not judged by silence where the platform never told of a start', () => {
    const silent = signals(calls(20, () => unheard));

    expect(judgeHealth(silent, settings, all).kind).toBe('dead');
    expect(judgeHealth(silent, settings, { ...all, hearsStarts: false, hearsEvents: false }).kind).toBe('unproven');
  });

  it('is judged by the calls of the step alone, and a probe by two', () => {
    const mixed = signals(calls(20, (index) => (index < 2 ? {} : unheard)));
    const since = noon - 22_000;

    expect(judgeHealth(mixed, settings, { ...all, since, silentSince: since, trust: 'probe' })).toMatchObject({
      kind: 'well',
    });
    expect(judgeHealth(mixed, settings, { ...all, since, silentSince: since, trust: 'rising' })).toMatchObject({
      kind: 'unproven',
    });
    expect(judgeHealth(signals(calls(2, () => unheard)), settings, { ...all, trust: 'probe' }).kind).toBe('dead');
  });
});

describe('what was told of a call', () => {
  it('is its start, its tools and its end, but no record that was read later', () => {
    const given = givenCallOf(
      [
        fact('carousel', 0, 0, registered('register')),
        fact('voice', 1, 2, { kind: 'started' }),
        fact('voice', 20, 20, { kind: 'committed', outcome: 'sale', summary: '', fields: {} }),
        fact('voice', 30, 600, { kind: 'ended', outcome: 'hung_up', reason: '' }),
      ],
      { firstWordMs: 900, platforms: ['voice'], silentMs: 120_000 },
    );

    expect(given).toEqual({
      givenAt: noon,
      heardAt: noon + 2000,
      eventAt: noon + 2000,
      toolAt: noon + 20_000,
      firstWordMs: 900,
    });
  });

  it.each(['failed', 'no_answer', 'busy'] as const)('is no answer where it ended as %s', (outcome) => {
    const facts = [
      fact('carousel', 0, 0, registered('headers')),
      fact('voice', 1, 1, { kind: 'ended', outcome, reason: '' }),
    ];

    expect(givenCallOf(facts, { firstWordMs: null, platforms: ['voice'], silentMs: 1 })?.heardAt).toBeNull();
  });

  it.each(['dialled', 'event', 'tool'] as const)('says nothing of one that was registered by %s', (via) => {
    const facts = [fact('carousel', 0, 0, registered(via))];

    expect(givenCallOf(facts, { firstWordMs: null, platforms: ['voice'], silentMs: 1 })).toBeNull();
  });
});

/** The first so many are not answered, and came twelve seconds apart. */
function slowCalls(silent: number): GivenCall[] {
  return calls(20, (index) => ({ givenAt: noon - 15_000 - index * 12_000, ...(index < silent && unheard) }));
}

function fact(source: string, atSec: number, receivedSec: number, body: FactBody): StoredFact {
  const instant = (sec: number) => new Date(noon + sec * 1000).toISOString();
  const about = { correlationId: 'c', source, key: `${source} ${atSec}` };
  return { ...about, at: instant(atSec), receivedAt: instant(receivedSec), body };
}

function registered(via: Extract<FactBody, { kind: 'registered' }>['via']): FactBody {
  const leg = {
    ...{ dialer: 'carousel', campaign: 'Autumn', list: '', leadKey: 'r1', callKey: 'mu-1', number: '' },
    ...{ phone: '+13035550111', agent: '', calledAt: '' },
  };
  return { kind: 'registered', leg, via, route: 'ai', reason: '', fields: {} };
}
