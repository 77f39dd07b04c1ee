/** One step of an extension. */
export interface DialplanLine {
  label: string;
  /** As it is written: `Dial`, `SIPAddHeader`. */
  application: string;
  /** What stands between the brackets: nothing is substituted. */
  args: string;
}

/** An extension or pattern with its steps, in the order in which they run. */
export interface Extension {
  /** The section that it stands in; empty where the text begins: that is the context that it is put into. */
  context: string;
  pattern: string;
  lines: readonly DialplanLine[];
}

/**
 * Reads a text as Asterisk reads extensions.conf: `exten =>`, `same =>`, priorities, labels, sections, comments. What it
 * can't read it leaves out, as Asterisk does.
 */
export function readDialplan(text: string): Extension[] {
  const extensions: { context: string; pattern: string; steps: Step[] }[] = [];
  let context = '';
  let pattern = '';
  for (const raw of withoutBlocks(text).split(/\r?\n/)) {
    const line = withoutComment(raw).trim();
    const section = /^\[([^\]]+)\]/.exec(line);
    if (section) {
      context = (section[1] ?? '').trim();
      pattern = '';
      continue;
    }
    const exten = /^exten\s*=>?\s*([^,]+),(.*)$/i.exec(line);
    const same = /^same\s*=>?\s*(.*)$/i.exec(line);
    if (exten) pattern = readPattern(exten[1] ?? '');
    const rest = exten?.[2] ?? same?.[1];
    if (rest === undefined || !pattern) continue;
    let extension = extensions.find((each) => each.context === context && each.pattern === pattern);
    if (!extension) {
      extension = { context, pattern, steps: [] };
      extensions.push(extension);
    }
    const step = readStep(rest, extension.steps.at(-1)?.priority ?? 0);
    if (step) extension.steps.push(step);
  }
  return extensions.map(({ context: where, pattern: dialled, steps }) => ({
    context: where,
    pattern: dialled,
    lines: inOrder(steps),
  }));
}

interface Step extends DialplanLine {
  priority: number;
}

/** `1,Dial(…)`, `n(label),Dial(…)`, `s`, `n+2`; a hint is no step. */
function readStep(rest: string, before: number): Step | null {
  const match = /^\s*(\d+|n|s)(?:\s*\+\s*(\d+))?\s*(?:\(([^)]*)\))?\s*,\s*(.*)$/i.exec(rest);
  if (!match) return null;
  const [, word = '', plus = '', label = '', call = ''] = match;
  const added = plus === '' ? 1 : Number(plus);
  const priority = /^\d/.test(word) ? Number(word) : before + (word.toLowerCase() === 's' ? 0 : added);
  const read = readCall(call);
  return read && { priority, label: label.trim(), ...read };
}

/** `Dial(SIP/peer/123,55,To)`; without brackets, or in the old way `Dial,SIP/peer|55`. */
function readCall(call: string): Pick<DialplanLine, 'application' | 'args'> | null {
  const match = /^([A-Za-z_][\w]*)\s*(?:\((.*)\)\s*$|[,|](.*)$|$)/s.exec(call.trim());
  if (!match) return null;
  return { application: match[1] ?? '', args: match[2] ?? match[3] ?? '' };
}

/** Asterisk goes by the priorities, not by the order of the lines; of two with one priority the first counts. */
function inOrder(steps: readonly Step[]): DialplanLine[] {
  const byPriority = new Map<number, Step>();
  for (const step of steps) if (!byPriority.has(step.priority)) byPriority.set(step.priority, step);
  return [...byPriority.values()]
    .sort((a, b) => a.priority - b.priority)
    .map(({ label, application, args }) => ({ label, application, args }));
}

/** `_7700X./3035551000`: what is behind the slash matches the caller. Hyphens are for the eye, but in brackets. */
function readPattern(text: string): string {
  const pattern = (text.split('/', 1)[0] ?? '').trim();
  return pattern.startsWith('_') ? pattern.replace(/\[[^\]]*\]|-/g, (part) => (part === '-' ? '' : part)) : pattern;
}

/** `;--` begins a comment of several lines, `--;` ends it; `;---` is one of a single line. */
function withoutBlocks(text: string): string {
  return text.replace(/(?<!\\);--(?!-)[\s\S]*?(?:--;|$(?![\s\S]))/g, '');
}

/** A semicolon begins a comment, unless a backslash stands before it. */
function withoutComment(line: string): string {
  const at = /(?<!\\);/.exec(line)?.index;
  return (at === undefined ? line : line.slice(0, at)).replaceAll('\\;', ';');
}
