import { isIP } from 'node:net';
import type { Check, CheckResult } from '../../../domain/connector.ts';
import type { DoctorSite } from '../site.ts';
import { askWhoIsThere } from './ask-who-is-there.ts';
import { fail, ok, unknown, warn } from './results.ts';
import { readCertificate } from './tls-certificate.ts';

const leastDays = 14;
const certificatePlace = 'in the web server or proxy that answers there';

/** Whether others can reach us, and are sure that it is us. */
export function publicUrlChecks(site: DoctorSite): Check[] {
  return [
    {
      id: 'public-url.reachable',
      title: 'Dialers and platforms reach the service at its public address',
      looksAt: 'GET /livez at `server.publicUrl`, from this machine; the certificate is not judged',
      needs: ['service.running'],
      run: () => judgeReach(site),
    },
    {
      id: 'public-url.tls',
      title: 'The public address proves itself by a certificate',
      looksAt: 'the certificate chain at `server.publicUrl`: who signed it, for which names, until when',
      needs: ['public-url.reachable'],
      run: () => judgeTls(site),
    },
  ];
}

async function judgeReach({ publicUrl, listenUrl, outsideHosts, store }: DoctorSite): Promise<CheckResult> {
  const why = 'Events and tool calls of the AI, and the requests of the dialers, do not arrive.';
  const [outside] = outsideHosts;
  if (isLoopback(publicUrl) && outside) {
    return fail(
      `${publicUrl} is an address of this machine itself, and ${outside} is another`,
      why,
      'Set `server.publicUrl` to the https:// address under which other machines reach this one.',
    );
  }
  const there = await askWhoIsThere(publicUrl);
  if (there.kind === 'patchbay') {
    return ok(
      `Patchbay answers at ${publicUrl}, asked from this machine${isLoopback(publicUrl) ? ' (a test set-up)' : ''}`,
    );
  }
  if (there.kind === 'nobody' && (await store.look()).kind === 'new') {
    return unknown(
      `${publicUrl}: ${there.what}; the service has never run yet`,
      'Whether the address leads to this service shows only when it runs.',
      'Start it, and run this again.',
    );
  }
  const to = listenUrl ? ` to ${listenUrl}` : '';
  if (there.kind === 'other') {
    return fail(
      `${publicUrl}/livez answers, but not as Patchbay (${there.what})`,
      why,
      `Have the proxy of that address hand all paths on${to}, unchanged; or correct \`server.publicUrl\`.`,
    );
  }
  return fail(
    `${publicUrl}: ${there.what}, asked from this machine`,
    why,
    remedyOf(there.code, new URL(publicUrl), to),
  );
}

function remedyOf(code: string, { hostname, port, protocol }: URL, to: string): string {
  if (code === 'ENOTFOUND') return `Enter ${hostname} in your DNS, or correct \`server.publicUrl\`.`;
  const number = port || (protocol === 'https:' ? '443' : '80');
  return `Let TCP port ${number} of ${hostname} in at firewall and proxy, and have it lead${to || ' to the service'}; or correct \`server.publicUrl\`. If only this machine can not reach it (its router sends nothing back inside), enter ${hostname} with the inner address in its hosts file.`;
}

async function judgeTls({ publicUrl, trusted }: DoctorSite): Promise<CheckResult> {
  const url = new URL(publicUrl);
  if (url.protocol === 'http:') {
    if (isLoopback(publicUrl)) return ok('not used: plain http within this machine, a test set-up');
    return fail(
      `${publicUrl} is not encrypted`,
      'API keys, and what is known of customers, can be read on the way.',
      'Put a proxy with a certificate in front, and set `server.publicUrl` to its https:// address.',
    );
  }
  const seen = await readCertificate(url, trusted);
  if (seen.kind === 'none') {
    return unknown(`${url.host}: ${seen.what}`, 'No certificate was shown.', 'See whether TLS is spoken on that port.');
  }
  const why = 'Dialers and platforms refuse to connect: no event and no request arrives.';
  if (seen.kind === 'refused') return fail(`${url.host}: ${seen.what}`, why, `${seen.fix} (${certificatePlace}).`);
  if (seen.daysLeft < leastDays) {
    return warn(
      `the certificate of ${url.host} ends in ${seen.daysLeft} day(s), on ${seen.until}`,
      `${why.slice(0, -1)} from then on.`,
      `Renew it ${certificatePlace}; best by a program that does it by itself.`,
    );
  }
  return ok(`${url.host}: signed by ${seen.issuer}, good until ${seen.until}, ${seen.protocol}`);
}

function isLoopback(address: string): boolean {
  return isOwnHost(new URL(address).hostname);
}

/** True for a host that is this machine itself, as a URL names it. */
export function isOwnHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}
