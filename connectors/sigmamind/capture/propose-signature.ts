import { stringify } from 'yaml';
import type { RuleFound } from './find-rules.ts';

/** The lines of the configuration that would accept deliveries signed by this rule. */
export function proposeSignature(id: string, rule: RuleFound): string {
  const { secret, keyEncoding, header, algo, encoding, prefix, signed, timestampHeader, idHeader } = rule;
  const key = { ...(keyEncoding !== (isStandard(rule) ? 'base64' : 'utf8') && { keyEncoding }) };
  const signature = isStandard(rule)
    ? { preset: 'standard-webhooks', ...key }
    : {
        header,
        algo,
        encoding,
        prefix,
        signed,
        ...(timestampHeader && signed !== 'body' && { timestampHeader }),
        ...(idHeader && signed === 'id.timestamp.body' && { idHeader }),
        ...key,
      };
  const text = stringify({ platforms: { [id]: { webhook: { signature } } } }).trimEnd();
  return `${text}\n        secrets: [ … ] # keep: it was ${secret}`;
}

function isStandard({ header, timestampHeader, idHeader, signed, algo, encoding }: RuleFound): boolean {
  return (
    header === 'webhook-signature' &&
    timestampHeader === 'webhook-timestamp' &&
    idHeader === 'webhook-id' &&
    signed === 'id.timestamp.body' &&
    algo === 'sha256' &&
    encoding === 'base64'
  );
}
