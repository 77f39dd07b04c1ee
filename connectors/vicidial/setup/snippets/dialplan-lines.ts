/** One step of a dialplan extension; the label is where a GotoIf jumps to. */
export interface Step {
  label?: string;
  run: string;
}

/** Steps as the lines of an extension: the first has priority 1, the rest follow. */
export function extensionLines(pattern: string, steps: readonly Step[]): string {
  return steps
    .map(({ label, run }, index) => {
      const priority = index === 0 ? '1' : 'n';
      return `exten => ${pattern},${priority}${label ? `(${label})` : ''},${run}`;
    })
    .join('\n');
}

/** `${name}`: what a channel variable or function holds. */
export function dollar(name: string): string {
  return `\${${name}}`;
}

/** Jumps when a value's length compares so: a value itself in `$["…"]` could break the expression. */
export function jumpByLength(value: string, comparison: string, label: string): string {
  return `GotoIf($[\${LEN(${value})} ${comparison}]?${label})`;
}

/**
 * One step for each value, left out at run time when the value is empty: an empty header would reach the AI as an empty
 * variable.
 *
 * @param end label of the step that follows them all
 */
export function skipEmpty(values: readonly { test: string; run: string }[], prefix: string, end: string): Step[] {
  return values.flatMap(({ test, run }, index) => {
    const next = index + 1 < values.length ? `${prefix}${index + 2}` : end;
    return [{ label: `${prefix}${index + 1}`, run: jumpByLength(test, '= 0', next) }, { run }];
  });
}
