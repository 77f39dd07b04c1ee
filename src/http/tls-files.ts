import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';
import { ConnectorError, messageOf } from '../domain/errors.ts';

export interface TlsSettings {
  certFile: string;
  keyFile: string;
  minVersion: SecureVersion;
}

/** A certificate and its key, read and found to fit. */
export interface TlsPair {
  options: SecureContextOptions;
  /** When the first certificate of the file ends, epoch ms. */
  endsAt: number;
  /** Changes whenever one of the files does. */
  mark: string;
}

/** Reads both files. Rejects with what the operator can do when they can't serve. */
export async function readTlsPair(settings: TlsSettings): Promise<TlsPair> {
  const [cert, key] = await Promise.all([read(settings.certFile), read(settings.keyFile)]);
  const options = { cert, key, minVersion: settings.minVersion };
  try {
    createSecureContext(options);
    const certificate = new X509Certificate(cert);
    return { options, endsAt: Date.parse(certificate.validTo), mark: `${certificate.fingerprint256} ${cert.length}` };
  } catch (cause) {
    throw refusal(`the certificate ${settings.certFile} and the key ${settings.keyFile} can not be used`, cause);
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw refusal(`the file ${file} can not be read`, cause);
  }
}

/** The library's own words hold nothing of the key; `key values mismatch` is what it says of a pair that does not fit. */
function refusal(what: string, cause: unknown): ConnectorError {
  const hint =
    'server.tls wants PEM: the whole chain (fullchain.pem) and the unencrypted key that belongs to it, both readable for the user of the service.';
  return new ConnectorError('config_invalid', `${what}: ${messageOf(cause)}`, { hint });
}
