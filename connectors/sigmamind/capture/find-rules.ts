import type { PlainRequest } from '../../../src/domain/connector.ts';
import { type SignatureRule, verify } from '../signature.ts';
import { isSuspect, readSignature } from './signature-form.ts';

/** A rule that verifies a delivery: what `webhook.signature` would have to say. */
export interface RuleFound extends Omit<SignatureRule, 'secrets' | 'toleranceSec' | 'isStandard'> {
  /** Which of the configured secrets it was, in words. */
  secret: string;
}

const standardHeader = 'webhook-signature';
const algos = { 20: 'sha1', 32: 'sha256', 64: 'sha512' } as const;
/** HMACs that one delivery may cost, and bytes that they may go over: calls that are going on wait meanwhile. */
const maxTries = 3000;
const maxBytes = 32_000_000;
const dayMs = 86_400_000;

/** Tries the configured secrets by every rule that the headers allow for. */
export function findRules(
  request: PlainRequest,
  secrets: readonly { name: string; value: string }[],
  nowMs: number,
): RuleFound[] {
  const found: RuleFound[] = [];
  const most = Math.min(maxTries, maxBytes / Math.max(1, request.body.length));
  let tries = 0;
  for (const candidate of candidatesFor(request, nowMs)) {
    for (const { name, value } of secrets) {
      for (const keyEncoding of ['utf8', 'base64'] as const) {
        tries += 1;
        if (tries > most) return found;
        const isStandard = candidate.header === standardHeader;
        const rule = { ...candidate, keyEncoding, secrets: [value], toleranceSec: dayMs / 1000, isStandard };
        if (verify(rule, request.body, request.headers, nowMs).isGood)
          found.push({ ...candidate, keyEncoding, secret: name });
      }
    }
  }
  return found;
}

type Candidate = Omit<SignatureRule, 'secrets' | 'toleranceSec' | 'isStandard' | 'keyEncoding'>;

function* candidatesFor({ headers }: PlainRequest, nowMs: number): Generator<Candidate> {
  const timeHeaders = namesWhere(headers, (value) => isTime(value, nowMs));
  for (const [header, value] of Object.entries(headers)) {
    // Standard Webhooks may send several in one header; any of its version shows how they are written.
    const parts = header === standardHeader ? value.split(' ') : [value];
    const text = parts.find((part) => readSignature(part)) ?? '';
    const signature = isSuspect(header, value) ? readSignature(text) : null;
    if (!signature) continue;
    const { prefix, encoding, bytes } = signature;
    const algo = algos[bytes as keyof typeof algos];
    const idHeaders = namesWhere(headers, (id, name) => isId(id) && name !== header && !timeHeaders.includes(name));
    const written = { header, algo, encoding, prefix };
    yield { ...written, signed: 'body' };
    for (const timestampHeader of timeHeaders) {
      yield { ...written, signed: 'timestamp.body', timestampHeader };
      for (const idHeader of idHeaders) {
        yield { ...written, signed: 'id.timestamp.body', timestampHeader, idHeader };
      }
    }
  }
}

function namesWhere(
  headers: Readonly<Record<string, string>>,
  isMeant: (value: string, name: string) => boolean,
): string[] {
  return Object.keys(headers)
    .filter((name) => isMeant(headers[name] ?? '', name))
    .slice(0, 10);
}

function isTime(value: string, nowMs: number): boolean {
  const isNumber = /^\d{9,14}$/.test(value);
  const ms = isNumber ? Number(value) * (value.length < 12 ? 1000 : 1) : Date.parse(value);
  return /^(\d{9,14}|\d{4}-\d\d-\d\dT.*)$/.test(value) && Math.abs(nowMs - ms) <= dayMs;
}

function isId(value: string): boolean {
  return /^[\w.-]{4,100}$/.test(value);
}
