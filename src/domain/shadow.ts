import type { Leg } from './call.ts';
import type { FactBody, RegisteredVia, StoredFact } from './fact.ts';
import type { Aspect, WantedWriteBack } from './write-back.ts';

/**
 * Where nothing is written for a call, as its registration keeps it: ids of dialers, or one of these two. What is wanted
 * there is planned and shown as ever.
 */
export type ShadowPlaces = readonly string[];
/** At every dialer: the call itself runs in shadow. */
export const shownEverywhere = '*';
/** Where its disposition is mirrored to, and nothing but that. */
export const shownMirror = '*mirror';

type ShadowFact = Pick<StoredFact, 'body'>;

/** Told while the call began: what tells of it later decides only where these do not. */
const atTheBeginning: readonly RegisteredVia[] = ['register', 'headers', 'start', 'dialled'];

/**
 * Where a call runs in shadow, decided as it was registered: a stage that changes later changes no earlier call. Among
 * registrations that know the call alike, shadow wins. Pure, whatever the order of the facts.
 */
export function shadowOf(facts: readonly ShadowFact[]): ShadowPlaces {
  let best = -1;
  let places = new Set<string>();
  for (const { body } of facts) {
    if (body.kind !== 'registered') continue;
    const rank = rankOf(body);
    if (rank < best) continue;
    if (rank > best) places = new Set();
    best = rank;
    for (const place of body.shadow ?? []) places.add(place);
  }
  return places.has(shownEverywhere) ? [shownEverywhere] : [...places].sort();
}

/** Which campaign it was counts most: a stage is the campaign's. */
function rankOf({ leg, via }: Extract<FactBody, { kind: 'registered' }>): number {
  return (leg.campaign ? 2 : 0) + (atTheBeginning.includes(via) ? 1 : 0);
}

/** Whether nothing is written to a dialer for a call. */
export function isShadowAt(places: ShadowPlaces, dialer: string): boolean {
  return places.includes(shownEverywhere) || places.includes(dialer);
}

/**
 * Which wishes of a call are shown and not written. What goes to a dialer that has no leg of it is mirrored, or an opt-out.
 *
 * @param rules whether opt-outs are written all the same
 */
export function shownBy(
  facts: readonly ShadowFact[],
  legs: readonly Leg[],
  { shadowOptOuts }: { shadowOptOuts?: 'shown' | 'written' },
): (wish: WantedWriteBack) => boolean {
  const places = shadowOf(facts);
  if (places.length === 0) return () => false;
  return ({ dialer, desired: { aspect } }) => {
    if (aspect === 'dnc' && shadowOptOuts === 'written') return false;
    const isMirrored = aspect === 'disposition' && !legs.some((leg) => leg.dialer === dialer);
    const isIn = isShadowAt(places, dialer) || (isMirrored && places.includes(shownMirror));
    return isIn && !isReleased(facts, dialer, aspect);
  };
}

/** What a person had written after all: the one way out of the shadow, for one aspect of one call. */
function isReleased(facts: readonly ShadowFact[], dialer: string, aspect: Aspect): boolean {
  return facts.some(({ body }) => body.kind === 'released' && body.dialer === dialer && body.aspect === aspect);
}

/**
 * The place of a lead between 0 and 100, always the same: it is live at every stage above that. So who is live at 10 % is so
 * at 20 %.
 *
 * @param keyedHash 32 bytes that nobody can foresee, always the same for a text, from `deps`
 * @param lead the dialer's key of the lead, else whatever names the customer best
 */
export function placeOfLead(keyedHash: (text: string) => Uint8Array, dialer: string, lead: string): number {
  const bytes = keyedHash(JSON.stringify(['stage', dialer, lead]));
  return (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / 2 ** 32) * 100;
}
