import { type Html, html } from '../html.ts';

/** Copies a text; there only where a script can do it. `what` is heard: `Copy the address`. */
export function copyButton(text: string, what = 'Copy'): Html {
  return html`<button type="button" class="copy" data-copy="${text}" aria-label="${what}">Copy</button>`;
}

/** A text to take over as it stands: a command, lines of configuration. */
export function codeBlock(text: string, what = 'Copy'): Html {
  return html`<div class="code-block"><pre tabindex="0"><code>${text}</code></pre>${copyButton(text, what)}</div>`;
}
