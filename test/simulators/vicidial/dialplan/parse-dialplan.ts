/** One line of an extension. */
export interface Priority {
  label: string;
  /** As written: nothing is substituted yet. */
  application: string;
}

/** Context → extension or pattern → its lines. */
export type Dialplan = ReadonlyMap<string, ReadonlyMap<string, readonly Priority[]>>;

/** A text that Asterisk would not load, or that goes beyond what these tests understand. */
export class DialplanError extends Error {}

/**
 * Reads extensions as `extensions.conf` holds them: `exten => pattern,1,App(args)`, `n`, labels, `same =>`, sections and
 * comments. Lines before the first section belong to the context that a carrier's entry is put into.
 */
export function parseDialplan(text: string, firstContext: string): Dialplan {
  const contexts = new Map<string, Map<string, Priority[]>>();
  let context = firstContext;
  let pattern = '';
  for (const raw of text.split('\n')) {
    const line = withoutComment(raw).trim();
    if (!line) continue;
    const section = /^\[([A-Za-z0-9_-]+)\]$/.exec(line);
    if (section) {
      context = section[1] ?? '';
      pattern = '';
      continue;
    }
    const exten = /^exten\s*=>?\s*([^,]+),(.*)$/.exec(line);
    const same = /^same\s*=>?\s*(.*)$/.exec(line);
    if (exten) pattern = (exten[1] ?? '').trim();
    const rest = exten?.[2] ?? same?.[1];
    if (rest === undefined || !pattern) throw new DialplanError(`no line of a dialplan: ${line}`);

    const extensions = contexts.get(context) ?? new Map<string, Priority[]>();
    contexts.set(context, extensions);
    const lines = extensions.get(pattern) ?? [];
    extensions.set(pattern, lines);
    lines.push(readPriority(rest, lines, line));
  }
  return contexts;
}

function readPriority(rest: string, before: readonly Priority[], line: string): Priority {
  const match = /^\s*(\d+|n)(?:\(([A-Za-z0-9_-]+)\))?\s*,\s*(\S.*)$/.exec(rest);
  const [, priority = '', label = '', application = ''] = match ?? [];
  if (!match) throw new DialplanError(`no priority and application: ${line}`);
  const wanted = before.length + 1;
  if (priority === 'n' ? wanted === 1 : Number(priority) !== wanted)
    throw new DialplanError(`priority ${priority} does not follow: ${line}`);
  if (label && before.some((each) => each.label === label)) throw new DialplanError(`label ${label} is there twice`);
  return { label, application };
}

/** A semicolon begins a comment, unless a backslash stands before it. */
function withoutComment(line: string): string {
  const at = /(?<!\\);/.exec(line)?.index;
  return (at === undefined ? line : line.slice(0, at)).replaceAll('\\;', ';');
}

/** The lines for a number that was dialled: an extension of that name, else the first pattern that fits. */
export function findExtension(dialplan: Dialplan, context: string, dialled: string): readonly Priority[] {
  const extensions = dialplan.get(context);
  if (!extensions) throw new DialplanError(`there is no context ${context}`);
  const exact = extensions.get(dialled);
  if (exact) return exact;
  for (const [pattern, lines] of extensions) if (matchesPattern(pattern, dialled)) return lines;
  throw new DialplanError(`no extension of ${context} fits ${dialled}`);
}

/** `_7700X.`: X a digit, Z 1 to 9, N 2 to 9, `.` one or more of anything. */
export function matchesPattern(pattern: string, dialled: string): boolean {
  if (!pattern.startsWith('_')) return pattern === dialled;
  const classes: Readonly<Record<string, string>> = { X: '[0-9]', Z: '[1-9]', N: '[2-9]', '.': '.+', '!': '.*' };
  const source = [...pattern.slice(1)].map((letter) => classes[letter] ?? letter.replace(/[*+$^|()\\]/g, '\\$&'));
  return new RegExp(`^${source.join('')}$`).test(dialled);
}
