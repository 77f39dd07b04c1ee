import type { Request } from 'express';
import { attributes } from './attributes.ts';
import { cookieOf } from './cookies.ts';
import { form } from './form.ts';
import { type Html, html } from './html.ts';

/** Light or dark; `system` follows the machine that looks. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = 'patchbay-theme';

export function themeOf(request: Pick<Request, 'headers'>): Theme {
  return themeNamed(cookieOf(request, themeCookie));
}

/** `system` for anything that is no theme. */
export function themeNamed(name: string | undefined): Theme {
  return themes.find((theme) => theme === name) ?? 'system';
}

/** Three buttons, which work without a script. `back` is the page that one comes back to. */
export function themeChoice(current: Theme, back: string): Html {
  const choices = themes.map(
    (theme) =>
      html`<button ${attributes({ name: 'theme', value: theme, 'aria-pressed': String(theme === current) })}>${words[theme]}</button>`,
  );
  return form(
    'theme',
    html`<input type="hidden" name="back" value="${back}"><div class="theme-choice" role="group" aria-label="Colours">${choices}</div>`,
  );
}

const words: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };
