import { randomBytes } from 'node:crypto';
import { type Html, html, type Renderable, trusted } from './html.ts';

/**
 * Stands where a session's token goes, so that one rendered part serves every viewer. New with every process: nothing
 * that comes from outside can hold it.
 */
export const formTokenPlace = `form-token-${randomBytes(12).toString('hex')}`;

/** A form that posts to a path below `/console`, with the session's token. */
export function form(path: string, content: Renderable, className = ''): Html {
  return html`<form method="post" action="/console/${path}" class="${className}">
${trusted(`<input type="hidden" name="form_token" value="${formTokenPlace}">`)}${content}</form>`;
}

/** Puts a session's token where forms want it. */
export function withFormToken(markup: string, token: string): string {
  return markup.replaceAll(formTokenPlace, token);
}
