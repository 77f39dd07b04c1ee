import { isCallingTime, nextCallingTimes, type Place } from '../domain/calling-hours.ts';
import { gateOf } from '../domain/gate.ts';
import { leadPlace } from '../domain/places/lead-place.ts';
import { sayTime, type WantedTime } from '../domain/wanted-time.ts';
import type { Deps } from './deps.ts';
import type { LeadOfCall } from './lead-of-call.ts';
import type { CallbackOffer, ToolRefusal } from './tool-answer.ts';

/** Where the customer is, and the clock by which one speaks with them: with several zones, the first of them. */
export interface Customer {
  place: Place;
  zone: string;
  /** False where the campaign does not ask for calling hours. */
  hasHours: boolean;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Offers lie apart, so that the customer has a choice. */
const slots = { firstMinutes: 30, nextMinutes: 180, apartMinutes: 120 };

export function customerOf({ dialers, settings }: Deps, { leg, lead }: Pick<LeadOfCall, 'leg' | 'lead'>): Customer {
  const place = leadPlace(leg?.phone ?? '', lead?.fields ?? {});
  const gate = gateOf(settings.gate, dialers.get(leg?.dialer ?? '')?.settings, leg?.campaign ?? '');
  const zone = place.zones[0] ?? settings.gate.hours.zonesIfUnknown[0] ?? 'UTC';
  return { place, zone, hasHours: gate.isHoursChecked };
}

/** Why the customer can't be called at that time (epoch ms); null when they can. */
export function refusalOf(deps: Deps, at: number, { place, hasHours }: Customer): ToolRefusal | null {
  const { maxDays, leastMinutes } = deps.settings.tools.scheduleCallback;
  const aheadMs = at - deps.clock.now();
  if (aheadMs < leastMinutes * minuteMs) return notThen('That is too soon.');
  if (aheadMs > maxDays * dayMs) return notThen(`That is too far ahead: at most ${maxDays} days.`);
  if (!hasHours || isCallingTime(deps.settings.gate.hours, place, at)) return null;
  return notThen('We may not call at that time.');
}

function notThen(why: string): ToolRefusal {
  return { ok: false, error: 'not_then', say: `${why} Offer the customer one of these times instead.` };
}

/** Free times from the wish on, else from now on; the first as near as may be. Always by day, whoever may be called when. */
export function offersFrom(deps: Deps, wanted: WantedTime | null, { place, zone }: Customer): CallbackOffer[] {
  const { gate, tools } = deps.settings;
  const { maxDays, leastMinutes, offers } = tools.scheduleCallback;
  const now = deps.clock.now();
  const [soonest, latest] = [now + leastMinutes * minuteMs, now + maxDays * dayMs];
  const isAhead = wanted !== null && wanted.at > soonest && wanted.at < latest;
  const find = (fromMs: number, count: number, slotMinutes: number) =>
    nextCallingTimes(gate.hours, place, fromMs, { count, slotMinutes }).filter((at) => at <= latest);

  const [first] = find(isAhead ? wanted.at : soonest, 1, slots.firstMinutes);
  if (first === undefined) return [];
  const others = find(first + slots.apartMinutes * minuteMs, offers - 1, slots.nextMinutes);
  return [first, ...others].map((at) => ({ at: new Date(at).toISOString(), say: sayTime(at, zone, now) }));
}
