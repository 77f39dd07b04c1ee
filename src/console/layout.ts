import { isAtLeast } from '../domain/roles.ts';
import { form } from './form.ts';
import { type Html, html } from './html.ts';
import type { ConsoleUser, Room, View } from './page.ts';

export interface PageFrame {
  view: View;
  user: ConsoleUser;
  rooms: readonly Room[];
  /** Below `/console`. */
  path: string;
  notice: string;
  /** Where live parts come from; empty for a page that stands still. */
  liveUrl: string;
}

/** The whole page around a view. */
export function layout({ view, user, rooms, path, notice, liveUrl }: PageFrame): Html {
  const doors = rooms.flatMap(({ nav, pages }) => {
    const least = pages[0]?.least ?? 'admin';
    return nav && isAtLeast(user.role, least) ? [nav] : [];
  });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${view.title} · Patchbay</title>
<link rel="stylesheet" href="/console/assets/style.css">
<script src="/console/assets/live.js" type="module"></script>
</head>
<body data-live-url="${liveUrl}">
<a class="skip" href="#main">Skip to content</a>
<header>
<nav aria-label="Main">
${doors.map((door) => html`<a href="/console/${door.path}" aria-current="${isOpen(door.path, path) ? 'page' : 'false'}">${door.title}</a>`)}
</nav>
<p>${user.name} (${user.role})</p>
${form('log-out', html`<button>Log out</button>`)}
</header>
<main id="main">
${notice && html`<p class="notice" role="status">${notice}</p>`}
<h1>${view.title}</h1>
${view.body}
</main>
</body>
</html>`;
}

function isOpen(door: string, path: string): boolean {
  return door === '' ? path === '' : path === door || path.startsWith(`${door}/`);
}
