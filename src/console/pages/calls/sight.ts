import type { Lead } from '../../../domain/lead.ts';
import type { Role } from '../../../domain/roles.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { address } from '../../address.ts';
import { isNumberKey, maskedKey, maskedPhone, spacedPhone } from '../../components/phone.ts';
import { clockOf, type PageClock, time } from '../../components/time.ts';
import { html, type Renderable } from '../../html.ts';
import { maskNumbers } from '../../mask-numbers.ts';
import type { Question } from '../../page.ts';

/** What of a call its looker may see. */
export interface Sight {
  role: Role;
  clock: PageClock;
  /** True on the one answer that shows the numbers of a call, which is on the record. */
  isRevealed: boolean;
}

export function sightOf(question: Pick<Question, 'deps' | 'now' | 'user'>, isRevealed = false): Sight {
  return { role: question.user.role, clock: clockOf(question), isRevealed };
}

/** Whether names, summaries and what was said are shown. */
export function seesWords({ role }: Sight): boolean {
  return isAtLeast(role, 'operator');
}

/** A number as far as it may be seen. */
export function phoneFor({ isRevealed }: Sight, phone: string): string {
  return isRevealed ? spacedPhone(phone) : maskedPhone(phone);
}

/** A text of somebody's, with the numbers in it as far as they may be seen. */
export function wordsFor({ isRevealed }: Sight, text: string): string {
  return isRevealed ? text : maskNumbers(text);
}

/** A lead's key, as a link to the lead; no link where the key is a number that may not be seen. */
export function leadFor(
  { isRevealed }: Sight,
  { dialer, key }: Pick<Lead, 'dialer' | 'key'>,
  phones: string[],
): Renderable {
  if (!isRevealed && isNumberKey(key, phones)) return maskedKey(key, ...phones);
  return html`<a href="${address(`leads/${encodeURIComponent(dialer)}/${encodeURIComponent(key)}`)}">${key}</a>`;
}

const instantForm = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** What a system of ours or a dialer said: instants by the page's clock, numbers as far as they may be seen. */
export function toldFor(sight: Sight, text: string): Renderable {
  return withTimes(wordsFor(sight, text), sight.clock);
}

/** A text in which instants are told by the page's clock. */
export function withTimes(text: string, clock: PageClock): Renderable {
  return text.split(instantForm).map((part) => (instantForm.test(part) ? time(part, clock) : html`${part}`));
}
