import { address } from '../address.ts';
import { type Html, html, type Renderable } from '../html.ts';

/** A link out of the console, for http(s) addresses; anything else is shown as text. */
export function externalLink(url: string, text: Renderable = url): Html {
  if (!/^https?:\/\/[^\s/]/i.test(url) || !URL.canParse(url)) return html`<span class="foreign">${text}</span>`;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer">${text}<span class="heard"> (opens a new tab)</span></a>`;
}

/** A link to the page of a call. */
export function callLink(correlationId: string, text: Renderable = html`<code>${correlationId}</code>`): Html {
  return html`<a href="${address(`calls/${encodeURIComponent(correlationId)}`)}">${text}</a>`;
}
