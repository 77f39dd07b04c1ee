import type { Locator, Page } from 'playwright-core';

/** How somebody works a page: by a pointer, or by the keyboard alone. */
export interface Hands {
  /** A link, a button, or what folds something open. */
  press(target: Locator): Promise<void>;
  write(target: Locator, text: string): Promise<void>;
  /** @param text how the choice begins */
  choose(target: Locator, text: string): Promise<void>;
  tick(target: Locator): Promise<void>;
}

/** More stops than any page has. */
const mostStops = 400;

export const pointer: Hands = {
  press: (target) => target.click(),
  write: (target, text) => target.fill(text),
  choose: async (target, text) => void (await target.selectOption({ label: text })),
  tick: (target) => target.check(),
};

/** Goes from stop to stop as far as the target, and acts there. Where somebody is must be seen at each stop. */
export function keyboardOf(page: Page): Hands {
  async function reach(target: Locator): Promise<void> {
    await target.waitFor();
    for (let stop = 0; stop < mostStops; stop += 1) {
      const { isReached, unseen } = await target.evaluate(lookAtFocus);
      if (unseen) throw new Error(`the focus is not seen at ${unseen}`);
      if (isReached) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`the keyboard does not get to ${target}`);
  }

  return {
    async press(target) {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    async write(target, text) {
      await reach(target);
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
    },
    async choose(target, text) {
      await reach(target);
      await page.keyboard.type(text);
    },
    async tick(target) {
      await reach(target);
      await page.keyboard.press('Space');
    },
  };
}

/** What is used of an element of a page. */
interface Stop {
  type?: string;
  outerHTML: string;
  getBoundingClientRect(): { width: number; height: number };
  ownerDocument: {
    activeElement: Stop | null;
    body: Stop;
    defaultView: { getComputedStyle(stop: Stop): { outlineStyle: string; outlineWidth: string } };
  };
}

/** Runs in the page. */
function lookAtFocus(target: Stop): { isReached: boolean; unseen: string } {
  const { activeElement: at, body, defaultView } = target.ownerDocument;
  const isReached = at === target;
  // The parts of a date or a time are the browser's own, and it marks them itself.
  if (!at || at === body || at.type === 'date' || at.type === 'time') return { isReached, unseen: '' };
  const { outlineStyle, outlineWidth } = defaultView.getComputedStyle(at);
  const { width, height } = at.getBoundingClientRect();
  const isSeen = outlineStyle !== 'none' && outlineWidth !== '0px' && width > 0 && height > 0;
  return { isReached, unseen: isSeen ? '' : at.outerHTML.slice(0, 200) };
}
