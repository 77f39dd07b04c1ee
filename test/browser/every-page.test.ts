import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { forgottenPages, openView, viewsOf } from '../support/console-views.ts';
import { type FullConsole, startFullConsole } from '../support/full-console.ts';
import { layoutFaults } from '../support/layout-faults.ts';

// Every page of every room, in light and in dark. axe-core tells what can't be seen, heard or reached by everybody. From a
// phone to a board on the wall, nothing is cut, lies over something else, or is too small to press.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Beyond what axe looks for by itself: targets of at least 24 pixels. The dark differs by nothing but its colours. */
const looks = {
  light: `axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })`,
  dark: `axe.run(document, { resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] })`,
};
type Colours = keyof typeof looks;

const browser = useBrowser();
let full: FullConsole;
beforeAll(async () => {
  full = await startFullConsole();
}, 120_000);
afterAll(() => full?.stop());

it('knows a way to every page of every room', () => {
  expect(forgottenPages()).toEqual([]);
});

/** Who may less sees less of the same pages: one look at each of them. */
const lookers = [
  ['nobody', viewsOf('nobody')],
  ['admin', viewsOf('admin')],
  ['viewer', viewsOf('viewer').filter(({ of }, index, all) => all.findIndex((view) => view.of === of) === index)],
] as const;

describe.each(lookers)('for %s', (role, views) => {
  it.for(views)('$name has no fault, light and dark, on any screen', { timeout: 60_000 }, async (view, test) => {
    const page = await browser.open(test, role === 'nobody' ? {} : { person: role });
    await full.enter(page, role);
    await openView(page, full, view);

    await page.evaluate(axe);
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      found.push(...(await barriers(page, colorScheme)).map((fault) => `${colorScheme}: ${fault}`));
      // What changes with the width is the same for all; the colours change no place, so that one look in the dark is enough.
      const widths = role === 'viewer' ? [] : colorScheme === 'dark' ? [1280] : [360, 2560, 1280];
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        found.push(...(await layoutFaults(page)).map((fault) => `${colorScheme}, ${width} wide: ${fault}`));
      }
    }
    expect(found).toEqual([]);
  });
});

async function barriers(page: Page, colours: Colours): Promise<string[]> {
  const { violations } = (await page.evaluate(looks[colours])) as AxeResults;
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${impact}: ${id}: ${html}: ${failureSummary}`),
  );
}
