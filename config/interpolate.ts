import { readFile } from 'node:fs/promises';
import type { Path } from './document.ts';
import { warningOfMode } from './file-modes.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Interpolated {
  value: unknown;
  /** Values that came whole from the environment: they may stand for numbers. */
  wholes: Path[];
  faults: { path: Path; what: string; fix: string }[];
  warnings: string[];
}

type Lookup = { kind: 'value'; text: string } | { kind: 'fault'; what: string; fix: string };

const reference = /\$\$\{|\$\{([^}]*)\}/g;

/**
 * Puts the environment's values in place of `${NAME}` inside strings. `NAME_FILE` may name a file that holds the value,
 * as container secrets do. `$${` stands for `${` itself.
 */
export async function interpolate(value: unknown, env: Variables): Promise<Interpolated> {
  const result: Interpolated = { value: undefined, wholes: [], faults: [], warnings: [] };
  const known = new Map<string, Lookup>();

  async function walk(part: unknown, path: Path): Promise<unknown> {
    if (typeof part === 'string') return replace(part, path);
    if (Array.isArray(part)) return Promise.all(part.map((entry, index) => walk(entry, [...path, index])));
    if (typeof part !== 'object' || part === null) return part;
    const walked = Object.entries(part).map(async ([key, entry]) => [key, await walk(entry, [...path, key])] as const);
    return Object.fromEntries(await Promise.all(walked));
  }

  async function replace(text: string, path: Path): Promise<string> {
    let replaced = '';
    let done = 0;
    for (const match of text.matchAll(reference)) {
      replaced += text.slice(done, match.index);
      done = match.index + match[0].length;
      const name = match[1];
      if (name === undefined) {
        replaced += '${';
        continue;
      }
      const found = known.get(name) ?? (await lookUp(name, env, result.warnings));
      known.set(name, found);
      if (found.kind === 'fault') result.faults.push({ path, what: found.what, fix: found.fix });
      else if (match[0] === text) result.wholes.push(path);
      replaced += found.kind === 'value' ? found.text : '';
    }
    return replaced + text.slice(done);
  }

  result.value = await walk(value, []);
  result.warnings = [...new Set(result.warnings)];
  return result;
}

async function lookUp(name: string, env: Variables, warnings: string[]): Promise<Lookup> {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    const fix = 'Use letters, digits and _ in the name, or write $${ where ${ itself is meant.';
    return { kind: 'fault', what: 'refers to something that can not be the name of an environment variable', fix };
  }
  const file = env[`${name}_FILE`];
  const text = env[name];
  if (text !== undefined) {
    if (file !== undefined) warnings.push(`${name} and ${name}_FILE are both set in the environment; ${name} is used.`);
    return { kind: 'value', text };
  }
  if (file === undefined) {
    const what = `needs the environment variable ${name}, which is not set`;
    const places = 'in patchbay.secrets.env beside patchbay.yaml (a secrets file has the name of its configuration)';
    const fix = `Set ${name} ${places} or in the environment, or ${name}_FILE to a file that holds the value.`;
    return { kind: 'fault', what, fix };
  }
  try {
    const [whole, warning] = await Promise.all([readFile(file, 'utf8'), warningOfMode(file)]);
    if (warning) warnings.push(warning);
    return { kind: 'value', text: whole.replace(/\r?\n$/, '') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    const what = `needs the file that ${name}_FILE names, which can not be read (${code})`;
    return { kind: 'fault', what, fix: `Make it readable for this user, or set ${name}.` };
  }
}
