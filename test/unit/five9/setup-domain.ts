import { afterEach } from 'vitest';
import { five9 } from '../../../connectors/five9/index.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { type Five9Simulator, startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import type { Five9SimulatorInput, SeedInput } from '../../simulators/five9/options.ts';
import { realClock } from '../../support/real-clock.ts';
import { startTestApp } from '../../support/start-app.ts';

const stops: (() => Promise<void>)[] = [];

/** Stops after each test what `startDomain` started. */
export function stopDomainsAfterEach(): void {
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
}

export const dispositions = {
  opt_out: 'AI - Do not call',
  sale: 'AI - Sale',
  callback: 'AI - Callback',
  no_answer: 'AI - No contact',
  voicemail: 'AI - No contact',
};

/** What an admin of the campaign Spring configures. */
export const springSettings = {
  domainTimeZone: 'America/New_York',
  fields: {
    lastDisposition: 'last_disposition',
    lastDispositionAt: 'last_disposition_at',
    lastAgentDisposition: 'last_agent_disposition',
    lastAgentDispositionAt: 'last_agent_disposition_at',
    callbackMark: 'ai_callback_mark',
  },
  callbackList: 'AI callbacks',
  campaigns: { Spring: { dispositions, fields: { ai_summary: 'summary' }, screenPop: ['intent'] } },
  ivr: { callVariableGroup: 'SigmaMind' },
};

export const wrongPassword = { soap: { users: [{ user: 'ada@example', password: 'wrong' }] } };

export const stopped: Campaign = { name: 'Spring', type: 'AUTODIAL', state: 'NOT_RUNNING', lists: ['AI callbacks'] };

type Campaign = NonNullable<SeedInput['campaigns']>[number];

/** A domain, and Patchbay's commands before it; `run` is the command line. */
export async function startDomain(
  seed: SeedInput,
  settings: Record<string, unknown> = {},
  more: {
    simulator?: Partial<Five9SimulatorInput>;
    platforms?: Record<string, unknown>;
    soap?: Record<string, unknown>;
  } = {},
) {
  const users = [{ name: 'ada@example', password: 'engine' }];
  const simulator = await startFive9Simulator({ clock: realClock, users, importDelayMs: 0, seed, ...more.simulator });
  stops.push(() => simulator.stop());
  const soap = { host: simulator.url, users: [{ user: 'ada@example', password: 'engine' }], ...more.soap };
  const patchbay = await startTestApp({
    registry: { dialers: [five9], platforms: [sigmamind] },
    dialers: { five9: { type: 'five9', soap, ...springSettings, ...settings } },
    config: more.platforms ? { platforms: more.platforms } : {},
  });
  stops.push(() => patchbay.stop());
  const dialer = patchbay.app.instances.find(({ id }) => id === 'five9');

  /** The exit code, and what was written; each line is parsed too with `json`. */
  async function run(name: string, options: Record<string, unknown> = {}) {
    const command = dialer?.commands?.find((one) => one.name === name);
    if (!command) throw new Error(`there is no command ${name}`);
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const code = await command.run([], options, { write, isTerminal: false, isJson: options.json === true });
    const results = options.json === true ? lines.map((line) => JSON.parse(line) as Record<string, string>) : [];
    return { code, text: lines.join('\n'), results };
  }

  return { simulator, run, sent: (operation: string) => sentTo(simulator, operation) };
}

function sentTo(simulator: Five9Simulator, operation: string): number {
  return simulator.requests().filter((request) => request.operation === operation).length;
}
