import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { readDocument } from './document.ts';
import { secretsIn } from './redact.ts';

/** What is wrong with the mode of a file that holds secrets; null when nobody else can read it, or it is not there. */
export async function warningOfMode(file: string): Promise<string | null> {
  // What a container is handed there lies in its own memory, readable for all of its users: it has one.
  if (file.startsWith('/run/secrets/')) return null;
  const found = await stat(file).catch(() => null);
  if (!found?.isFile() || (found.mode & 0o007) === 0) return null;
  return `${file}: everybody on this machine can read it. Run: chmod 600 ${file}`;
}

/** The same of what a service is started with: the TLS key, and the configuration where secrets are written out in it. */
export async function openFiles(
  file: string,
  { server }: { server: { tls?: { keyFile: string } | undefined } },
  schema: z.core.$ZodType,
): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const hasSecrets = secretsIn(readDocument(text).value, schema).some((secret) => isWrittenOut(secret));
  const files = [...(hasSecrets ? [file] : []), ...(server.tls ? [server.tls.keyFile] : [])];
  return (await Promise.all(files.map(warningOfMode))).filter((warning) => warning !== null);
}

/** The hash of a key of 256 random bits tells nobody the key. */
function isWrittenOut(secret: string): boolean {
  return !secret.includes('${') && !/^[0-9a-f]{64}$/.test(secret);
}
