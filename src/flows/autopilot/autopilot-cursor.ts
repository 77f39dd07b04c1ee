import { type HealthSignals, slowWordMs } from '../../domain/ai-health.ts';
import { type AutopilotSettings, type AutopilotState, restingState } from '../../domain/autopilot.ts';
import type { Fence } from '../../domain/lease.ts';
import type { Deps } from '../deps.ts';

/** What is kept of one dialer between two looks, for whichever process looks next. */
export interface KeptAutopilot {
  state: AutopilotState;
  /** When it was last looked at, epoch ms. */
  lookedAt: number;
  /** The person whose word holds; empty while the autopilot steers. */
  heldBy: string;
  measures: HealthMeasures;
}

/** The signals in numbers, for people. */
export interface HealthMeasures {
  calls: number;
  answered: number;
  /** Nine of ten first words took at most so long; null: none was measured. */
  firstWordMs: number | null;
  toolCalls: number;
  toolFailures: number;
}

/** Null when a dialer was never looked at. */
export async function readKept({ store }: Pick<Deps, 'store'>, dialer: string): Promise<KeptAutopilot | null> {
  const text = await store.readCursor(cursorOf(dialer));
  return text === '' ? null : (JSON.parse(text) as KeptAutopilot);
}

/** The same; of one that was never looked at all calls go to the AI. */
export async function readAutopilot(
  deps: Pick<Deps, 'store' | 'clock'>,
  dialer: string,
  settings: Pick<AutopilotSettings, 'steps'>,
): Promise<KeptAutopilot> {
  const kept = await readKept(deps, dialer);
  // With other steps the old numbers of steps mean something else.
  if (kept && kept.state.step <= settings.steps.length) return kept;
  const state = restingState(settings, deps.clock.now());
  return { state, lookedAt: 0, heldBy: '', measures: noMeasures };
}

/** @param under refused once another process steers */
export function writeAutopilot(
  { store }: Pick<Deps, 'store'>,
  dialer: string,
  kept: KeptAutopilot,
  under?: Fence,
): Promise<void> {
  return store.writeCursor(cursorOf(dialer), JSON.stringify(kept), under);
}

export function measuresOf({ calls, tools }: HealthSignals): HealthMeasures {
  return {
    calls: calls.length,
    answered: calls.filter(({ heardAt }) => heardAt !== null).length,
    firstWordMs: slowWordMs(calls),
    toolCalls: tools.calls,
    toolFailures: tools.failures,
  };
}

const noMeasures: HealthMeasures = { calls: 0, answered: 0, firstWordMs: null, toolCalls: 0, toolFailures: 0 };

function cursorOf(dialer: string): string {
  return `autopilot:${dialer}`;
}
