import { expect, it } from 'vitest';
import { leadFieldOf } from '../../../connectors/five9/read/contact-to-lead.ts';

const renamed: { field: string; leadFields: Record<string, string>; ours: string }[] = [
  { field: 'zip', leadFields: {}, ours: 'postal_code' },
  { field: 'zip', leadFields: { zip: 'post_code' }, ours: 'post_code' },
  { field: 'Lead Source', leadFields: { 'Lead Source': 'source_id' }, ours: 'source_id' },
  { field: 'constructor', leadFields: {}, ours: 'constructor' },
  { field: 'toString', leadFields: {}, ours: 'toString' },
  { field: '__proto__', leadFields: {}, ours: '__proto__' },
];

it.each(renamed)('a contact field $field is our $ours', ({ field, leadFields, ours }) => {
  expect(leadFieldOf(field, leadFields)).toBe(ours);
});
