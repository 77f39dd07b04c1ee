import { admit, newAdmission } from '../../../src/domain/admission.ts';
import type { GivenCall, HealthSignals } from '../../../src/domain/ai-health.ts';
import {
  type AutopilotSettings,
  type AutopilotState,
  restingState,
  shareOfStep,
  stepAutopilot,
} from '../../../src/domain/autopilot.ts';

/** As they are by default. */
export const settings: AutopilotSettings = {
  answerSec: 10,
  maxSickSec: 60,
  leastAnsweredPercent: 80,
  slowFirstWordMs: 4000,
  silentSec: 120,
  toolFailurePercent: 20,
  spooledFacts: 2000,
  steps: [5, 25, 50, 100],
  stepSec: 60,
  stepCalls: 10,
  waitSec: 120,
  maxWaitSec: 1800,
  calmSec: 1800,
};
export const everySec = 5;

/** How the AI is for a while. */
export interface Phase {
  sec: number;
  /** Which part of the calls it answers, 0 to 1. */
  answers: number;
  firstWordMs: number;
  /** Which part of the webhooks comes. */
  events: number;
}

/** What one look saw and did. */
export interface Look {
  at: number;
  phase: Phase;
  before: AutopilotState;
  after: AutopilotState;
}

export interface History {
  looks: readonly Look[];
  /** Calls that were given to the AI, with the share of then. */
  given: readonly { at: number; percent: number; phase: Phase }[];
}

/** A small generator with a seed: the same number gives the same history. */
export function seeded(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A site whose scripts ask for each call's route, one every `gapSec` on average, and an AI that goes through these phases. */
export function play(phases: readonly Phase[], { gapSec, random }: { gapSec: number; random(): number }): History {
  const world = openWorld(gapSec, random);
  for (const phase of phases) {
    const end = world.now + phase.sec * 1000;
    while (world.now < end) step(world, phase);
  }
  return world;
}

interface World extends History {
  now: number;
  state: AutopilotState;
  calls: GivenCall[];
  admission: ReturnType<typeof newAdmission>;
  looks: Look[];
  given: { at: number; percent: number; phase: Phase }[];
  nextCallAt: number;
  gapSec: number;
  random(): number;
}

function openWorld(gapSec: number, random: () => number): World {
  const state = { ...restingState(settings, 0), hearsStarts: true, hearsEvents: true };
  return {
    now: 0,
    state,
    calls: [],
    admission: newAdmission(100, 0),
    looks: [],
    given: [],
    nextCallAt: 0,
    gapSec,
    random,
  };
}

/** Calls come until the next look, and then it looks. */
function step(world: World, phase: Phase): void {
  const { random } = world;
  const until = world.now + everySec * 1000;
  const percent = shareOfStep(settings, world.state.step);
  if (world.admission.percent !== percent) world.admission = newAdmission(percent, world.now);
  while (world.nextCallAt < until) {
    const at = world.nextCallAt;
    world.nextCallAt += world.gapSec * 1000 * (0.5 + random());
    if (!admit(world.admission, at)) continue;
    world.given.push({ at, percent, phase });
    world.calls.unshift(callOf(at, phase, random));
  }
  if (world.calls.length > 150) world.calls.length = 100;
  world.now = until;
  const before = world.state;
  world.state = stepAutopilot(before, signalsOf(world), settings);
  world.looks.push({ at: until, phase, before, after: world.state });
}

function callOf(at: number, phase: Phase, random: () => number): GivenCall {
  const isAnswered = random() < phase.answers;
  const isTold = isAnswered && random() < phase.events;
  const heard = at + phase.firstWordMs;
  return {
    givenAt: at,
    heardAt: isTold ? heard : null,
    eventAt: isTold ? heard : null,
    toolAt: null,
    firstWordMs: isTold ? Math.round(phase.firstWordMs * (0.7 + 0.6 * random())) : null,
  };
}

/** As the store gives them: at most 60, and only those that must have been answered by now. */
function signalsOf({ now, calls }: World): HealthSignals {
  const first = calls.findIndex(({ givenAt }) => givenAt < now - settings.answerSec * 1000);
  const old = first < 0 ? [] : calls.slice(first, first + 60);
  return { at: now, calls: old, tools: { calls: 0, failures: 0 }, spooled: 0, isPlatformAway: false };
}
