import type { NamedCheck } from '../../domain/check-order.ts';
import { ConnectorError } from '../../domain/errors.ts';
import { nearestOf } from '../../domain/nearest.ts';

/**
 * The checks that an operator asked for, in their own order: by instance (`acme`), by name (`acme:lists.campaign`,
 * `lists.campaign`) or by the beginning of one (`acme:lists`, `lists`). No word: all of them.
 */
export function chosenChecks(checks: readonly NamedCheck[], words: readonly string[]): NamedCheck[] {
  if (words.length === 0) return [...checks];
  for (const word of words) {
    if (checks.some((named) => fits(named, word))) continue;
    const near = nearestOf(word, namesOf(checks), 3);
    throw new ConnectorError('bad_request', `no check is called "${word}"`, {
      hint: near.length > 0 ? `Near to it: ${near.join(', ')}.` : `Instances: ${ownersOf(checks).join(', ')}.`,
    });
  }
  return checks.filter((named) => words.some((word) => fits(named, word)));
}

function fits({ id, owner, check }: NamedCheck, word: string): boolean {
  return owner === word || [id, check.id].some((name) => name === word || name.startsWith(`${word}.`));
}

function ownersOf(checks: readonly NamedCheck[]): string[] {
  return [...new Set(checks.map(({ owner }) => owner))];
}

/** Every word that would do. */
function namesOf(checks: readonly NamedCheck[]): string[] {
  const names = checks.flatMap(({ id, check }) => [check.id, id, id.split('.')[0] ?? id, check.id.split('.')[0] ?? id]);
  return [...new Set([...ownersOf(checks), ...names])];
}
