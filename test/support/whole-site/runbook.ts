/** A runbook as its reader goes through it: by the titles of its steps. */
export interface Runbook {
  step(owner: string, title: string): RunbookStep;
}

export interface RunbookStep {
  text: string;
  /** What stands between fences, in order. */
  blocks: readonly string[];
  /** What is pasted there: `Dialplan Entry`. Null when the step has nothing for it. */
  blockAt(place: string): string | null;
  /** `Field: value` of the first block, one a line, an entry each between blank lines; remarks on values are left out. */
  entries: readonly Map<string, string>[];
  /** The rows of its tables, without their heads, quotes of code taken off. */
  rows: readonly string[][];
}

export function readRunbook(markdown: string): Runbook {
  const steps = markdown.split(/^### \d+\. /m).slice(1);
  return {
    step(owner, title) {
      const found = steps.filter((step) => step.startsWith(`${title}\n`) && step.includes(`\n\`${owner}\` · `));
      if (found.length !== 1) throw new Error(`the runbook has ${found.length} steps "${title}" of ${owner}`);
      return readStep(found[0] ?? '');
    },
  };
}

function readStep(text: string): RunbookStep {
  const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)\n```$/gm)].map(([, block = '']) => block);
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const rows = lines
    .filter((line, index) => !/^\|( --- \|)+$/.test(line) && !/^\|( --- \|)+$/.test(lines[index + 1] ?? ''))
    .map((line) => cellsOf(line));
  return {
    text,
    blocks,
    rows,
    entries: (blocks[0] ?? '').split('\n\n').map(fieldsOf),
    blockAt(place) {
      const before = text.split(/^```\w*\n[\s\S]*?\n```$/m);
      const index = before.findIndex((part) => part.trimEnd().split('\n').at(-1)?.includes(`: ${place}`));
      return index < 0 ? null : (blocks[index] ?? null);
    },
  };
}

function cellsOf(line: string): string[] {
  const cells = line.slice(1, -1).split(/(?<!\\)\|/);
  return cells.map((cell) =>
    cell
      .trim()
      .replace(/^`(.*)`$/, '$1')
      .replaceAll('\\|', '|'),
  );
}

function fieldsOf(entry: string): Map<string, string> {
  const pairs = entry.split('\n').flatMap((line): [string, string][] => {
    const [, name = '', value = ''] = /^([^:]+): +(.*)$/.exec(line) ?? [];
    return name ? [[name, value.replace(/ {2}\(.*\)$/, '')]] : [];
  });
  return new Map(pairs);
}
