import type { Check, CheckResult, Command } from '../../src/domain/connector.ts';
import { say } from './answers.ts';

type Checked = CheckResult & Pick<Check, 'id' | 'title'>;

/** `check`: asks the dialer whether the set-up is right, and says what to mend. Exit code 1 when something fails. */
export function checkCommand(summary: string, checks: () => readonly Check[]): Command {
  return {
    name: 'check',
    summary,
    arguments: [],
    async run(_words, _options, output) {
      const checked = await runInOrder(checks());
      for (const each of checked) say(output, each, linesOf(each));
      return checked.some(({ status }) => status === 'fail') ? 1 : 0;
    },
  };
}

/** One after the other: a wrong password then costs one try, and what needs a check that failed is not asked at all. */
async function runInOrder(wanted: readonly Check[]): Promise<Checked[]> {
  const done = new Map<string, Checked>();
  for (const { id, title, needs = [], run } of wanted) {
    const missing = needs.filter((need) => done.get(need)?.status === 'fail');
    const result: CheckResult =
      missing.length > 0 ? { status: 'unknown', found: `not asked: needs ${missing.join(', ')}` } : await run();
    done.set(id, { id, title, ...result });
  }
  return [...done.values()];
}

function linesOf({ id, title, status, found, why, fix }: Checked): string[] {
  const more = [why, fix && `→ ${fix}`].filter(Boolean).map((line) => `        ${line}`);
  return [`${status.padEnd(8)}${id}: ${title}`, `        ${found}`, ...more];
}
