import type { Attention } from '../../../domain/attention.ts';
import { isAtLeast, type Role } from '../../../domain/roles.ts';
import { definitions } from '../../components/definitions.ts';
import { callLink } from '../../components/links.ts';
import { spacedPhone } from '../../components/phone.ts';
import { type PageClock, time } from '../../components/time.ts';
import { type Html, html, type Renderable } from '../../html.ts';
import { maskNumbers } from '../../mask-numbers.ts';

/** What everybody may read: it names no person. */
const harmless = [
  'platform',
  'dialer',
  'aspect',
  'system',
  'event',
  'day',
  'told',
  'why',
  'hint',
  'waits',
  'by',
  'share',
];
const moments = ['startedAt', 'askedAt', 'toldAt', 'legalBy'];
const numbers = ['customer', 'own', 'numbers'];
/** They stand elsewhere on the card, or say nothing to a person. */
const leftOut = /^(candidate\d+|nameKind|hint)$/;

const titles: Readonly<Record<string, string>> = {
  startedAt: 'Began',
  askedAt: 'Asked',
  toldAt: 'Told',
  legalBy: 'Legal limit',
  customer: 'Customer',
  own: 'Called',
  numbers: 'Numbers',
  conversation: 'Conversation',
  waits: 'Waits for',
  told: 'Outcome',
  held: 'The dialer holds',
  by: 'Set by',
  text: 'What it held',
};

/** Whether everybody may read a detail of this name, its numbers masked. */
export function isForEverybody(name: string): boolean {
  return [harmless, moments, numbers].some((names) => names.includes(name));
}

/** What is known of a thing, as far as the role may read it. Numbers are masked unless they are revealed. */
export function detailsOf(
  { details, correlationId }: Attention,
  role: Role,
  clock: PageClock,
  { isRevealed = false }: { isRevealed?: boolean } = {},
): Html {
  const mayRead = isAtLeast(role, 'operator');
  const entries: [string, Renderable][] = correlationId ? [['Call', callLink(correlationId)]] : [];
  let hidden = 0;
  for (const [name, value] of Object.entries(details)) {
    if (leftOut.test(name) || value === '') continue;
    if (moments.includes(name)) entries.push([titleOf(name), time(value, clock)]);
    else if (isRevealed) entries.push([titleOf(name), numbers.includes(name) ? spaced(value) : value]);
    else if (mayRead || isForEverybody(name)) {
      entries.push([titleOf(name), maskNumbers(value)]);
    } else hidden += 1;
  }
  return html`${definitions(entries)}${hidden > 0 && html`<p class="quiet">${hidden} more for operators.</p>`}${details.hint && html`<p class="hint">${details.hint}</p>`}`;
}

/** Whether there is a number in it to be revealed. */
export function hasNumber({ details }: Attention): boolean {
  return Object.values(details).some((value) => maskNumbers(value) !== value);
}

/** The calls that it can be, by their IDs. */
export function candidatesOf({ details }: Attention): string[] {
  return Object.entries(details).flatMap(([name, value]) =>
    /^candidate\d+$/.test(name) ? [value.split(' ')[0] ?? ''] : [],
  );
}

function spaced(value: string): string {
  return value.split(', ').map(spacedPhone).join(', ');
}

function titleOf(name: string): string {
  const plain = titles[name] ?? name.replaceAll('_', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
