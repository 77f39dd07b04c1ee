import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leadPhone, readPhone } from '../../../connectors/vicidial/phones.ts';
import { cellColumns, leadRowOf } from '../../../connectors/vicidial/tables/lead-cells.ts';
import { fieldsOf } from '../../../connectors/vicidial/tables/lead-rows.ts';
import { LeadRow, leadFieldNames } from '../../../connectors/vicidial/tables/schema.ts';

const names = cellColumns.split(', ').map((column) => (column.startsWith('`') ? column.slice(1, -1) : 'modified'));
const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^\\d{${min},${max}}$`));
const cell = fc.oneof(
  fc.constantFrom(null, '', '0', '0000-00-00', '0000-00-00 00:00:00', '1980-00-10', '2026-05-01 10:00:00', '-5.00'),
  digits(1, 14),
  fc.string(),
);

it('reads a row by hand as the schema reads it', () => {
  fc.assert(
    fc.property(
      fc.oneof(digits(1, 10), cell),
      fc.array(cell, { minLength: names.length - 1, maxLength: names.length - 1 }),
      (leadId, rest) => {
        const cells = [leadId, ...rest];
        const campaigns = new Map([[cells[1] ?? '', 'SPRING']]);
        const named = { ...Object.fromEntries(names.map((name, at) => [name, cells[at]])), campaign_id: 'SPRING' };
        const bySchema = LeadRow.safeParse(named);

        expect(leadRowOf(cells, campaigns)).toEqual(bySchema.success ? bySchema.data : null);
      },
    ),
    { numRuns: 2000 },
  );
});

it('makes fields of every column that a lead brings, and of none that is empty', () => {
  const full = leadRowOf(
    names.map((_, at) => String(at + 1)),
    new Map(),
  );
  if (!full) throw new Error('the row is one');

  expect(Object.keys(fieldsOf(full)).sort()).toEqual([...leadFieldNames, 'utc_offset'].sort());
  expect(fieldsOf({ ...full, gmt_offset_now: '-5.00' })).toHaveProperty('utc_offset', '-5.00');
  expect(fieldsOf({ ...full, gmt_offset_now: '0.00' })).not.toHaveProperty('utc_offset');
  expect(fieldsOf({ ...full, city: '' })).not.toHaveProperty('city');
});

it('knows a North American number as the library does', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('1', '1', '1', '', '44', '011', '001', '52'),
      fc.oneof(digits(10, 10), digits(0, 18), fc.string()),
      fc.constantFrom('US', 'CA', 'AG', 'GB', 'MX', 'DE'),
      (code, number, country) => {
        expect(leadPhone(code, number, country)).toBe(readPhone(code, number, country));
      },
    ),
    { numRuns: 5000 },
  );
});
