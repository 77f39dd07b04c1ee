import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { warningOfMode } from './file-modes.ts';
import type { Variables } from './interpolate.ts';

export interface SecretsFile {
  file: string;
  /** As it lies; empty when there is none. */
  text: string;
  values: Variables;
  warnings: string[];
  /** Why it can't be read, and what to do; undefined when it can, or is not there. */
  fault?: { what: string; fix: string };
}

/** The file of secrets that belongs to a configuration: `config/patchbay.secrets.env` beside `config/patchbay.yaml`. */
export function secretsFileOf(configFile: string): string {
  return join(dirname(configFile), `${basename(configFile, extname(configFile))}.secrets.env`);
}

/** Reads the secrets beside a configuration. */
export async function readSecrets(configFile: string): Promise<SecretsFile> {
  const file = secretsFileOf(configFile);
  try {
    const [text, warning] = await Promise.all([readFile(file, 'utf8'), warningOfMode(file)]);
    return { file, text, values: parseEnv(text), warnings: warning ? [warning] : [] };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    const none = { file, text: '', values: {}, warnings: [] };
    if (code === 'ENOENT' || code === 'ENOTDIR') return none;
    const fix = 'Make it readable for this user, and for nobody else.';
    return { ...none, fault: { what: `the secrets in ${file} can not be read (${code})`, fix } };
  }
}

/** The environment over the secrets file: what is set there, by the name or by a file, wins. */
export function overSecrets(env: Variables, secrets: Variables): Variables {
  const joined: Record<string, string | undefined> = { ...secrets };
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    joined[name] = value;
    if (name.endsWith('_FILE') && env[name.slice(0, -5)] === undefined) delete joined[name.slice(0, -5)];
  }
  return joined;
}

/** The file's text with this secret in it, at its old place or at the end. Null when no line can hold the value. */
export function withSecret(text: string, name: string, value: string): string | null {
  const line = lineOf(name, value);
  if (line === null) return null;
  const lines = text.split('\n');
  const at = lines.findIndex((each) => isAbout(each, name));
  if (at < 0) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
  return lines.flatMap((each, index) => (index === at ? line : isAbout(each, name) ? [] : each)).join('\n');
}

/** The file's text without this secret. */
export function withoutSecret(text: string, name: string): string {
  return text
    .split('\n')
    .filter((line) => !isAbout(line, name))
    .join('\n');
}

/** One line that Node and systemd read as the same value. Null when there is none. */
function lineOf(name: string, value: string): string | null {
  if (/^[A-Za-z0-9_.:/@%+=,~-]*$/.test(value)) return `${name}=${value}`;
  if (/[\r\n\0]/.test(value)) return null;
  if (!value.includes("'")) return `${name}='${value}'`;
  return /["\\$`]/.test(value) ? null : `${name}="${value}"`;
}

function isAbout(line: string, name: string): boolean {
  return new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(line);
}
