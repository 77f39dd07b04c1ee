import { createHash } from 'node:crypto';
import { userNamePattern } from '../../config/console.ts';
import { editDocument } from '../../config/edit-document.ts';
import { withoutSecret } from '../../config/secrets-file.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { Role } from '../domain/roles.ts';
import type { CliContext } from './context.ts';
import { needWritable, putConfig, putFile, readSiteFiles, type SiteFiles, withSecrets } from './setup/site-files.ts';

const fewestCharacters = 12;
const mostCharacters = 1024;

/** Why a password is none; null when it is good. */
export function judgePassword(name: string, password: string): string | null {
  if ([...password].length < fewestCharacters) return `It needs at least ${fewestCharacters} characters.`;
  if (password.length > mostCharacters) return `It may have ${mostCharacters} characters at most.`;
  if (password.toLowerCase().includes(name)) return 'It must not hold the name.';
  return new Set(password).size < 5 ? 'It is too much of the same.' : null;
}

/** Rejects before anybody is asked for a password that could not be kept. */
export async function needNewUser(context: CliContext, name: string, replaces: boolean): Promise<void> {
  if (!userNamePattern.test(name)) {
    throw new ConnectorError('bad_request', `"${name}" can't be the name of a user`, {
      hint: 'Use lower-case letters, digits, and . _ @ - after the first; 64 at most.',
    });
  }
  const files = await readSiteFiles(context);
  if (files.configText === '') {
    throw new ConnectorError('config_invalid', `there is no configuration ${files.configFile}`, {
      hint: 'Make one first: npx patchbay setup. Or name it with --config.',
    });
  }
  if (isUser(files, name) && !replaces) {
    throw new ConnectorError('bad_request', `there is a user ${name}`, {
      hint: 'With --replace the user gets a new password, and the role that you name.',
    });
  }
  await needWritable(context);
}

/** Puts a user into the configuration, and the hash of the password into the secrets beside it. */
export async function putUser(context: CliContext, name: string, role: Role, password: string): Promise<void> {
  const { hash } = await import('@node-rs/argon2');
  const passwordHash = await hash(password);
  const files = await readSiteFiles(context);
  const secret = secretName(name);
  // First the secret: a configuration must never name one that is not there.
  await putFile(files.secretsFile, withSecrets(files.secretsText, new Map([[secret, passwordHash]])), 0o600);
  if (context.environment.variables[secret] !== undefined) {
    context.err(`warning: the environment sets ${secret} to something else, and it goes before the file.`);
  }
  const document = editDocument(files.configText);
  document.lay(['console', 'users', name], { passwordHash: `\${${secret}}`, role });
  await putConfig(context, files, document.text(), { ...files.env, [secret]: passwordHash });
}

/** Takes a user out again; false when there was none. */
export async function dropUser(context: CliContext, name: string): Promise<boolean> {
  const files = await readSiteFiles(context);
  if (!isUser(files, name)) return false;
  const document = editDocument(files.configText);
  document.lay(['console', 'users', name], undefined);
  await putConfig(context, files, document.text(), files.env);
  const secret = secretName(name);
  const without = withoutSecret(files.secretsText, secret);
  if (without !== files.secretsText && !document.text().includes(`\${${secret}}`)) {
    await putFile(files.secretsFile, without, 0o600);
  }
  return true;
}

function isUser({ configText }: SiteFiles, name: string): boolean {
  const { console: section } = editDocument(configText).value() as { console?: { users?: object } };
  return Object.hasOwn(section?.users ?? {}, name);
}

/** `ada.l` and `ada_l` are two users: what is no letter or digit is told by a mark. */
function secretName(name: string): string {
  const plain = name.replace(/[^a-z0-9]/g, '_').toUpperCase();
  const mark = /^[a-z0-9]+$/.test(name) ? '' : `_${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
  return `CONSOLE_PASSWORD_${plain}${mark.toUpperCase()}`;
}
