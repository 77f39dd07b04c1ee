import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DayReport } from './day.ts';
import type { World } from './world.ts';

/** Most calls whose facts are laid down. */
const mostCalls = 40;

/** What a run played and found, as its verdict had it. */
export interface JudgedRun extends Pick<DayReport, 'ends' | 'journals'> {
  findings: readonly string[];
}

/** A folder under `var` for one run; what an earlier process of the same number left there goes. */
export function evidenceFolder(kind: string, seed: number): string {
  const folder = fileURLToPath(new URL(`../../var/${kind}/seed-${seed}-${process.pid}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Lays down what was found, the journals of the dialers, and for each call that a finding names, by its id or its record,
 * all that our store holds of it.
 */
export async function writeCallEvidence(folder: string, world: World, run: JudgedRun): Promise<void> {
  const { ends, journals, findings } = run;
  writeFileSync(`${folder}findings.txt`, `${findings.join('\n')}\n`);
  writeFileSync(`${folder}effects-vicidial.json`, lines(journals.vicidial));
  writeFileSync(`${folder}effects-five9.json`, lines(journals.five9));
  const ids = findings.map((finding) => Number(/^call (\d+) /.exec(finding)?.[1] ?? -1));
  const records = findings.map((finding) => / record (\d+)$/.exec(finding)?.[1] ?? '');
  const named = ends.filter(
    ({ call }) => ids.includes(call.id) || [call.record, call.number].some((one) => records.includes(one)),
  );
  for (const end of named.slice(0, mostCalls)) {
    const { id, number, record } = end.call;
    const effects = [...journals.vicidial, ...journals.five9].filter(
      (effect) => effect.record === number || effect.record === record,
    );
    const kept = { end, effects, ...(await readCall(world, number)) };
    writeFileSync(`${folder}call-${id}.json`, JSON.stringify(kept, null, 1));
  }
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
