import { readFileSync } from 'node:fs';
import { access, constants, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type EditableDocument, editDocument } from '../../../config/edit-document.ts';
import type { Variables } from '../../../config/interpolate.ts';
import { checkConfig } from '../../../config/load.ts';
import { overSecrets, readSecrets, withoutSecret, withSecret } from '../../../config/secrets-file.ts';
import { replaceFile } from '../../../config/write-file.ts';
import { ConnectorError, messageOf } from '../../domain/errors.ts';
import type { SiteSecrets } from '../../flows/setup/apply-steps.ts';
import type { CliContext } from '../context.ts';

/** The configuration and the secrets beside it, as they lie. */
export interface SiteFiles {
  configFile: string;
  /** Empty when there is none. */
  configText: string;
  secretsFile: string;
  secretsText: string;
  /** About the secrets file: who can read it. */
  warnings: readonly string[];
  /** The environment over the secrets. */
  env: Variables;
}

/** Reads what is there; that there is no configuration yet is fine. */
export async function readSiteFiles(context: CliContext): Promise<SiteFiles> {
  const configFile = context.configFile();
  const secrets = await readSecrets(configFile);
  if (secrets.fault) throw new ConnectorError('config_invalid', secrets.fault.what, { hint: secrets.fault.fix });
  const configText = await readFile(configFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new ConnectorError('config_invalid', `${configFile} can't be read: ${error.message}`, {
      hint: 'Make it readable for this user, or name another with --config.',
    });
  });
  return {
    configFile,
    configText,
    secretsFile: secrets.file,
    secretsText: secrets.text,
    warnings: secrets.warnings,
    env: overSecrets(context.environment.variables, secrets.values),
  };
}

/** The value of a name in the environment, in the file that it names, or in the secrets file; empty when it is not set. */
export function valueIn(env: Variables, name: string): string {
  const value = env[name];
  if (value !== undefined) return value;
  const file = env[`${name}_FILE`];
  if (file === undefined) return '';
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    // The check of the configuration says so, and what to do.
    return '';
  }
}

/** The text of the secrets file with these in it. */
export function withSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  let next = text === '' ? '# Secrets of Patchbay; written by npx patchbay setup. Keep it to yourself.\n' : text;
  for (const [name, value] of secrets) {
    const changed = withSecret(next, name, value);
    if (changed === null) {
      throw new ConnectorError('bad_request', `the value of ${name} can't stand in a file of secrets`, {
        hint: `Set ${name} in the environment, or ${name}_FILE to a file that holds it, and run this again.`,
      });
    }
    next = changed;
  }
  return next;
}

/**
 * Throws where the files can't be replaced: a secret that a system shows once must not come when there is no place for it.
 */
export async function needWritable(context: CliContext): Promise<void> {
  const file = context.configFile();
  await access(dirname(file), constants.W_OK).catch((cause) => {
    throw notWritable(file, cause);
  });
}

/** Secrets that steps keep: in the secrets file, and by name in a list of the instance's section. */
export function siteSecrets(context: CliContext): SiteSecrets {
  return {
    async keep(instance, { name, value, list }) {
      const files = await readSiteFiles(context);
      await putFile(files.secretsFile, withSecrets(files.secretsText, new Map([[name, value]])), 0o600);
      const document = editDocument(files.configText);
      if (!document.addTo(pathOf(document, instance, list), `\${${name}}`)) return;
      await putConfig(context, files, document.text(), { ...files.env, [name]: value });
    },
    async drop(instance, { name, list }) {
      const files = await readSiteFiles(context);
      const document = editDocument(files.configText);
      if (document.takeFrom(pathOf(document, instance, list), `\${${name}}`)) {
        await putConfig(context, files, document.text(), files.env);
      }
      if (document.text().includes(`\${${name}}`)) return;
      const without = withoutSecret(files.secretsText, name);
      if (without !== files.secretsText) await putFile(files.secretsFile, without, 0o600);
    },
  };
}

/** Replaces the configuration, if the new one has no fault. */
export async function putConfig(context: CliContext, files: SiteFiles, text: string, env: Variables): Promise<void> {
  const checked = await checkConfig({ file: files.configFile, text, env, registry: context.registry });
  if (checked.kind === 'faults') {
    throw new ConnectorError('config_invalid', `the configuration was not changed: ${checked.report.trim()}`, {
      hint: 'Mend it, and run this again.',
    });
  }
  await putFile(files.configFile, text);
}

/** Writes a file whole or not at all, and says what to do when it can't be. */
export async function putFile(file: string, text: string, mode?: number): Promise<void> {
  try {
    await replaceFile(file, text, mode);
  } catch (cause) {
    throw notWritable(file, cause);
  }
}

function notWritable(file: string, cause: unknown): ConnectorError {
  return new ConnectorError('bad_request', `${file} can't be written: ${messageOf(cause)}`, {
    hint: 'Make its folder writable for this user, or name another configuration with --config.',
    cause,
  });
}

function pathOf(document: EditableDocument, instance: string, list: readonly string[]): string[] {
  const { dialers } = document.value() as { dialers?: object };
  return [dialers && instance in dialers ? 'dialers' : 'platforms', instance, ...list];
}
