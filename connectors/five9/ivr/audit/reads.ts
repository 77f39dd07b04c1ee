import { sampleAnswers } from './answers.ts';
import type { AuditContext } from './audit-context.ts';
import { type Translation, translateJava } from './java-pattern.ts';
import type { Match } from './match.ts';
import type { Query, ResponseRule } from './query.ts';

/** What one response rule of a Query of ours does with our answers. */
export interface Reading {
  query: Query;
  rule: ResponseRule;
  translation: Translation;
  /** Titles of the answers that it does not fit; empty when it fits all. `null`: it could not be tried. */
  misses: readonly string[] | null;
  isNeverRight: boolean;
  /** Variable → what it takes: a key of the answer, several values at once, or something that is no whole value. */
  takes: readonly { variable: string; index: number; key: string; isSeveral: boolean }[];
}

/** Tries the response rules for status 200 of a Query of ours on answers that we may give. */
export function readAnswers(query: Query, context: AuditContext, match: Match): Reading[] {
  const samples = sampleAnswers(query, context);
  return query.rules
    .filter(({ from, to, regex }) => from <= 200 && to >= 200 && regex !== '')
    .map((rule) => {
      const translation = translateJava(rule.regex, rule.flags);
      const untried = { query, rule, translation, misses: null, isNeverRight: false, takes: [] };
      if (translation.kind !== 'pattern') return untried;
      const { source, flags } = translation;
      const found = match(
        { source, flags },
        samples.map(({ text }) => text),
      );
      if (found === 'too slow') return untried;
      const misses = samples.filter((_, index) => !found[index]).map(({ title }) => title);
      const shown = found.findIndex((groups) => groups !== null);
      const groups = found[0] ?? found[shown] ?? null;
      const values = samples[found[0] ? 0 : shown]?.values ?? new Map<string, string>();
      const takes = groups ? rule.groups.map((group) => takenBy(group, groups, values)) : [];
      return { ...untried, misses, isNeverRight: misses.length === samples.length, takes };
    });
}

function takenBy(
  { index, variable }: ResponseRule['groups'][number],
  groups: readonly string[],
  values: ReadonlyMap<string, string>,
): Reading['takes'][number] {
  const text = groups[index + 1] ?? '';
  const key = text === '' ? '' : ([...values].find(([, value]) => value === text)?.[0] ?? '');
  const held = [...values.values()].filter((value) => value !== '' && text.includes(value));
  return { variable, index, key, isSeveral: key === '' && held.length > 1 };
}
