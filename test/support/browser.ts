import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
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
}

export interface TestBrowser {
  /**
   * A page of its own, with its own cookies. Skips the test, with the reason, where there is no Chromium; fails it in the
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

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    await (await launching?.catch(() => undefined))?.close();
  });

  return {
    async open(test, { javaScript = true, colours = 'light', width = 1280, headers } = {}) {
      const program = findChromium();
      if (!program) test.skip(why);
      launching ??= launchChromium(program ?? '');
      const context = await (await launching).newContext({
        javaScriptEnabled: javaScript,
        colorScheme: colours,
        viewport: { width, height: 900 },
        ...(headers && { extraHTTPHeaders: headers }),
      });
      contexts.push(context);
      const faults: string[] = [];
      context.on('weberror', (error) => faults.push(error.error().message));
      context.on('console', (message) => {
        if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
      });
      test.onTestFinished(() => {
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
