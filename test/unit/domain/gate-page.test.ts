import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderHours } from '../../../src/domain/calling-hours.ts';
import { type RegionHours, regionHours } from '../../../src/domain/places/region-hours.ts';
import { regions } from '../../../src/domain/places/regions.ts';

const page = readFileSync(new URL('../../../docs/gate.md', import.meta.url), 'utf8');

function row(code: string, { weekday, saturday, sunday, holiday, law }: RegionHours): string {
  const days = [weekday, saturday, sunday].map(renderHours);
  const cells = [
    `${code} ${regions[code]?.name}`,
    ...days,
    holiday === undefined ? 'as that day' : renderHours(holiday),
  ];
  return `| ${[...cells, law].join(' | ')} |`;
}

it('shows the hours of every state that has its own, and of Canada', () => {
  const american = Object.entries(regionHours).filter(([code]) => regions[code]?.country === 'US');
  const canadian = Object.entries(regionHours).filter(([code]) => regions[code]?.country === 'CA');
  const shown = page.split('\n').filter((line) => /^\| [A-Z]{2} /.test(line));

  expect(shown).toEqual(american.map(([code, hours]) => row(code, hours)));
  expect(new Set(canadian.map(([, hours]) => row('', hours))).size).toBe(1);
  expect(page).toContain('Canada, every province: 09:00-21:30, on Saturday and Sunday 10:00-18:00');
});
