import { namedChecks, runInOrder } from '../../src/domain/check-order.ts';
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
      const checked = await runOneByOne(checks());
      for (const each of checked) say(output, each, linesOf(each));
      return checked.some(({ status }) => status === 'fail') ? 1 : 0;
    },
  };
}

/** One after the other: a wrong password then costs one try. What lies with another instance is not asked here. */
async function runOneByOne(wanted: readonly Check[]): Promise<Checked[]> {
  const ownOf = (ids: readonly string[] = []) => ids.filter((id) => !id.includes(':'));
  const own = wanted.map((check) => ({ ...check, needs: ownOf(check.needs), after: ownOf(check.after) }));
  const judged = await runInOrder(namedChecks([{ id: 'own', checks: () => own }]), { atOnce: 1 });
  return own.flatMap(({ id, title }) => {
    const result = judged.get(`own:${id}`);
    if (!result) return [];
    const { causes, ...told } = result;
    const found = causes.length > 0 ? told.found.replaceAll('own:', '') : told.found;
    return [{ ...told, id, title, found }];
  });
}

function linesOf({ id, title, status, found, why, fix }: Checked): string[] {
  const arrows = fix ? fix.split('\n').map((line) => `→ ${line}`) : [];
  const more = [...found.split('\n'), ...(why ? why.split('\n') : []), ...arrows];
  return [`${status.padEnd(8)}${id}: ${title}`, ...more.map((line) => `        ${line}`)];
}
