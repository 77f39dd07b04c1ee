import type { AttentionRow, AuditRow, LeadPhoneRow, LeadRow, Tables } from '../../src/store/tables.ts';
import { seededRandom } from '../demo/random.ts';
import type { Person } from './made-up-calls.ts';
import { type CallRows, type Campaign, type Chance, makeCall } from './made-up-calls.ts';

export interface MillionOptions {
  calls: number;
  leads: number;
  days: number;
  /** The moment at which the last call was registered. */
  nowMs: number;
  seed?: number;
}

/** Rows of some tables that are to be written together. */
export type Batch = { [Name in keyof Tables]?: Tables[Name][] };

export const campaigns: readonly Campaign[] = [
  { dialer: 'vicidial', name: 'SPRING', agent: 'agent_solar' },
  { dialer: 'vicidial', name: 'SUMMER', agent: 'agent_solar' },
  { dialer: 'vicidial', name: 'RENEWAL', agent: 'agent_renewal' },
  { dialer: 'vicidial', name: 'SURVEY', agent: 'agent_survey' },
  { dialer: 'five9', name: 'Spring outbound', agent: 'agent_solar' },
  { dialer: 'five9', name: 'Win back', agent: 'agent_renewal' },
  { dialer: 'five9', name: 'Reminders', agent: 'agent_reminder' },
  { dialer: 'five9', name: 'Welcome', agent: 'agent_reminder' },
];
/** Of a thousand calls so many are of each campaign: some are large, one is hardly used. */
const campaignShares = [260, 140, 90, 60, 230, 120, 99, 1];
/** How busy each hour of the day is, in UTC: people are called from 9 to 20 in New York. */
const hourShares = [6, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 9, 10, 10, 8, 7, 8, 9, 10, 9, 7];
const areaCodes = ['201', '212', '215', '312', '347', '404', '415', '512', '617', '646', '702', '713', '718', '773'];
const firstNames = ['Ada', 'Grace', 'Linus', 'Barbara', 'Alan', 'Edsger', 'Katherine', 'Dennis', 'Frances', 'Radia'];
const lastNames = ['Example', 'Sample', 'Person', 'Tester', 'Madeup', 'Nobody', 'Anyone', 'Someone', 'Placeholder'];
const callsAtOnce = 2000;

/** Batches of rows of a store that has been in use for a month; the same seed gives the same rows. People and numbers are made up. */
export function* millionCalls(options: MillionOptions): Generator<Batch> {
  const { calls, nowMs, seed = 7 } = options;
  const chance = chanceOf(seededRandom(seed));
  yield* leadBatches(options);
  const times = callTimes(options, chance);
  const told: CallRows[] = [];
  for (let start = 0; start < calls; start += callsAtOnce) {
    const rows: CallRows[] = [];
    for (let index = start; index < Math.min(calls, start + callsAtOnce); index += 1) {
      const atMs = times[index] ?? nowMs;
      const version = nowMs - atMs > 14 * 86_400_000 ? 'v1' : 'v2';
      const person = personOf(Math.floor(chance.next() * options.leads));
      rows.push(makeCall(chance, { index, atMs, nowMs, version, campaign: campaignOf(chance), person }));
    }
    if (told.length < 3000) told.push(...rows.slice(0, 50));
    yield {
      calls: rows.map(({ call }) => call),
      call_refs: rows.flatMap(({ refs }) => refs),
      facts: rows.flatMap(({ facts }) => facts),
      write_backs: rows.flatMap(({ writeBacks }) => writeBacks),
      opt_outs: rows.flatMap(({ optOut }) => optOut ?? []),
    };
  }
  yield { attention: told.slice(0, 2500).map(attentionOf), audit_log: told.slice(0, 3000).map(auditOf) };
}

export function personOf(index: number): Person {
  const area = areaCodes[Math.floor(index / 10_000) % areaCodes.length];
  // More people than numbers of the made-up exchange: families share one.
  const phone = `+1${area}555${String(index % 10_000).padStart(4, '0')}`;
  const firstName = firstNames[index % firstNames.length] ?? '';
  return { key: String(100_000 + index), phone, firstName, lastName: lastNames[index % lastNames.length] ?? '' };
}

function* leadBatches({ leads, nowMs }: MillionOptions): Generator<Batch> {
  const changedAt = new Date(nowMs - 40 * 86_400_000).toISOString();
  for (let start = 0; start < leads; start += 5000) {
    const rows: LeadRow[] = [];
    const phones: LeadPhoneRow[] = [];
    for (let index = start; index < Math.min(leads, start + 5000); index += 1) {
      const { key, phone, firstName, lastName } = personOf(index);
      const { dialer, name } = campaigns[index % campaigns.length] as Campaign;
      const fields = { first_name: firstName, last_name: lastName, state: 'NY', postal_code: '10001' };
      rows.push({
        ...{ dialer, lead_key: key, list: '101', campaign: name, phones: JSON.stringify([phone]) },
        ...{ fields: JSON.stringify(fields), postal_code: '10001', changed_at: changedAt, saved_at: changedAt },
      });
      phones.push({ phone, dialer, lead_key: key });
    }
    yield { leads: rows, lead_phones: phones };
  }
}

/** When each call is registered, in order. */
function callTimes({ calls, days, nowMs }: MillionOptions, chance: Chance): Float64Array {
  const whole = hourShares.reduce((sum, share) => sum + share, 0);
  const times = new Float64Array(calls);
  for (let index = 0; index < calls; ) {
    const day = Math.floor(chance.next() * days);
    let left = chance.next() * whole;
    const hour = hourShares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    const midnight = Math.floor(nowMs / 86_400_000) * 86_400_000 - day * 86_400_000;
    const at = midnight + (Math.max(0, hour) + chance.next()) * 3_600_000;
    if (at > nowMs) continue;
    times[index] = Math.floor(at);
    index += 1;
  }
  return times.sort();
}

function campaignOf(chance: Chance): Campaign {
  let left = chance.next() * 1000;
  const index = campaignShares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return campaigns[Math.max(0, index)] as Campaign;
}

function attentionOf({ call }: CallRows, index: number): AttentionRow {
  const isOpen = index < 400;
  const kinds = ['ambiguous-call', 'unlisted-outcome', 'finding', 'shared-number'] as const;
  return {
    ...{ kind: kinds[index % 4] ?? 'finding', item_key: `made-up:${index}`, correlation_id: call.correlation_id },
    ...{ details: JSON.stringify({ platform: 'sigmamind', why: 'made up' }), told: 1 },
    ...{ first_at: call.registered_at, last_at: call.registered_at },
    ...{ settled_by: isOpen ? '' : 'operator:grace', settlement: isOpen ? '' : 'seen' },
    settled_at: isOpen ? null : call.registered_at,
  };
}

function auditOf({ call }: CallRows, index: number): AuditRow {
  const act = ['number-shown', 'outcome-corrected', 'write-backs-replay'][index % 3] ?? 'number-shown';
  return {
    ...{ id: `a-${index}`, at: call.registered_at, who: 'operator:grace', act },
    ...{ subject: call.correlation_id, details: '{}' },
  };
}

function chanceOf(next: () => number): Chance {
  return { next, pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number] };
}
