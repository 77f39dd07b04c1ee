import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { forgottenPages, openView, viewsOf } from '../support/console-views.ts';
import { type FullConsole, startFullConsole } from '../support/full-console.ts';

// What can't be seen, heard or reached by everybody: axe-core looks at every page of every room, in light and in dark.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Beyond what axe looks for by itself: targets of at least 24 pixels. */
const look = `axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })`;

const browser = useBrowser();
let full: FullConsole;
beforeAll(async () => {
  full = await startFullConsole();
}, 120_000);
afterAll(() => full?.stop());

it('looks at every page of every room', () => {
  expect(forgottenPages()).toEqual([]);
});

/** Who may less sees less of the same pages: one look at each of them. */
const looks = [
  ['nobody', viewsOf('nobody')],
  ['admin', viewsOf('admin')],
  ['viewer', viewsOf('viewer').filter(({ of }, index, all) => all.findIndex((view) => view.of === of) === index)],
] as const;

describe.each(looks)('to axe-core, for %s', (role, views) => {
  it.for(views)('$name has no fault, light and dark', { timeout: 60_000 }, async (view, test) => {
    const page = await browser.open(test);
    await full.enter(page, role);
    await openView(page, full, view);
    await page.evaluate(axe);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = (await page.evaluate(look)) as AxeResults;
      expect([colorScheme, violations.flatMap(words)]).toEqual([colorScheme, []]);
    }
  });
});

function words({ id, impact, nodes }: AxeResults['violations'][number]): string[] {
  return nodes.map(({ html, failureSummary }) => `${impact}: ${id}: ${html}: ${failureSummary}`);
}
