import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../demo/random.ts';
import { agentDisposition, campaigns } from '../support/five9-calls.ts';
import {
  playTwins,
  rulesOfTheDay,
  startsAt,
  type Telling,
  type TwinCall,
  type TwinDay,
} from '../support/twin-calls.ts';
import { at, type ToldFact } from '../unit/domain/cast.ts';
import { wantedBy } from '../unit/domain/spec.ts';

/** PATCHBAY_TWINS=1000 for more, PATCHBAY_TWIN_SEED for others. (Default: 200, 1) */
const count = Number(process.env.PATCHBAY_TWINS ?? 200);
const random = seededRandom(Number(process.env.PATCHBAY_TWIN_SEED ?? 1));

const chance = (share: number) => random() < share;
const oneOf = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const hourMs = 3_600_000;
const inDays = (days: number) => new Date(Date.parse(startsAt) + days * 24 * hourMs).toISOString();

interface Story {
  /** In their own order, as each is said when it is heard. */
  commits: Telling[];
  rest: Telling[];
}

function writeStory(): Story {
  const sayings: Telling[] = [
    { kind: 'commit', outcome: 'callback', callbackAt: inDays(2) },
    { kind: 'commit', outcome: 'callback', callbackAt: inDays(3) },
    ...['sale', 'not_interested', 'opt_out'].map((outcome) => ({ kind: 'commit', outcome }) as const),
  ];
  const commits = Array.from({ length: Math.floor(random() * 3) }, () => oneOf(sayings));
  const rest: Telling[] = [{ kind: 'event', event: 'conversation_ended', qualification: '' }];
  if (chance(0.5)) rest.push({ kind: 'event', event: 'conversation_started', qualification: '' });
  if (chance(0.6))
    rest.push({ kind: 'event', event: 'conversation_analysed', qualification: oneOf(['Interested', 'Perhaps']) });
  const hasHuman = chance(0.3);
  if (hasHuman) rest.push({ kind: 'human' });
  if (chance(hasHuman ? 0.5 : 0.15)) {
    const body = { kind: 'corrected', outcome: oneOf(['sale', 'wrong_number']), by: 'joan', why: 'heard it' } as const;
    rest.push({ kind: 'operator', body, afterMs: 20 * hourMs });
  }
  const isOptedOut = commits.some((telling) => telling.kind === 'commit' && telling.outcome === 'opt_out');
  if (isOptedOut && chance(0.4)) {
    rest.push({
      kind: 'operator',
      body: { kind: 'opt-out-undone', by: 'joan', why: 'a mistake' },
      afterMs: 21 * hourMs,
    });
  }
  return { commits, rest };
}

/** The commits in their order, everything else anywhere, and much of it more than once. */
function arrange({ commits, rest }: Story): Telling[] {
  const told: Telling[] = [...commits];
  for (const telling of rest) {
    for (let times = chance(0.3) && telling.kind !== 'human' ? 2 : 1; times > 0; times -= 1) {
      told.splice(Math.floor(random() * (told.length + 1)), 0, telling);
    }
  }
  return told;
}

function callOf(index: number, tellings: readonly Telling[]): TwinCall {
  return {
    index,
    kind: 'sale',
    number: `${300 + Math.floor(index / 100)}555${String(100 + (index % 100)).padStart(4, '0')}`,
    key: `pk-${index}`,
    campaign: campaigns[Math.floor(index / 2) % 3] ?? campaigns[0],
    said: [],
    tellings,
  };
}

/** What the story's facts want, said by the rules that the domain is tested by. */
function wanted({ commits, rest }: Story): Record<string, unknown> {
  const facts = [registration(), ...commits.map(commitOf), ...rest.map(factOf)];
  const { disposition = '', callback = '', dnc = '', fields = '{}' } = wantedBy(facts, rulesOfTheDay).five9 ?? {};
  const { ai_summary: summary = '', ai_outcome: outcome = '' } = JSON.parse(fields) as Record<string, string>;
  return {
    disposition: disposition.replace(/^human /, '').replace(/ 2026-.*$/, ''),
    ...{ callback, dnc: dnc !== '', summary, outcome },
  };
}

function registration(): ToldFact {
  const leg = {
    ...{ dialer: 'five9', callKey: '1', campaign: 'Spring', list: '', leadKey: '', number: '3035550142', agent: '' },
    ...{ phone: '+13035550142', calledAt: at(0) },
  };
  const body = { kind: 'registered', leg, via: 'register', route: 'ai', reason: '', fields: {} } as const;
  return { source: 'five9', key: 'registered', at: at(0), body };
}

function commitOf(telling: Telling, index: number): ToldFact {
  if (telling.kind !== 'commit') throw new Error('not a commit');
  const { outcome, callbackAt } = telling;
  const body = { kind: 'committed', outcome, summary: `said ${outcome}`, fields: {} } as const;
  return { source: 'ai', key: `c${index}`, at: at(1 + index), body: { ...body, ...(callbackAt && { callbackAt }) } };
}

function factOf(telling: Telling, index: number): ToldFact {
  const fact = (minutes: number, body: ToldFact['body']): ToldFact => ({
    source: 'x',
    key: `r${index}`,
    at: at(minutes),
    body,
  });
  switch (telling.kind) {
    case 'human':
      return fact(5, { kind: 'dispositioned', dialer: 'five9', disposition: agentDisposition, by: 'agent' });
    case 'operator':
      return fact(10 + telling.afterMs / hourMs, telling.body);
    case 'event': {
      if (telling.event === 'conversation_started') return fact(1, { kind: 'started' });
      if (telling.event === 'conversation_ended') return fact(2, { kind: 'ended', outcome: 'hung_up', reason: '' });
      const outcome = telling.qualification === 'Interested' ? { outcome: 'qualified' } : {};
      return fact(3, { kind: 'analysed', summary: 'as analysed', fields: {}, ...outcome });
    }
    default:
      throw new Error('a commit has its place among the commits');
  }
}

const stories = Array.from({ length: count }, writeStory);
const calls = stories.flatMap((story, index) => [
  callOf(2 * index, [...story.commits, ...story.rest]),
  callOf(2 * index + 1, arrange(story)),
]);
let day: TwinDay;

beforeAll(
  async () => {
    day = await playTwins(calls, random);
  },
  120_000 + count * 500,
);
afterAll(() => day.stop());

it(`leaves the dialer with what ${count} histories want, told in two orders each`, () => {
  const findings = stories.flatMap((story, index) =>
    calls
      .slice(2 * index, 2 * index + 2)
      .map((call) => ({ tellings: call.tellings, held: day.held(call), wanted: wanted(story) })),
  );

  const differing = findings.filter(({ held, wanted }) => JSON.stringify(held) !== JSON.stringify(wanted));
  expect(differing).toEqual([]);
});

it('writes nothing twice', () => {
  expect(day.doubles()).toMatchObject({ double: 0, findings: [] });
});
