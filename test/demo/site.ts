import { phoneNumber, type ScriptedCall } from './script.ts';

/** The made-up call centre of the demo: its campaigns, dispositions and people. */
export const vicidialCampaign = 'SPRING';
export const vicidialList = 101;
export const five9Campaign = 'Spring outbound';
export const five9List = 'Spring leads';
export const five9CallbackList = 'AI callbacks';
export const serverZone = 'America/New_York';
/** Where the call centre, and its customers, live. */
export const zone = 'America/Denver';
export const platformNumber = '+19895551234';

export const vicidialDispositions: Record<string, string> = {
  opt_out: 'DNC',
  sale: 'SALE',
  qualified: 'AIQUAL',
  not_qualified: 'AINQ',
  callback: 'CALLBK',
  not_interested: 'NI',
  wrong_number: 'WRONG',
  language: 'AILANG',
  transferred: 'AIXFER',
  voicemail: 'A',
  no_answer: 'NA',
  busy: 'B',
  hung_up: 'AIHU',
  failed: 'AIFAIL',
  unknown: 'AIUNK',
};

export const five9Dispositions: Record<string, string> = {
  opt_out: 'AI - Do not call',
  sale: 'Sale',
  qualified: 'AI - Qualified',
  not_qualified: 'AI - Not qualified',
  callback: 'AI - Callback',
  not_interested: 'AI - Not interested',
  wrong_number: 'AI - Wrong number',
  language: 'AI - Language',
  transferred: 'AI - Transferred',
  voicemail: 'AI - Voicemail',
  no_answer: 'AI - No answer',
  busy: 'AI - Busy',
  hung_up: 'AI - Hung up',
  failed: 'AI - Failed',
  unknown: 'AI - Unknown',
};

const firstNames = ['Ada', 'Ben', 'Chloë', 'Dev', 'Esra', 'Femi', "D'Arcy", 'Hana', 'Ivo', 'Jún'];
const lastNames = ['Field', "O'Lake", 'Stone', 'Møller', 'Rivers', 'Woods', 'Hill', 'Brook', 'Dale', 'Marsh'];
const cities = ['Denver', 'Boulder', 'Golden', 'Aurora', 'Pueblo'];

/** A made-up person, always the same one for an index. */
export function person(index: number): { first: string; last: string; city: string } {
  return {
    first: firstNames[index % firstNames.length] ?? '',
    last: lastNames[Math.floor(index / firstNames.length + index) % lastNames.length] ?? '',
    city: cities[index % cities.length] ?? '',
  };
}

/** So many leads nobody calls on the day that is judged: they must stay untouched. */
export const strangers = 20;

/** Leads for the calls of one dialer, some strangers, and those of the next morning. */
export function peopleOf(script: readonly ScriptedCall[], dialer: 'vicidial' | 'five9', nextMorning: number) {
  const count = script.filter((call) => call.dialer === dialer).length + strangers + nextMorning;
  return Array.from({ length: count }, (_, index) => ({ index, number: phoneNumber(dialer, index), ...person(index) }));
}
