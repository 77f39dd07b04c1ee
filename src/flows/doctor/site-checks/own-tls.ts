import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Check, CheckResult } from '../../../domain/connector.ts';
import { messageOf } from '../../../domain/errors.ts';
import type { DoctorSite } from '../site.ts';
import { fail, ok, warn } from './results.ts';

const leastDays = 14;
const dayMs = 86_400_000;

/** The files with which the service speaks TLS by itself: what others see of it is judged by `public-url.tls`. */
export function ownTlsChecks({ tls }: Pick<DoctorSite, 'tls'>): Check[] {
  return [
    {
      id: 'server.tls',
      title: 'The files of its own TLS can be used, and nobody else can read the key',
      looksAt: 'the files of `server.tls`: whether they fit, until when, and their modes',
      run: async () => (tls ? judge(tls) : ok('not used: the service speaks plain HTTP')),
    },
  ];
}

async function judge({ certFile, keyFile }: NonNullable<DoctorSite['tls']>): Promise<CheckResult> {
  const why = 'The service does not start, or goes on with the certificate that it had until that ends.';
  const fix =
    'Put the whole chain (fullchain.pem) and its unencrypted key there, readable for the user of the service.';
  let endsAt: number;
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      return fail(`${keyFile} is not the key of ${certFile}`, why, fix);
    }
    endsAt = Date.parse(certificate.validTo);
  } catch (error) {
    return fail(`${certFile} or ${keyFile} can not be used: ${messageOf(error)}`, why, fix);
  }
  const day = new Date(endsAt).toISOString().slice(0, 10);
  const daysLeft = Math.floor((endsAt - Date.now()) / dayMs);
  const renew =
    'Renew it, best by a program that does it by itself: the service takes up the new files without a restart.';
  if (daysLeft < 0) return fail(`${certFile} has ended on ${day}`, 'Dialers and platforms refuse to connect.', renew);
  if (daysLeft < leastDays) {
    const then = 'Dialers and platforms refuse to connect from then on.';
    return warn(`${certFile} ends in ${daysLeft} day(s), on ${day}`, then, renew);
  }
  const { mode } = await stat(keyFile);
  if ((mode & 0o007) !== 0) {
    const risk = 'Whoever has the key can stand in for this service.';
    return warn(`everybody on this machine can read ${keyFile}`, risk, `Run: chmod 600 ${keyFile}`);
  }
  return ok(`${certFile}: good until ${day}`);
}
