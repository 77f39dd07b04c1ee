import { Temporal } from 'temporal-polyfill';
import { isNumber } from './field-values.ts';
import { type Actor, type Five9Domain, note } from './five9-domain.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';

const maxNumbers = 50_000;
const windowZone = 'America/Los_Angeles';

/** Puts numbers on the domain's DNC list; gives how many were not on it. */
export function addToDnc(domain: Five9Domain, actor: Actor, numbers: readonly string[]): number {
  let added = 0;
  for (const number of numbers) {
    const isChange = !domain.dnc.has(number);
    domain.dnc.add(number);
    if (isChange) added += 1;
    note(domain, actor, { kind: 'dnc', record: number, value: 'dnc', isChange });
  }
  return added;
}

export function addNumbersToDnc(domain: Five9Domain, args: Args): number {
  const numbers = numbersOf(args);
  if (!isDncWindow(domain.clock.now())) {
    throw soapFault(
      'ExecutionRestrictionFault',
      'The operation is allowed only between 11 PM and 6 AM US Pacific time',
    );
  }
  return addToDnc(domain, { by: 'api', at: domain.clock.now() }, numbers);
}

/** Documented as 0 on success, whatever was listed. */
export function removeNumbersFromDnc(domain: Five9Domain, args: Args): number {
  for (const number of numbersOf(args)) {
    const isChange = domain.dnc.delete(number);
    note(domain, { by: 'api', at: domain.clock.now() }, { kind: 'dnc-removed', record: number, value: '', isChange });
  }
  return 0;
}

export function checkDncForNumbers(domain: Five9Domain, args: Args): string[] {
  return numbersOf(args).filter((number) => domain.dnc.has(number));
}

function numbersOf(args: Args): string[] {
  const numbers = [...new Set(args.texts('numbers').map((number) => number.trim()))];
  if (numbers.length > maxNumbers) throw soapFault('TooManyItemsFault', `At most ${maxNumbers} numbers are allowed`);
  if (!numbers.every(isNumber)) throw soapFault('IncorrectArgumentFault', 'Invalid phone number');
  return numbers;
}

/** 23:00–06:00 US Pacific time. */
export function isDncWindow(nowMs: number): boolean {
  const { hour } = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(windowZone);
  return hour >= 23 || hour < 6;
}
