import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

/** Most calls whose facts are laid down. */
const mostCalls = 40;

/**
 * Lays down what is needed to find out why a verdict failed: plan and seed, what was found, the journals of the dialers,
 * what each Patchbay wrote last, and for each call that is named all that our store holds of it. Gives the folder.
 */
export async function keepEvidence(input: EvidenceInput): Promise<string> {
  const { options, world, keeper, plan, played, findings } = input;
  const folder = fileURLToPath(new URL(`../../var/chaos/seed-${options.seed}-${process.pid}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: unknown) =>
    writeFileSync(`${folder}${name}`, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  write('findings.txt', `${findings.join('\n')}\n`);
  write('run.json', { options, plan, deaths: keeper.deaths, live: played.live });
  write('patchbay.log', `${keeper.logs().join('\n')}\n`);
  write('effects-vicidial.json', lines(played.journals.vicidial));
  write('effects-five9.json', lines(played.journals.five9));
  const named = findings.map((finding) => Number(/^call (\d+) /.exec(finding)?.[1] ?? -1)).filter((id) => id >= 0);
  for (const id of [...new Set(named)].slice(0, mostCalls)) {
    const end = played.ends.find(({ call }) => call.id === id);
    const number = end?.call.number ?? '';
    const effects = [...played.journals.vicidial, ...played.journals.five9].filter(
      ({ record }) => record === number || record === end?.call.record,
    );
    write(`call-${id}.json`, { end, effects, ...(await readCall(world, number)) });
  }
  return folder;
}

async function readCall({ store }: World, number: string) {
  if (!/^\d+$/.test(number)) return {};
  const of = `correlation_id in (select correlation_id from calls where phone = '+1${number}')`;
  return {
    calls: await store.read(`select * from calls where phone = '+1${number}'`),
    refs: await store.read(`select * from call_refs where ${of}`),
    facts: await store.read(`select * from facts where ${of} order by received_at`),
    writeBacks: await store.read(`select * from write_backs where ${of} order by aspect, revision`),
  };
}

/** One effect a line. */
function lines(effects: readonly object[]): string {
  return effects.map((effect) => `${JSON.stringify(effect)}\n`).join('');
}
