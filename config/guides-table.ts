import type { GuideEntry } from '../src/domain/guide.ts';

const kinds = {
  prerequisite: 'Prerequisite: ',
  step: '',
  trouble: 'Troubleshooting: ',
  advice: 'Troubleshooting ',
} as const;

/** Tables of every entry of the published guides and what serves it, one per guide, as Markdown. */
export function guidesTables(entries: readonly GuideEntry[]): string {
  const guides = [...new Set(entries.map(({ guide }) => guide))];
  return guides
    .map((guide) =>
      tableOf(
        guide,
        entries.filter((entry) => entry.guide === guide),
      ),
    )
    .join('\n\n');
}

function tableOf(guide: string, entries: readonly GuideEntry[]): string {
  const head = ['| In the guide | Served by | What is right |', '| --- | --- | --- |'];
  const rows = entries.map((entry) => {
    const title = `${kinds[entry.kind]}${cell(entry.title)}`;
    return `| ${title} | ${servedBy(entry)} | ${cell(entry.correction ?? '')} |`;
  });
  return [`### ${guide}`, '', ...head, ...rows].join('\n');
}

function servedBy({ checks, steps = [], commands = [] }: GuideEntry): string {
  const parts = [
    ['check', checks],
    ['step', steps],
    ['command', commands],
  ] as const;
  return parts
    .flatMap(([word, names]) => (names.length > 0 ? [`${word} ${names.map((name) => `\`${name}\``).join(', ')}`] : []))
    .join('<br>');
}

/** Text that stays within its cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', '<br>');
}
