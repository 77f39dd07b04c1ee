import type { Request } from 'express';
import { isAtLeast } from '../domain/roles.ts';
import { assetUrl } from './assets.ts';
import { attributes } from './attributes.ts';
import { notice as noticeBox } from './components/notice.ts';
import { form } from './form.ts';
import { type Html, html, live, type Renderable } from './html.ts';
import { logo } from './logo.ts';
import type { NavBadges } from './nav-badges.ts';
import type { OneTimeNotice } from './one-time-notice.ts';
import type { ConsoleUser, Room, View } from './page.ts';
import { type Theme, themeChoice, themeOf } from './theme.ts';

export interface PageFrame {
  view: View;
  user: ConsoleUser;
  rooms: readonly Room[];
  badges: NavBadges;
  /** Below `/console`. */
  path: string;
  /** Path and query, from `/console` on: where one comes back to. */
  here: string;
  notice: OneTimeNotice | null;
  theme: Theme;
  /** Where live parts come from; empty for a page that stands still. */
  liveUrl: string;
}

/** The whole page around a view. */
export function layout({ view, user, rooms, badges, path, here, notice, theme, liveUrl }: PageFrame): Html {
  return html`${head(view.title, theme)}
<body data-live-url="${liveUrl}">
<a class="skip" href="#main">Skip to content</a>
<header class="bar-top">
<button type="button" class="menu-button" popovertarget="rooms"><svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true"><path d="M2 4h12M2 8h12M2 12h12" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/></svg><span class="heard">Menu</span></button>
<a class="logo" href="/console" aria-label="Patchbay, first page">${logo()}<span>Patchbay</span></a>
<div class="bar-end">
<p class="live-state" role="status" data-live-state></p>
<button type="button" class="me-button" popovertarget="me"><span class="initial" aria-hidden="true">${user.name.slice(0, 1)}</span><span class="me-name">${user.name}</span><span class="heard">Your account</span></button>
</div>
<div class="me" id="me" popover>
<p><strong>${user.name}</strong><br><span class="quiet">${user.role}</span></p>
${themeChoice(theme, here)}
<ul><li><a href="/console/sessions">Where you are logged in</a></li></ul>
${form('log-out', html`<button>Log out</button>`)}
</div>
</header>
<nav class="rooms" id="rooms" aria-label="Main" popover>${doors({ rooms, user, badges, path })}</nav>
<main id="main" tabindex="-1">
${notice && html`<div role="status">${noticeBox(notice.text, notice.tone)}</div>`}
<h1>${view.title}</h1>
${view.body}
</main>
</body>
</html>`;
}

/** The navigation: rooms that the role may see, with what waits there. A live part, which every page has. */
export function doors({ rooms, user, badges, path }: Pick<PageFrame, 'rooms' | 'user' | 'badges' | 'path'>): Html {
  const open = rooms.flatMap(({ nav, pages }) =>
    nav && isAtLeast(user.role, pages[0]?.least ?? 'admin') ? [nav] : [],
  );
  const items = open.map((door) => {
    const badge = badges.get(door.path);
    const href = door.path === '' ? '/console' : `/console/${door.path}`;
    const count =
      badge &&
      html`<span class="nav-count ${badge.tone}">${badge.count > 999 ? '999+' : badge.count}<span class="heard"> ${badge.words}</span></span>`;
    return html`<li><a ${attributes({ href, 'aria-current': isOpen(door.path, path) ? 'page' : null })}>${door.title}${count}</a></li>`;
  });
  return live('doors', html`<ul>${items}</ul>`);
}

/** A page without navigation: before somebody is logged in. */
export function entryPage(
  request: Pick<Request, 'headers'>,
  { title, body }: { title: string; body: Renderable },
): Html {
  return html`${head(title, themeOf(request))}
<body class="entry">
<main id="main">
<p class="logo">${logo()}<span>Patchbay</span></p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>`;
}

function head(title: string, theme: Theme): Html {
  return html`<!doctype html>
<html ${attributes({ lang: 'en', 'data-theme': theme === 'system' ? null : theme })}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Patchbay</title>
<link rel="icon" type="image/svg+xml" href="${assetUrl('favicon.svg')}">
<link rel="stylesheet" href="${assetUrl('style.css')}">
<script src="${assetUrl('live.js')}" type="module"></script>
</head>`;
}

function isOpen(door: string, path: string): boolean {
  return door === '' ? path === '' : path === door || path.startsWith(`${door}/`);
}
