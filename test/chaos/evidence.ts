import { writeFileSync } from 'node:fs';
import { evidenceFolder, writeCallEvidence } from '../demo/call-evidence.ts';
import type { World } from '../demo/world.ts';
import type { Keeper } from './keeper.ts';
import type { ChaosOptions } from './options.ts';
import type { PlannedFault } from './plan.ts';
import type { Played } from './play-chaos.ts';

interface EvidenceInput {
  options: ChaosOptions;
  world: World;
  keeper: Keeper;
  plan: readonly PlannedFault[];
  played: Played;
  findings: readonly string[];
}

/**
 * Lays down what is needed to find out why a verdict failed: plan and seed, what each Patchbay wrote last, and what was found
 * of which call. Gives the folder.
 */
export async function keepEvidence(input: EvidenceInput): Promise<string> {
  const { options, world, keeper, plan, played, findings } = input;
  const folder = evidenceFolder('chaos', options.seed);
  const run = { options, plan, deaths: keeper.deaths, live: played.live };
  writeFileSync(`${folder}run.json`, JSON.stringify(run, null, 1));
  writeFileSync(`${folder}patchbay.log`, `${keeper.logs().join('\n')}\n`);
  await writeCallEvidence(folder, world, { ...played, findings });
  return folder;
}
