import { offsetsOf, zoneOfOffset } from '../zone-time.ts';
import { areaCodes } from './area-codes.ts';
import { postalArea } from './postal-codes.ts';
import { regions } from './regions.ts';

/** What is known of where a customer is. */
export interface PlaceMarks {
  /** Minutes east of UTC that the dialer holds for the lead, as its clock stood when it was noted. */
  offsetMinutes?: number | undefined;
  postalCode?: string | undefined;
  /** Postal code or name of the state or province. */
  state?: string | undefined;
  /** E.164. */
  phone: string;
}

/** Where a customer is, as far as one can tell. */
export interface Place {
  /** Time zones in which they may be: what holds for them must hold in each. Empty when nothing is known. */
  zones: readonly string[];
  /** States or provinces whose rules hold, by postal code: `TX`. Empty when none is known. */
  regions: readonly string[];
  /** Which mark told the zones. */
  by: 'dialer' | 'postal-code' | 'state' | 'area-code' | 'unknown';
}

/**
 * The customer's time zones and states: by the dialer's own offset, else the postal code, else the state, else the area
 * code of the number; the first that tells counts, also where a later one contradicts it. An offset alone does not say
 * when clocks change: it picks among the zones of the first later mark that has such an offset in winter or summer, so an
 * offset that was noted before a change still means the right zone. Dialers often make the offset of the area code alone:
 * against a postal code or state in another zone it holds beside that zone. States come from the postal code or the state
 * field, whichever tells first, else the area code.
 */
export function zonesOf(marks: PlaceMarks): Place {
  const postal = marks.postalCode ? postalArea(marks.postalCode) : undefined;
  const state = marks.state ? regionOf(marks.state) : '';
  const area = /^\+1\d{10}$/.test(marks.phone) ? areaCodes.get(marks.phone.slice(2, 5)) : undefined;

  const told: readonly (readonly [Place['by'], readonly string[] | undefined])[] = [
    ['postal-code', postal?.zones],
    ['state', regions[state]?.zones],
    ['area-code', area?.zones],
  ];
  const region = postal?.region || state;
  const places = region ? [region] : (area?.regions ?? []);
  if (marks.offsetMinutes !== undefined) {
    const address = postal?.zones ?? regions[state]?.zones ?? [];
    return { zones: zonesWithOffset(marks.offsetMinutes, address, area?.zones ?? []), regions: places, by: 'dialer' };
  }
  for (const [by, zones] of told) if (zones) return { zones, regions: places, by };
  return { zones: [], regions: places, by: 'unknown' };
}

function zonesWithOffset(minutes: number, address: readonly string[], area: readonly string[]): readonly string[] {
  const fitting = (zones: readonly string[]) => zones.filter((zone) => offsetsOf(zone).includes(minutes));
  const atAddress = fitting(address);
  if (atAddress.length > 0) return atAddress;
  const byArea = fitting(area);
  return [...(byArea.length > 0 ? byArea : [zoneOfOffset(minutes)]), ...address];
}

const codesByName = new Map(Object.entries(regions).map(([code, { name }]) => [name.toUpperCase(), code]));

/** The postal code of a state by its code or English name; empty when it is neither. */
export function regionOf(state: string): string {
  const text = state.trim().toUpperCase();
  return Object.hasOwn(regions, text) ? text : (codesByName.get(text) ?? '');
}
