import { alertKinds, natureOf } from '../src/domain/alert.ts';

/**
 * The table of docs/own-alerts.md: every kind of alert.
 *
 * @param needs what the console says of each kind that needs a person
 */
export function alertsTable(needs: Readonly<Record<string, { meaning: string; advice: string }>>): string {
  const rows = alertKinds.map((kind) => {
    const { level, holdsSec, ...words } = natureOf(kind);
    const { meaning, advice } = needs[kind] ?? words;
    return `| \`${kind}\` | ${level} | ${holdsWords(holdsSec)} | ${meaning} ${advice} |`;
  });
  return ['| Kind | Level | Told after | What it means, and what to do |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function holdsWords(seconds: number): string {
  return seconds === 0 ? 'at once' : `${seconds / 60} min`;
}
