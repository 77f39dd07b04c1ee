import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { SignatureConfig } from './config.ts';

/** How a delivery is signed. Nothing about it is documented by SigmaMind, so every part is a parameter. */
export interface SignatureRule {
  header: string;
  algo: 'sha256' | 'sha1' | 'sha512';
  encoding: 'hex' | 'base64';
  prefix: string;
  signed: 'body' | 'timestamp.body' | 'id.timestamp.body';
  timestampHeader?: string | undefined;
  idHeader?: string | undefined;
  toleranceSec: number;
  secrets: readonly string[];
  keyEncoding: 'utf8' | 'base64';
  /** Standard Webhooks: several signatures in one header, each with the prefix, by blanks; the time in seconds only. */
  isStandard: boolean;
}

export type Verdict = { isGood: true } | { isGood: false; why: string };

const digestBytes = { sha256: 32, sha1: 20, sha512: 64 } as const;

/**
 * Says whether one of the rule's secrets signed these bytes. Takes the same time for every wrong signature.
 *
 * @param headers by lower-case name; a doubled header comes joined by `, ` and is denied
 */
export function verify(
  rule: SignatureRule,
  rawBody: Buffer,
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): Verdict {
  if (rule.secrets.length === 0) return denied('no secret is configured');
  const given = single(headers, rule.header);
  if (!given) return denied('the signature header is missing or doubled');
  const timestamp = single(headers, rule.timestampHeader);
  const id = single(headers, rule.idHeader);
  if (rule.signed !== 'body') {
    if (!timestamp) return denied('the timestamp header is missing or doubled');
    const at = readTimestamp(timestamp, rule.isStandard);
    if (Number.isNaN(at)) return denied('the timestamp can not be read');
    const ageSec = Math.floor(nowMs / 1000) - Math.floor(at / 1000);
    if (Math.abs(ageSec) > rule.toleranceSec) return denied('the timestamp is outside the tolerance');
  }
  if (rule.signed === 'id.timestamp.body' && !id) return denied('the id header is missing or doubled');

  const candidates = readSignatures(rule, given);
  let isGood = false;
  for (const secret of rule.secrets) {
    if (keyOf(rule, secret).symmetricKeySize === 0) continue;
    const wanted = digest(rule, secret, rawBody, timestamp, id);
    for (const candidate of candidates) if (timingSafeEqual(wanted, candidate)) isGood = true;
  }
  return isGood ? { isGood: true } : denied('the signature is wrong');
}

/** The headers that a sender adds who signs by the rule's first secret. `id` is the delivery's, for rules that sign it. */
export function sign(rule: SignatureRule, rawBody: Buffer, nowMs: number, id: string): Record<string, string> {
  const [secret] = rule.secrets;
  if (secret === undefined) return {};
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = digest(rule, secret, rawBody, timestamp, id).toString(rule.encoding);
  return {
    [rule.header.toLowerCase()]: rule.prefix + signature,
    ...(rule.timestampHeader && { [rule.timestampHeader.toLowerCase()]: timestamp }),
    ...(rule.idHeader && { [rule.idHeader.toLowerCase()]: id }),
  };
}

/** The rule that a configuration means; null when events are not signed. */
export function ruleOf(config: SignatureConfig): SignatureRule | null {
  if (config.preset === 'none') return null;
  if (config.preset !== 'standard-webhooks') return { ...config, isStandard: false };
  return {
    header: 'webhook-signature',
    algo: 'sha256',
    encoding: 'base64',
    prefix: 'v1,',
    signed: 'id.timestamp.body',
    timestampHeader: 'webhook-timestamp',
    idHeader: 'webhook-id',
    toleranceSec: config.toleranceSec,
    secrets: config.secrets,
    keyEncoding: config.keyEncoding,
    isStandard: true,
  };
}

const hashesOf = new WeakMap<readonly string[], readonly Buffer[]>();

/** Compares a token with all that count, in a time that tells nothing about them. */
export function isKnownToken(tokens: readonly string[], given: string | undefined): boolean {
  const hashes = hashesOf.get(tokens) ?? tokens.map(hashOf);
  hashesOf.set(tokens, hashes);
  const wanted = hashOf(given ?? '');
  let isKnown = false;
  for (const known of hashes) if (timingSafeEqual(known, wanted)) isKnown = true;
  return isKnown && given !== undefined;
}

function hashOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

function digest(
  rule: SignatureRule,
  secret: string,
  rawBody: Buffer,
  timestamp: string | undefined,
  id: string | undefined,
): Buffer {
  const hmac = createHmac(rule.algo, keyOf(rule, secret));
  if (rule.signed === 'id.timestamp.body') hmac.update(`${id}.`);
  if (rule.signed !== 'body') hmac.update(`${timestamp}.`);
  return hmac.update(rawBody).digest();
}

const keysOf = new WeakMap<SignatureRule, Map<string, KeyObject>>();

/** Made once for a rule: of a key that is given as bytes Node finds out twice, by an error each, that it is no object. */
function keyOf(rule: SignatureRule, secret: string): KeyObject {
  const keys = keysOf.get(rule) ?? new Map<string, KeyObject>();
  keysOf.set(rule, keys);
  const key = keys.get(secret) ?? createSecretKey(keyBytesOf(rule, secret));
  keys.set(secret, key);
  return key;
}

function keyBytesOf({ keyEncoding }: SignatureRule, secret: string): Buffer {
  return keyEncoding === 'base64' ? Buffer.from(secret.replace(/^whsec_/, ''), 'base64') : Buffer.from(secret);
}

/** Only whole signatures come back: what is cut, padded or of another version is left out. */
function readSignatures(rule: SignatureRule, given: string): Buffer[] {
  const parts = rule.isStandard ? given.split(' ').filter((part) => part.startsWith(rule.prefix)) : [given];
  const signatures: Buffer[] = [];
  for (const part of parts) {
    const text = part.startsWith(rule.prefix) ? part.slice(rule.prefix.length) : part;
    const bytes = Buffer.from(text, rule.encoding);
    const isWhole = bytes.toString(rule.encoding) === (rule.encoding === 'hex' ? text.toLowerCase() : text);
    if (isWhole && bytes.length === digestBytes[rule.algo]) signatures.push(bytes);
  }
  return signatures;
}

function single(headers: Readonly<Record<string, string>>, name: string | undefined): string | undefined {
  const key = name?.toLowerCase() ?? '';
  const value = Object.hasOwn(headers, key) ? headers[key]?.trim() : undefined;
  return value && !/,\s/.test(value) ? value : undefined;
}

/** Milliseconds since 1970 of a timestamp in seconds, milliseconds or ISO-8601; NaN when it is none of them. */
function readTimestamp(text: string, isInSeconds: boolean): number {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  if (isInSeconds) return Number.NaN;
  if (/^\d{12,14}$/.test(text)) return Number(text);
  return /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
}

function denied(why: string): Verdict {
  return { isGood: false, why };
}
