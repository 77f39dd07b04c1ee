import type { CheckResult } from '../../domain/connector.ts';
import type { LinkReport } from '../../domain/link-report.ts';
import type { WriteBackState } from '../../domain/write-back.ts';
import { type Html, html, trusted } from '../html.ts';

/** What a state means for who looks: each tone has its colour and its shape. */
export type Tone = 'good' | 'busy' | 'wait' | 'warn' | 'bad' | 'off' | 'info';

/** A state as a word, with a shape and a colour; never by colour alone. */
export function badge(word: string, tone: Tone, title = ''): Html {
  return title
    ? html`<span class="badge ${tone}" title="${title}">${shape(tone)}${word}</span>`
    : html`<span class="badge ${tone}">${shape(tone)}${word}</span>`;
}

/** The shape alone, for where the word stands elsewhere. */
export function shape(tone: Tone): Html {
  return trusted(
    `<svg class="shape" viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">${shapes[tone]}</svg>`,
  );
}

const stroke = 'fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"';
const shapes: Readonly<Record<Tone, string>> = {
  good: `<path d="M3 8.5l3.2 3.5L13 4.5" ${stroke}/>`,
  busy: `<path d="M13 8a5 5 0 1 1-2-4M11 1.5V4.2H8.3" ${stroke}/>`,
  wait: `<circle cx="8" cy="8" r="5.6" ${stroke}/><path d="M8 5v3.2l2 1.4" ${stroke}/>`,
  warn: '<path d="M8 1.6l6.8 12H1.2z" fill="currentColor"/>',
  bad: `<path d="M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8" ${stroke}/>`,
  off: `<path d="M3 8h10" ${stroke}/>`,
  info: '<circle cx="8" cy="8" r="4.2" fill="currentColor"/>',
};

/** How a write-back stands; one that failed before and waits is shown as retrying. */
export function writeBackBadge({ state, attempts = 0 }: { state: WriteBackState; attempts?: number }): Html {
  if (state === 'pending' && attempts > 0) return badge('retrying', 'warn');
  return badge(...writeBackWords[state]);
}

const writeBackWords: Readonly<Record<WriteBackState, [word: string, tone: Tone]>> = {
  held: ['held', 'warn'],
  pending: ['pending', 'wait'],
  claimed: ['sending', 'busy'],
  submitted: ['submitted', 'busy'],
  confirmed: ['confirmed', 'good'],
  refused: ['refused', 'bad'],
  dead: ['dead', 'bad'],
  superseded: ['superseded', 'off'],
  cancelled: ['cancelled', 'off'],
  shadow: ['shown', 'info'],
};

/** An outcome code; null or empty: there is none yet. */
export function outcomeBadge(code: string | null | undefined): Html {
  if (!code) return badge('no outcome yet', 'wait');
  return badge(code.replaceAll('_', ' '), outcomeTones[code] ?? 'info');
}

const outcomeTones: Readonly<Record<string, Tone>> = {
  opt_out: 'bad',
  sale: 'good',
  qualified: 'good',
  transferred: 'good',
  callback: 'wait',
  not_qualified: 'off',
  not_interested: 'off',
  wrong_number: 'off',
  language: 'off',
  voicemail: 'off',
  no_answer: 'off',
  busy: 'off',
  hung_up: 'off',
  failed: 'warn',
  unknown: 'warn',
};

/** What a check of the doctor found. */
export function checkBadge(status: CheckResult['status']): Html {
  return badge(...checkWords[status]);
}

const checkWords: Readonly<Record<CheckResult['status'], [word: string, tone: Tone]>> = {
  ok: ['ok', 'good'],
  warn: ['warning', 'warn'],
  fail: ['failed', 'bad'],
  unknown: ['unknown', 'info'],
};

/** Whether a link is asked at all. */
export function breakerBadge(breaker: LinkReport['breaker']): Html {
  if (breaker === 'closed') return badge('connected', 'good');
  return breaker === 'open' ? badge('breaker open', 'bad') : badge('trying again', 'warn');
}
