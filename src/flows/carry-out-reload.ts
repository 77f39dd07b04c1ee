import { setTimeout as wait } from 'node:timers/promises';
import type { ReloadResult } from '../domain/reload.ts';
import type { Deps } from './deps.ts';
import { runningProcesses, wishReload } from './wish-reload.ts';

/** What became of a wish in one process. */
export interface ProcessAnswer {
  /** Machine and process number. */
  name: string;
  result: ReloadResult | 'silent';
  /** Of the configuration that it runs with now; empty when it tells none. */
  version: string;
  faults: readonly string[];
}

/** What a process made of it, in words. */
export const answerWords: Readonly<Record<ProcessAnswer['result'], string>> = {
  applied: 'took it up',
  same: 'runs it already',
  refused: 'refused it, and goes on with the one before',
  silent: 'did not answer',
};

/** Machine time: reading, checking and taking up takes a second at most. */
const patienceMs = 30_000;
const lookEveryMs = 100;

/**
 * Wishes that every process reloads, and waits for what each of those that run makes of it.
 *
 * @param by who wants it, as the audit log names people
 */
export async function carryOut(deps: Pick<Deps, 'store' | 'clock' | 'newId'>, by: string): Promise<ProcessAnswer[]> {
  const asked = (await runningProcesses(deps)).map(({ id }) => id);
  const { id } = await wishReload(deps, by);
  const endsAt = performance.now() + patienceMs;
  for (;;) {
    const running = (await deps.store.processes()).filter((each) => asked.includes(each.id));
    const answers = running.map(({ name, configuration }): ProcessAnswer => {
      const answer = configuration?.answer?.id === id ? configuration.answer : undefined;
      const { result = 'silent', faults = [] } = answer ?? {};
      return { name, result, version: configuration?.version ?? '', faults };
    });
    const isWhole = answers.every(({ result }) => result !== 'silent');
    if (isWhole || performance.now() > endsAt) return answers;
    await wait(lookEveryMs);
  }
}
