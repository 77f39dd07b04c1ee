import type { ConfigChange } from '../../config/difference.ts';
import { readDocument } from '../../config/document.ts';
import { interpolate, type Variables } from '../../config/interpolate.ts';
import { checkConfig } from '../../config/load.ts';
import type { PatchbayConfig } from '../../config/schema.ts';
import { overSecrets, readSecrets } from '../../config/secrets-file.ts';
import type { CliContext } from './context.ts';

const mostCharacters = 120;

/** What is different, a line for each key. */
export function changeLines(changes: readonly ConfigChange[]): string[] {
  return changes.map(({ path, from, to }) => {
    if (from === undefined) return `+ ${path}: ${short(to)}`;
    if (to === undefined) return `- ${path}: ${short(from)}`;
    return `~ ${path}: ${short(from)} → ${short(to)}`;
  });
}

/** A text of the past with the secrets of today; null when it is none that could be used now. */
export async function configOfText(context: CliContext, text: string): Promise<PatchbayConfig | null> {
  const loaded = await checkText(context, text);
  return loaded.kind === 'ok' ? loaded.config : null;
}

/** The same with its faults. */
export async function checkText(context: CliContext, text: string) {
  const { configFile, registry } = context;
  return checkConfig({ file: configFile(), text, env: await variablesOf(context), registry });
}

/** What can be read of a text, whatever is wrong with it. */
export async function readableOf(context: CliContext, text: string): Promise<unknown> {
  return (await interpolate(readDocument(text).value, await variablesOf(context))).value;
}

async function variablesOf({ configFile, environment }: CliContext): Promise<Variables> {
  const { values } = await readSecrets(configFile());
  return overSecrets(environment.variables, values);
}

function short(text = ''): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}
