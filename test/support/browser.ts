import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, ConsoleMessage, Page, WebError } from 'playwright-core';
import { afterAll, afterEach, type TestContext } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';

export interface BrowserOptions {
  /** (Default: true) */
  javaScript?: boolean;
  /** (Default: light) */
  colours?: 'light' | 'dark';
  /** In CSS pixels. (Default: 1280) */
  width?: number;
  /** Sent with every request: `x-role` tells `openConsole` who asks. */
  headers?: Record<string, string>;
  /**
   * Whose pages share their cookies and what was fetched for them, as the pages of one person do; the first one's options
   * hold for all. (Default: the page has its own)
   */
  person?: string;
}

export interface TestBrowser {
  /**
   * A page of its own. Skips the test, with the reason, where there is no Chromium; fails it in the
   * end if a page threw, or the browser refused something for the Content Security Policy's sake.
   */
  open(test: TestContext, options?: BrowserOptions): Promise<Page>;
}

const why =
  'no Chromium: set CHROMIUM to its path, or install one (on Debian: apt-get install chromium), to run this test';

/** One browser for the tests of a file: started by the first that opens a page, closed after the last. */
export function useBrowser(): TestBrowser {
  let launching: Promise<Browser> | undefined;
  const contexts: BrowserContext[] = [];
  const persons = new Map<string, BrowserContext>();

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    for (const page of [...persons.values()].flatMap((context) => context.pages())) await page.close();
  });
  afterAll(async () => {
    await (await launching?.catch(() => undefined))?.close();
  });

  async function contextOf({
    javaScript = true,
    colours = 'light',
    width = 1280,
    headers,
    person,
  }: BrowserOptions): Promise<BrowserContext> {
    const kept = persons.get(person ?? '');
    if (kept) return kept;
    const browser = await launching;
    if (!browser) throw new Error('no browser was started');
    const context = await browser.newContext({
      javaScriptEnabled: javaScript,
      colorScheme: colours,
      viewport: { width, height: 900 },
      ...(headers && { extraHTTPHeaders: headers }),
    });
    if (person) persons.set(person, context);
    else contexts.push(context);
    return context;
  }

  return {
    async open(test, options = {}) {
      const program = findChromium();
      if (!program) test.skip(why);
      launching ??= launchChromium(program ?? '');
      const context = await contextOf(options);
      const faults: string[] = [];
      const onError = (error: WebError) => void faults.push(error.error().message);
      const onWords = (message: ConsoleMessage) => {
        if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
      };
      context.on('weberror', onError);
      context.on('console', onWords);
      test.onTestFinished(() => {
        context.off('weberror', onError);
        context.off('console', onWords);
        if (faults.length > 0) throw new Error(`the browser complained:\n${faults.join('\n')}`);
      });
      return context.newPage();
    },
  };
}

/** Serves an application on a free port for as long as a test runs. Gives its address. */
export async function serveFor(test: TestContext, app: RequestListener): Promise<string> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
