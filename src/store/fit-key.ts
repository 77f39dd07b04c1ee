import { createHash } from 'node:crypto';
import type { CallRef } from '../domain/call.ts';
import { ourInstance } from '../domain/connector.ts';
import { isCorrelationId } from '../domain/correlation-id.ts';

export const keyLengths = { name: 64, key: 191, phone: 32 } as const;

/**
 * Makes a foreign key fit its column on every database, and compare alike there: no blanks at the end (MySQL ignores
 * them when it compares), well-formed Unicode, and what is too long ends in a hash of the whole.
 */
export function fitKey(text: string, length: number = keyLengths.key): string {
  const plain =
    text.isWellFormed() && !text.includes('\0') ? text.trimEnd() : text.toWellFormed().replaceAll('\0', '').trimEnd();
  if (plain.length <= length) return plain;
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 32);
  return `${plain.slice(0, length - 33).toWellFormed()}~${hash}`;
}

/**
 * The names of a call as the store keeps them, in the order given, each once. Empty keys and correlation IDs that can't
 * be ours (garbled by a language model) are left out.
 */
export function fitRefs(refs: readonly CallRef[]): CallRef[] {
  const fitted = new Map<string, CallRef>();
  for (const ref of refs) {
    const clean = {
      instance: fitKey(ref.instance, keyLengths.name),
      kind: fitKey(ref.kind, keyLengths.name),
      key: fitKey(ref.key),
    };
    if (!clean.key) continue;
    if (isOurs(clean) && !isCorrelationId(clean.key)) continue;
    const name = nameOf(clean);
    if (!fitted.has(name)) fitted.set(name, clean);
  }
  return [...fitted.values()];
}

export function isOurs(ref: CallRef): boolean {
  return ref.instance === ourInstance && ref.kind === 'correlation';
}

/** One text for a ref, to compare by. */
export function nameOf(ref: CallRef): string {
  return `${ref.instance}\n${ref.kind}\n${ref.key}`;
}

/** The keys of refs by what they are: a list of keys is found sooner than as many whole names. */
export function keysByKind(refs: readonly CallRef[]): [Pick<CallRef, 'instance' | 'kind'>, string[]][] {
  const groups = Map.groupBy(refs, ({ instance, kind }) => `${instance}\n${kind}`);
  return [...groups.values()].flatMap((group) => (group[0] ? [[group[0], group.map(({ key }) => key)]] : []));
}
