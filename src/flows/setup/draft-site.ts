import { ConnectorError } from '../../domain/errors.ts';
import type { WizardSite } from '../../domain/setup.ts';

export interface DraftDeps {
  /** The configuration as it lies, references not filled in; empty when there is none. */
  present: Readonly<Record<string, unknown>>;
  /** The value of a name in the environment or the secrets file; empty when it is not set. */
  valueOfName(name: string): string;
  createKey(): { key: string; sha256: string };
  hashKey(key: string): string;
  /** Random text for the key of our hashes. */
  randomText(): string;
}

/** What a wizard's answers come to: laid over the configuration in this order, and secrets by name. */
export interface SiteDraft {
  changes: readonly { path: readonly string[]; value: unknown }[];
  secrets: ReadonlyMap<string, string>;
  /** `reason`: empty when it only was no answer that could be gone on with. */
  failures: readonly { id: string; reason: string }[];
}

export type DraftedSite = ReturnType<typeof draftSite>;
type Client = Parameters<WizardSite<never>['makeClient']>[0];

const reference = /\$\$\{|\$\{([^}]*)\}/g;
const hashKeyName = 'PATCHBAY_HASH_KEY';

/** Gathers what wizards tell. */
export function draftSite({ present, valueOfName, createKey, hashKey, randomText }: DraftDeps) {
  const changes: { path: readonly string[]; value: unknown }[] = [];
  const secrets = new Map<string, string>();
  const numbers: WizardSite<never>['numbers'][number][] = [];
  const failures: { id: string; reason: string }[] = [];
  const clients = new Map<string, { keys: string[]; may: string[] }>();

  const valueOfKey = (name: string) => secrets.get(name) ?? valueOfName(name);
  const lay = (path: readonly string[], value: unknown) => void changes.push({ path, value });

  function fillIn(text: string): string {
    return text.replace(reference, (_, name?: string) => (name === undefined ? '${' : valueOfKey(name)));
  }

  function keepSecret(name: string, value: string): string {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
      throw new ConnectorError('bad_request', `"${name}" can't name a secret`, { hint: 'Use A to Z, digits and _.' });
    }
    if (valueOfKey(name) !== value) secrets.set(name, value);
    return `\${${name}}`;
  }

  function presentSection(path: readonly string[]): Record<string, unknown> | null {
    let part: unknown = present;
    for (const key of path) {
      if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return null;
      part = (part as Record<string, unknown>)[key];
    }
    return typeof part === 'object' && part !== null ? (part as Record<string, unknown>) : null;
  }

  function clientOf(name: string): { keys: string[]; may: string[] } {
    const held = presentSection(['clients', name]) ?? {};
    return clients.get(name) ?? { keys: textsOf(held.keys), may: textsOf(held.may) };
  }

  function makeClient({ name, may }: Client): string {
    const secretName = `${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_KEY`;
    const { keys, may: mayBefore } = clientOf(name);
    const key = valueOfKey(secretName) || createKey().key;
    const isKnown = keys.some((each) => fillIn(each) === hashKey(key));
    const client = {
      keys: isKnown ? keys : [...keys, hashKey(key)],
      may: [...new Set([...mayBefore, ...may])],
    };
    clients.set(name, client);
    lay(['clients', name], client);
    return keepSecret(secretName, key);
  }

  return {
    lay,
    valueOf: fillIn,
    keepSecret,
    makeClient,
    presentSection,
    numbers: (): WizardSite<never>['numbers'] => [...numbers],
    addNumbers: (more: WizardSite<never>['numbers']) => void numbers.push(...more),
    fail: (id: string, reason: string) => void failures.push({ id, reason }),
    /** Of the hashes in logs and the correlation IDs: made once, and never again. */
    needHashKey(): void {
      if (typeof present.secret === 'string' && present.secret !== '') return;
      lay(['secret'], keepSecret(hashKeyName, valueOfKey(hashKeyName) || randomText()));
    },
    /** Somebody must be allowed to ask for the dialers. */
    needDialerClient(): void {
      const names = [...clients.keys(), ...Object.keys(presentSection(['clients']) ?? {})];
      if (names.some((name) => clientOf(name).may.includes('dialer'))) return;
      makeClient({ name: 'dialers', may: ['dialer'] });
    },
    finish: (): SiteDraft => ({ changes, secrets, failures }),
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
