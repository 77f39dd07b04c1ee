import type { Tone } from '../components/badge.ts';
import { codeBlock } from '../components/copy.ts';
import { button, field } from '../components/field.ts';
import { notice } from '../components/notice.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { type Html, html } from '../html.ts';
import type { View } from '../page.ts';

export interface LogInPage {
  /** Of the form, against those of other sites. */
  token: string;
  next: string;
  /** What was typed: never the password. */
  name?: string;
  said?: { words: string; tone: Tone; hint?: string };
}

export function logInPage({ console }: Pick<ConsoleDeps, 'console'>, { token, next, name, said }: LogInPage): View {
  const hasUsers = Object.keys(console.users).length > 0;
  return {
    title: 'Log in',
    body: html`${said && notice(said.words, said.tone, said.hint)}
${console.oidc && html`<p><a class="button primary" href="${oidcStart(next)}">${console.oidc.label}</a></p>`}
${hasUsers && passwordForm(token, next, name)}
${!hasUsers && !console.oidc && nobodyYet}`,
  };
}

/** @param providerLabel the identity provider that knows the user still; empty when none does */
export function loggedOutPage(providerLabel: string): View {
  return {
    title: 'Logged out',
    body: html`<p>You are logged out of Patchbay.</p>
<p><a class="button" href="/console/log-in">Log in again</a></p>
${
  providerLabel &&
  html`<p>Your session with ${providerLabel} goes on. On a machine that others use,
<a href="/console/oidc/end">end it there too</a>.</p>`
}`,
  };
}

function oidcStart(next: string): string {
  return `/console/oidc/start?${new URLSearchParams({ next }).toString()}`;
}

/** The token is put in here, not by `form`: there is no session yet. */
function passwordForm(token: string, next: string, name = ''): Html {
  return html`<form method="post" action="/console/log-in">
<input type="hidden" name="form_token" value="${token}">
<input type="hidden" name="next" value="${next}">
${field({
  name: 'name',
  label: 'Name',
  value: name,
  isRequired: true,
  more: {
    autocomplete: 'username',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: 64,
    autofocus: name === '',
  },
})}
${field({
  name: 'password',
  label: 'Password',
  type: 'password',
  isRequired: true,
  more: { autocomplete: 'current-password', maxlength: 1024, autofocus: name !== '' },
})}
${button('Log in', { look: 'primary' })}
</form>`;
}

const nobodyYet = html`<p>There is no user yet. On the machine that runs Patchbay, make the first one, and start the service again:</p>
${codeBlock('npx patchbay console add-user ada --role admin', 'the command')}
<p>Or configure <code>console.oidc</code>, to log in by the identity provider of your company.</p>`;
