import { hideNumbers } from './hide-numbers.ts';
import { holdsSecret, partsOf, secretHider } from './hide-secrets.ts';

/** The last thing that every text of a bundle goes through. */
export interface RedactionGate {
  /** Free text, JSON, YAML, log lines. */
  text(text: string): string;
  /** Plain data: keys and values alike. Numbers that count or measure, by their key, stay. */
  value(value: unknown): unknown;
  /** Prometheus' text form: the values of samples stay. */
  metrics(text: string): string;
}

/** In the place of a word in which something was encoded that must not be shown. */
export const hiddenMark = '[hidden]';

/** Keys of numbers that we write ourselves and that count or measure something. */
const measures =
  /^(?:count|.*Count|rows|total|size|port|pid|attempts|revision|limit|.*Ms|.*Sec|.*Min|.*Hours|.*Bytes|.*Kb|.*Mb|.*Days|.*Years)$/;

/** Lets nothing through that is a secret of the configuration, or can be a phone number. */
export function createRedactionGate(given: readonly string[]): RedactionGate {
  const secrets = given.flatMap(partsOf);
  const hideSecrets = secretHider(secrets);
  // What is encoded goes first, as a whole: afterwards it could not be decoded any more.
  const hide = (text: string) => hideNumbers(hideSecrets(hideEncoded(text, secrets, hideSecrets)));

  function value(held: unknown, key = ''): unknown {
    if (typeof held === 'string') return hide(held);
    if (typeof held === 'number' || typeof held === 'bigint') {
      if (measures.test(key)) return held;
      const shown = hide(String(held));
      return shown === String(held) ? held : shown;
    }
    if (Array.isArray(held)) return held.map((each) => value(each, key));
    if (typeof held !== 'object' || held === null) return held;
    return Object.fromEntries(Object.entries(held).map(([name, inner]) => [hide(name), value(inner, name)]));
  }

  return {
    text: hide,
    value: (held) => value(held),
    metrics: (text) => text.split('\n').map(sampleOf).join('\n'),
  };

  function sampleOf(line: string): string {
    const sample = /^([a-zA-Z_:].*) ([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|[+-]?Inf)$/.exec(line);
    return !sample ? hide(line) : `${hide(sample[1] ?? '')} ${sample[2]}`;
  }
}

/** A word that is base64, or percent-encoded, of something with a secret or a number in it goes as a whole. */
function hideEncoded(text: string, secrets: readonly string[], hideSecrets: (text: string) => string): string {
  return text
    .replace(/[A-Za-z0-9+/_-]{8,}={0,2}/g, (word) => (holdsHidden(word, secrets) ? hiddenMark : word))
    .replace(/(?:[^\s"'<>%]|%[0-9A-Fa-f]{2})*%[0-9A-Fa-f]{2}(?:[^\s"'<>%]|%[0-9A-Fa-f]{2})*/g, (word) => {
      const decoded = unescaped(word);
      return decoded !== word && hideNumbers(hideSecrets(decoded)) !== decoded ? hiddenMark : word;
    });
}

function holdsHidden(word: string, secrets: readonly string[]): boolean {
  for (const skipped of [0, 1, 2, 3]) {
    const decoded = Buffer.from(word.slice(skipped), 'base64').toString('latin1');
    if (holdsSecret(secrets, decoded)) return true;
    // Random bytes have no long runs of what can be read.
    const readable = decoded.match(/[\x20-\x7e]{7,}/g) ?? [];
    if (readable.some((part) => /\+?\d[\d ().-]{6,}/.test(part) && hideNumbers(part) !== part)) return true;
  }
  return false;
}

function unescaped(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
