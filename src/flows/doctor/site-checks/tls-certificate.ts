import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, rootCertificates, type TLSSocket } from 'node:tls';

const patienceMs = 5000;
const dayMs = 86_400_000;

/** What a server shows of itself. */
export type SeenCertificate =
  | { kind: 'good'; issuer: string; until: string; daysLeft: number; protocol: string }
  | { kind: 'refused'; what: string; fix: string }
  /** No TLS there. */
  | { kind: 'none'; what: string };

/**
 * Shakes hands with a server, and judges its certificate as others will.
 *
 * @param trusted more authorities, as PEM
 */
export function readCertificate(url: URL, trusted?: string): Promise<SeenCertificate> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(url.port || 443),
      ...(isIP(host) === 0 && { servername: host }),
      // It is looked at all the same, to say what is wrong with it.
      rejectUnauthorized: false,
      ...(trusted && { ca: [...rootCertificates, trusted] }),
    });
    const done = (seen: SeenCertificate) => {
      socket.destroy();
      resolve(seen);
    };
    socket.setTimeout(patienceMs, () => done({ kind: 'none', what: 'no hand was shaken in time' }));
    socket.once('error', (error: Error & { code?: string }) =>
      done({ kind: 'none', what: error.code ?? error.message }),
    );
    socket.once('secureConnect', () => done(judge(socket, host)));
  });
}

function judge(socket: TLSSocket, host: string): SeenCertificate {
  const certificate = socket.getPeerCertificate(true);
  if (!socket.authorized) return refusal(codeOf(socket.authorizationError), certificate, host);
  const ends = chainOf(certificate).map(({ valid_to }) => Date.parse(valid_to));
  const end = Math.min(...ends);
  return {
    kind: 'good',
    issuer: nameOf(certificate.issuer),
    until: dayOf(end),
    daysLeft: Math.floor((end - Date.now()) / dayMs),
    protocol: socket.getProtocol() ?? 'TLS',
  };
}

/** Types say that it is an error; it is the code of one. */
function codeOf(error: unknown): string {
  if (typeof error === 'string') return error;
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function refusal(code: string, certificate: DetailedPeerCertificate, host: string): SeenCertificate {
  const until = dayOf(Date.parse(certificate.valid_to));
  const told: Readonly<Record<string, readonly [what: string, fix: string]>> = {
    CERT_HAS_EXPIRED: [`its certificate, or one above it, has ended (${until})`, 'Renew the certificate'],
    CERT_NOT_YET_VALID: ['its certificate is not good yet', "Set that machine's clock, or wait"],
    DEPTH_ZERO_SELF_SIGNED_CERT: [
      'it signed its certificate itself',
      'Use a certificate of a public authority, such as Let’s Encrypt',
    ],
    SELF_SIGNED_CERT_IN_CHAIN: [
      `its authority is a private one (${nameOf(chainOf(certificate).at(-1)?.issuer)})`,
      'Use a certificate of a public authority, such as Let’s Encrypt',
    ],
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
      `the chain is not whole: the certificate of ${nameOf(certificate.issuer)} is missing`,
      'Serve the whole chain (fullchain.pem), not the bare certificate',
    ],
    ERR_TLS_CERT_ALTNAME_INVALID: [
      `its certificate is for ${certificate.subjectaltname ?? nameOf(certificate.subject)}, not for ${host}`,
      `Use a certificate for ${host}, or set \`server.publicUrl\` to a name that it is for`,
    ],
  };
  const same = code === 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' || code === 'UNABLE_TO_GET_ISSUER_CERT';
  const [what, fix] = told[same ? 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' : code] ?? [
    `its certificate is refused (${code})`,
    'Use a certificate of a public authority',
  ];
  return { kind: 'refused', what, fix };
}

/** The certificate and those above it, as far as the server sent them. */
function chainOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (let one = certificate; one && !chain.includes(one); one = one.issuerCertificate) chain.push(one);
  return chain;
}

function nameOf(name: DetailedPeerCertificate['issuer'] | undefined): string {
  const text = name?.O ?? name?.CN ?? '';
  return (Array.isArray(text) ? text.join(' ') : text) || 'nobody named';
}

function dayOf(time: number): string {
  return Number.isNaN(time) ? 'an unknown day' : new Date(time).toISOString().slice(0, 10);
}
