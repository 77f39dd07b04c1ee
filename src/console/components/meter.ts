import { type Html, html } from '../html.ts';
import type { Tone } from './badge.ts';

/** How much of something there is, as a bar with its figure in words. */
export function meter({
  label,
  value,
  max,
  text = `${value} of ${max}`,
  tone = 'info',
}: {
  label: string;
  value: number;
  max: number;
  text?: string;
  tone?: Tone;
}): Html {
  return html`<div class="meter ${tone}"><span class="meter-label">${label}</span>${bar(value, max)}<span class="meter-text">${text}</span></div>`;
}

/** A bar without words, for where they stand beside it. */
export function bar(value: number, max: number): Html {
  const share = max > 0 ? Math.min(100, Math.max(0, (100 * value) / max)) : 0;
  return html`<svg class="bar" width="100%" height="8" aria-hidden="true"><rect class="bar-all" width="100%" height="8" rx="4"/><rect class="bar-part" width="${share.toFixed(1)}%" height="8" rx="4"/></svg>`;
}
