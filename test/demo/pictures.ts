import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { type Pixels, palettePng } from './palette-png.ts';

// npm run pictures: lets the demo's day go by, and takes the README's pictures of its console.

const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
const demoFile = fileURLToPath(new URL('./demo.ts', import.meta.url));
const width = 1280;
/** Where more is to be seen than on the first screen. */
const heights: Record<string, number> = { overview: 1750, call: 1500, scorecard: 1250, 'write-backs': 480 };
const usualHeight = 860;
/** The lead of the demo's call at life's pace: the second of VICIdial's strangers. */
const slowLead = 1032;
const mostKb = 150;

/** What each picture shows, and how one gets there. */
const pictures: Record<string, (page: Page) => Promise<void>> = {
  async overview(page) {
    await open(page, '');
  },
  async 'write-backs'(page) {
    await open(page, 'write-backs?view=refused');
    await page.locator('main table label.tick').first().click();
    await page.getByRole('button', { name: /difference/ }).click();
    await page.getByRole('button', { name: /^Replay/ }).waitFor();
  },
  async doctor(page) {
    await open(page, 'doctor');
    if ((await page.getByText(/^Last run/).count()) > 0) return;
    await page.getByRole('button', { name: 'Run all checks' }).click();
    await page.getByText(/^Last run/).waitFor({ timeout: 120_000 });
  },
  async scorecard(page) {
    await open(page, 'scorecard');
  },
  // Last: the demo's call as slow as life goes on for a minute.
  async call(page) {
    await open(page, `calls?text=${slowLead}`);
    await page.locator('main table a[href*="/console/calls/"]').first().click();
    await page.locator('main .badge', { hasText: 'confirmed' }).nth(2).waitFor({ timeout: 180_000 });
  },
};

process.exitCode = await main();

async function main(): Promise<number> {
  const program = findChromium();
  if (!program) {
    process.stderr.write('Pictures are taken by Chromium: set CHROMIUM to its path, or install one.\n');
    return 1;
  }
  const demo = await startDemo();
  const browser = await launchChromium(program);
  try {
    mkdirSync(folder, { recursive: true });
    for (const colours of ['light', 'dark'] as const) await takeAll(browser, demo.env, colours);
    return 0;
  } finally {
    await browser.close();
    await demo.stop();
  }
}

async function takeAll(browser: Browser, env: ReadonlyMap<string, string>, colours: 'light' | 'dark'): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height: usualHeight },
    colorScheme: colours,
    reducedMotion: 'reduce',
    baseURL: `${env.get('CONSOLE_URL')}/`,
  });
  const page = await context.newPage();
  await page.goto('log-in');
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password').fill(env.get('CONSOLE_ADMIN_PASSWORD') ?? '');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/log-in'));
  for (const [name, goThere] of Object.entries(pictures)) {
    await goThere(page);
    await page.setViewportSize({ width, height: heights[name] ?? usualHeight });
    const file = join(folder, `${name}-${colours}.png`);
    const picture = palettePng(await pixelsOf(browser, await page.screenshot()));
    if (picture.length > mostKb * 1024) throw new Error(`${file} has ${Math.round(picture.length / 1024)} KB`);
    writeFileSync(file, picture);
    process.stderr.write(`${file}: ${Math.round(picture.length / 1024)} KB\n`);
  }
  await context.close();
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.evaluate('document.fonts.ready');
}

/** The browser that made a picture also reads it: no other library is needed. */
async function pixelsOf(browser: Browser, png: Buffer): Promise<Pixels> {
  const page = await browser.newPage();
  const read = `(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    const blob = new Blob([data]);
    return await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve({ width: image.width, height: image.height, data: reader.result });
      reader.readAsDataURL(blob);
    });
  })('data:image/png;base64,${png.toString('base64')}')`;
  const { width, height, data } = (await page.evaluate(read)) as { width: number; height: number; data: string };
  await page.close();
  return { width, height, rgba: Buffer.from(data.slice(data.indexOf(',') + 1), 'base64') };
}

/** A demo of its own that stays up, and what it lays down for a shell. */
async function startDemo(): Promise<{ env: ReadonlyMap<string, string>; stop(): Promise<void> }> {
  const own = mkdtempSync(join(tmpdir(), 'patchbay-pictures-'));
  const envFile = join(own, 'demo.env');
  const args = [demoFile, '--port', String(await freePort()), '--env', envFile];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Whoever stops this stops the demo too.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill('SIGTERM'));
  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    await ended;
    rmSync(own, { recursive: true, force: true });
  }
  const signs = ['replay in the console', 'the demo stays up'];
  const seen = new Set<string | undefined>();
  const isUp = await new Promise<boolean>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      process.stderr.write(`${line}\n`);
      seen.add(signs.find((sign) => line.includes(sign)));
      if (signs.every((sign) => seen.has(sign))) resolve(true);
    });
    child.once('exit', () => resolve(false));
  });
  if (!isUp) {
    await stop();
    throw new Error('the demo ended before its console could be looked at');
  }
  const lines = readFileSync(envFile, 'utf8').matchAll(/^export (\w+)='(.*)'$/gm);
  return { env: new Map([...lines].map(([, name = '', value = '']) => [name, value])), stop };
}
