import type { Check } from '../src/domain/connector.ts';

/** The checks of one system. */
export interface CheckGroup {
  title: string;
  checks: readonly Check[];
}

/** Tables of every check of the doctor, one per system, as Markdown. */
export function checksTables(groups: readonly CheckGroup[]): string {
  return groups.map(({ title, checks }) => [`### ${title}`, '', ...tableOf(checks)].join('\n')).join('\n\n');
}

function tableOf(checks: readonly Check[]): string[] {
  const head = ['| Check | Sees that | Looks at | Needs |', '| --- | --- | --- | --- |'];
  return [
    ...head,
    ...checks.map(({ id, title, looksAt, needs = [], after = [] }) => {
      const names = [...needs, ...after].map((need) => `\`${need}\``).join(', ');
      return `| \`${id}\` | ${cell(title)} | ${cell(looksAt)} | ${names} |`;
    }),
  ];
}

/** Text that stays within its cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
