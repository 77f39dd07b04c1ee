import type { z } from 'zod';
import { createSigmamindApi, type SigmamindApi } from '../../../connectors/sigmamind/api/api.ts';
import type { Faults, SimulatorOptions } from '../../simulators/sigmamind/options.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../../simulators/sigmamind/sigmamind-simulator.ts';
import { fastClock } from './fast-clock.ts';

export interface SimulatedApi {
  simulator: SigmamindSimulator;
  api: SigmamindApi;
  /** How long the client slept before its next try, in milliseconds. */
  waits: number[];
  setFaults(faults: z.input<typeof Faults>): Promise<void>;
}

/** The client and a simulator that runs a thousand times as fast; waits of the client take no time. */
export async function startSimulatedApi(
  options: Partial<SimulatorOptions> = {},
  campaignFile: 'json' | 'multipart' = 'json',
): Promise<SimulatedApi> {
  const waits: number[] = [];
  const clock = { now: fastClock.now, sleep: async (ms: number) => void waits.push(ms) };
  const simulator = await startSigmamindSimulator({ clock: fastClock, apiKey: 'key-1', ...options });
  const config = { apiUrl: simulator.url, apiKey: 'key-1', timeoutMs: 5000, dialling: { campaignFile } };
  return {
    simulator,
    waits,
    api: createSigmamindApi({ clock, random: () => 0.5 }, config),
    async setFaults(faults) {
      await fetch(`${simulator.url}/_sim/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(faults),
      });
    },
  };
}
