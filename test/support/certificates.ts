import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A key with its certificate, and the authority's side of it, to sign others. */
export interface TestCertificate {
  /** PEM. */
  key: string;
  cert: string;
  name: string;
  privateKey: KeyObject;
}

export interface CertificateWish {
  name: string;
  /** Host names or IPv4 addresses that it is for; none for an authority. */
  hosts?: readonly string[];
  /** Who signs it. (Default: itself) */
  by?: TestCertificate;
  /** (Default: from yesterday for 90 days) */
  from?: Date;
  until?: Date;
}

const dayMs = 86_400_000;

/**
 * Makes an X.509 certificate. Node can read certificates, not write them, and the machine need not have openssl; made on
 * the spot, one can be as old or as short-lived as a test wants, and no key lies in the repository.
 */
export function makeCertificate({ name, hosts = [], by, from, until }: CertificateWish): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const begins = from ?? new Date(Date.now() - dayMs);
  const ends = until ?? new Date(Date.now() + 90 * dayMs);
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from([1, ...publicKey.export({ type: 'spki', format: 'der' }).subarray(-7)])),
    ecdsaWithSha256,
    nameOf(by?.name ?? name),
    sequence(time(begins), time(ends)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensionsFor(hosts))),
  );
  const signature = sign('sha256', body, by?.privateKey ?? privateKey);
  const whole = sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    name,
    privateKey,
  };
}

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

function extensionsFor(hosts: readonly string[]): Buffer[] {
  if (hosts.length === 0) {
    // An authority: basicConstraints, critical, CA.
    const yes = tagged(0x01, Buffer.from([0xff]));
    return [sequence(oid('551d13'), yes, tagged(0x04, sequence(yes)))];
  }
  const names = hosts.map((host) =>
    /^[\d.]+$/.test(host) ? tagged(0x87, Buffer.from(host.split('.').map(Number))) : tagged(0x82, Buffer.from(host)),
  );
  return [sequence(oid('551d11'), tagged(0x04, sequence(...names)))];
}

function nameOf(text: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('55040a'), tagged(0x0c, Buffer.from(text)))));
}

/** YYYYMMDDHHMMSSZ; two digits of the year before 2050, as the standard wants. */
function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`;
  return date.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(text.slice(2))) : tagged(0x18, Buffer.from(text));
}

function integer(value: Buffer): Buffer {
  return tagged(0x02, value);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
