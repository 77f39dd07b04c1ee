import { writeFileSync } from 'node:fs';
import type { SeenRequest } from '../demo/balancer.ts';
import { evidenceFolder, type JudgedRun, writeCallEvidence } from '../demo/call-evidence.ts';
import type { World } from '../demo/world.ts';

/** A request as the balancer saw it, and the simulated time at its end. */
export interface TimedRequest extends SeenRequest {
  at: number;
}

/** Lays down what is needed to find out why a verdict failed: what was found of which call, each log, and each request. */
export async function keepEvidence(
  seed: number,
  world: World,
  seen: readonly TimedRequest[],
  run: JudgedRun,
): Promise<string> {
  const folder = evidenceFolder('scale', seed);
  await writeCallEvidence(folder, world, run);
  for (const [index, member] of world.members.entries()) {
    writeFileSync(`${folder}patchbay-${index + 1}.log`, `${member.process().tail().join('\n')}\n`);
  }
  writeFileSync(`${folder}requests.txt`, seen.map(lineOf).join(''));
  return folder;
}

function lineOf({ at, member, path, begunAt, endedAt, body, answer }: TimedRequest): string {
  const ms = `${Math.round(begunAt)}+${Math.round(endedAt - begunAt)}`;
  return `${new Date(at).toISOString()} ${ms} ${member + 1} ${path} ${body} => ${answer}\n`;
}
