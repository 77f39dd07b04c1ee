import type { ByTheGuides } from './site.ts';

/** The commands of connectors that a text tells to run, with its words and options. */
const command = /npx patchbay (vicidial|five9|sigmamind) ([a-z-]+)((?: --[a-z-]+| (?:carrier|start-url)\b)*)/g;

/**
 * Runs the commands of dialers and platforms that a text names, as they are written there, and gives what they print.
 *
 * @param isJson for what an operator would copy out of it
 */
export async function runNamed(site: ByTheGuides, text: string, isJson = false): Promise<string[]> {
  const named = [...text.matchAll(command)];
  if (named.length === 0) throw new Error(`no command is named: ${text}`);
  const lines: string[] = [];
  const output = { write: (line: string) => void lines.push(line), isTerminal: false, isJson };
  const { site: open, close } = site.open();
  try {
    for (const [typed, id = '', name, rest = ''] of named) {
      const instance = open.dialers.get(id) ?? open.platforms.get(id);
      const found = instance?.commands?.find((each) => each.name === name);
      if (!found) throw new Error(`there is no command: ${typed}`);
      const words = rest.split(' ').filter(Boolean);
      const options = words.filter((word) => word.startsWith('--')).map((word) => [nameOf(word), true]);
      const args = words.filter((word) => !word.startsWith('--'));
      const code = await found.run(args, Object.fromEntries(options), output);
      if (code !== 0) throw new Error(`${typed} ended with ${code}:\n${lines.join('\n')}`);
    }
  } finally {
    await close();
  }
  return lines;
}

/** `--how-to-seed` as `howToSeed`. */
function nameOf(word: string): string {
  return word.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Changes the value of the configuration that a text names: `platforms.sigmamind.webhook.signature.secrets`. */
export function configureNamed({ raw }: Pick<ByTheGuides, 'raw'>, text: string, value: unknown): void {
  const [, path = ''] = /`((?:platforms|dialers)\.[\w .]+)`/.exec(text) ?? [];
  const names = path.split('.');
  const last = names.pop();
  let held = raw as Record<string, unknown>;
  for (const name of names) {
    if (!held[name]) throw new Error(`the configuration has no place that this names: ${text}`);
    held = held[name] as Record<string, unknown>;
  }
  if (!last) throw new Error(`no place of the configuration is named: ${text}`);
  // That there is such a key, the schema says when the configuration is read again.
  held[last] = value;
}
