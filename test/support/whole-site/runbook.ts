/** A runbook as its reader goes through it: by the titles of its steps. */
export interface Runbook {
  step(owner: string, title: string): RunbookStep;
}

export interface RunbookStep {
  text: string;
  /** What stands between fences, in order. */
  blocks: readonly string[];
  /** `Field: value` of a block, one a line; what explains a value behind two blanks is left out. */
  fields(block: number): Map<string, string>;
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
    fields(block) {
      const pairs = (blocks[block] ?? '').split('\n').flatMap((line): [string, string][] => {
        const [, name = '', value = ''] = /^([^:]+): +(.*)$/.exec(line) ?? [];
        return name ? [[name, value.replace(/ {2}\(.*\)$/, '')]] : [];
      });
      return new Map(pairs);
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
