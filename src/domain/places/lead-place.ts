import { type Place, zonesOf } from './zones-of.ts';

/** Where the customer of a lead is, by the fields `utc_offset` (hours: `-5.00`, `+05:30`), `postal_code`, `state`. */
export function leadPlace(phone: string, fields: Readonly<Record<string, string>>): Place {
  return zonesOf({
    phone,
    offsetMinutes: fields.utc_offset ? readOffset(fields.utc_offset) : undefined,
    postalCode: fields.postal_code,
    state: fields.state || fields.province,
  });
}

/** Minutes east of UTC; undefined when the text is no offset that clocks have. */
function readOffset(text: string): number | undefined {
  const [, sign, hours, minutes = '0', share = '0'] =
    /^([+-]?)(\d{1,2})(?::([0-5]\d)|\.(\d{1,2}))?$/.exec(text.trim()) ?? [];
  if (hours === undefined) return undefined;
  const size = Number(hours) * 60 + Number(minutes) + Math.round(Number(`0.${share}`) * 60);
  return size > 14 * 60 ? undefined : sign === '-' ? -size : size;
}
