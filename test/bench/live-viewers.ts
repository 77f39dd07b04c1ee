// A process that looks at live pages, as many browsers would: it is started by live-pages.ts, and ends when it is told to.

import { createBrowser } from '../support/cookie-browser.ts';
import { taskOf } from './child.ts';

export interface ViewersTask {
  url: string;
  user: string;
  password: string;
  /** Paths from `/console` on; one stream each. */
  pages: readonly string[];
}

/** Streams that one log-in may have is limited: these share one. */
const pagesOfSession = 10;

const { url, user, password, pages } = taskOf<ViewersTask>();
let bytes = 0;
let opened = 0;

for (let start = 0; start < pages.length; start += pagesOfSession) {
  const browser = createBrowser(url);
  const answer = await browser.logIn(user, password);
  if (answer.status !== 303) throw new Error(`nobody could log in: ${answer.status}`);
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const page of pages.slice(start, start + pagesOfSession)) {
    const stream = await fetch(`${url}/console/live?page=${encodeURIComponent(page)}`, { headers: { cookie } });
    if (stream.status !== 200) throw new Error(`${page} is not live: ${stream.status}`);
    opened += 1;
    void readAll(stream);
  }
}
process.stdout.write(`${JSON.stringify({ msg: 'looking', opened })}\n`);
process.on('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify({ msg: 'looked', bytes })}\n`, () => process.exit(0));
});

async function readAll(stream: Response): Promise<void> {
  for await (const chunk of stream.body ?? []) bytes += chunk.length;
}
