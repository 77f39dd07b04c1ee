import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { openView, viewsOf } from '../support/console-views.ts';
import { type FullConsole, startFullConsole } from '../support/full-console.ts';
import { layoutFaults } from '../support/layout-faults.ts';

// From a phone to a board on the wall: nothing is cut, lies over something else, or is too small to press.

const widths = [360, 1280, 2560];

const browser = useBrowser();
let full: FullConsole;
beforeAll(async () => {
  full = await startFullConsole();
}, 120_000);
afterAll(() => full?.stop());

describe.each(['nobody', 'admin'] as const)('for %s', (role) => {
  it.for(viewsOf(role))(
    '$name fits a phone, a desk and a wall, light and dark',
    { timeout: 60_000 },
    async (view, test) => {
      const page = await browser.open(test);
      await full.enter(page, role);
      await openView(page, full, view);
      const found: string[] = [];
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        // The colours change no places: one look in the dark shows that nothing but them differs.
        for (const colorScheme of width === 1280 ? (['light', 'dark'] as const) : (['light'] as const)) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          found.push(...(await layoutFaults(page)).map((fault) => `${width} ${colorScheme}: ${fault}`));
        }
      }
      expect(found).toEqual([]);
    },
  );
});
