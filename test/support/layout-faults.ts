import type { Page } from 'playwright-core';

/**
 * What is wrong with how a page lies before somebody: it is wider than the window, words are cut or lie over others, or
 * something to press is too small for a finger. Each as a line that names the words.
 */
export async function layoutFaults(page: Page): Promise<string[]> {
  return (await page.evaluate(`(${look.toString()})()`)) as string[];
}

/** Runs in the browser, so it holds all that it needs. */
function look(): string[] {
  const dom = globalThis as unknown as BrowserWindow;
  const { document } = dom;
  const slack = 1.5;
  const leastTarget = 24;
  const faults = new Set<string>();
  const nameOf = (element: Element) =>
    `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${(element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 60)}`;
  const isShown = (element: Element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !element.closest('.heard, .skip, noscript, option, title');

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.add(`the page is ${root.scrollWidth} of ${root.clientWidth} wide`);

  // A menu lies over the page on purpose: only what is in it is looked at then.
  const top = document.querySelector(':popover-open') ?? document.body;
  const words: { node: Node; parent: Element; boxes: Box[] }[] = [];
  const walker = document.createTreeWalker(top, 4);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || !(node.textContent ?? '').trim() || !isShown(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes: Box[] = [];
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      const box = seenPart(parent, rect);
      if (box) boxes.push(box);
    }
    words.push({ node, parent, boxes });
  }

  /** What of some words shows through the boxes around them. Null: nothing, they are scrolled away. */
  function seenPart(parent: Element, rect: Box): Box | null {
    let seen: Box = { left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom };
    for (let around: Element | null = parent; around && around !== document.body; around = around.parentElement) {
      const style = dom.getComputedStyle(around);
      const clip = around.tagName === 'svg' ? 'hidden' : style.overflowX;
      if (clip === 'visible') continue;
      const edge = around.getBoundingClientRect();
      // It is only heard: the head of a table that is folded.
      if (edge.right - edge.left < 2) return null;
      const isOut = seen.left < edge.left - slack || seen.right > edge.right + slack;
      const isMeant = clip === 'auto' || clip === 'scroll' || style.textOverflow === 'ellipsis';
      if (isOut && !isMeant) faults.add(`cut: ${nameOf(parent)}`);
      seen = {
        left: Math.max(seen.left, edge.left),
        right: Math.min(seen.right, edge.right),
        top: clip === 'auto' || clip === 'scroll' ? Math.max(seen.top, edge.top) : seen.top,
        bottom: clip === 'auto' || clip === 'scroll' ? Math.min(seen.bottom, edge.bottom) : seen.bottom,
      };
      if (seen.right - seen.left < 1 || seen.bottom - seen.top < 1) return null;
    }
    return seen;
  }

  for (const element of top.querySelectorAll('*')) {
    if (!isShown(element)) continue;
    const style = dom.getComputedStyle(element);
    const hasOwnWords = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim());
    const scrolls = /auto|scroll/.test(style.overflowX) || style.textOverflow === 'ellipsis';
    const isBox = style.display !== 'inline' && !element.closest('svg');
    if (hasOwnWords && isBox && !scrolls && element.scrollWidth > element.clientWidth + slack)
      faults.add(`sticks out: ${nameOf(element)}`);
    if (element.matches('select, input[placeholder], textarea[placeholder]')) {
      const field = element as unknown as Field;
      const text = field.selectedOptions ? (field.selectedOptions[0]?.textContent ?? '') : field.placeholder;
      const pen = document.createElement('canvas').getContext('2d');
      pen.font = style.font;
      const arrow = field.selectedOptions ? 20 : 0;
      const room = element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
      if (text && pen.measureText(text).width + arrow > room + slack) faults.add(`does not fit its field: ${text}`);
    }
    const label = element.getAttribute('data-label') ?? '';
    const drawn = dom.getComputedStyle(element, '::before');
    if (label && drawn.content !== 'none') {
      const pen = document.createElement('canvas').getContext('2d');
      pen.font = drawn.font;
      const pieces = drawn.whiteSpace === 'nowrap' ? [label] : label.split(' ');
      const widest = Math.max(...pieces.map((piece) => pen.measureText(piece).width));
      if (widest > Number.parseFloat(drawn.width) + slack) faults.add(`a label sticks out: ${label}`);
    }
    if (!element.matches('a[href], button, input:not([type=hidden]), select, textarea, summary')) continue;
    const { width, height } = (element.closest('label') ?? element).getBoundingClientRect();
    const isInWords = style.display === 'inline' && isPartOfWords(element);
    if (!isInWords && Math.min(width, height) < leastTarget - 0.1)
      faults.add(`too small to press (${Math.round(width)} × ${Math.round(height)}): ${nameOf(element)}`);
  }

  /** A link in the middle of a sentence is as tall as its line. */
  function isPartOfWords(element: Element): boolean {
    const around = element.parentElement;
    if (!around) return false;
    return (around.textContent ?? '').trim().length > (element.textContent ?? '').trim().length;
  }

  const flat = words.flatMap(({ node, parent, boxes }) => boxes.map((box) => ({ node, parent, box })));
  flat.sort((one, other) => one.box.top - other.box.top);
  for (const [index, one] of flat.entries()) {
    for (let next = index + 1; next < flat.length; next += 1) {
      const other = flat[next];
      if (!other || other.box.top >= one.box.bottom) break;
      if (other.node === one.node || isStuck(one.parent) !== isStuck(other.parent)) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
      // Lines stand close: the boxes of their fonts may touch, not their letters.
      const least = Math.min(one.box.bottom - one.box.top, other.box.bottom - other.box.top) * 0.3;
      if (across > slack && down > least)
        faults.add(`over each other: ${nameOf(one.parent)} / ${nameOf(other.parent)}`);
    }
  }

  /** What stays in its place while the page is scrolled lies over the rest on purpose. */
  function isStuck(element: Element): boolean {
    return element.closest('.bar-top, .rooms') !== null;
  }
  return [...faults];
}

/** What the function above uses of a browser, whose own types are not those of Node. */
interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}
interface Node {
  nodeType: number;
  textContent: string | null;
  parentElement: Element | null;
}
interface Element extends Node {
  tagName: string;
  scrollWidth: number;
  clientWidth: number;
  childNodes: Iterable<Node>;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): Box & { width: number; height: number };
  checkVisibility(options: object): boolean;
  closest(selector: string): Element | null;
  matches(selector: string): boolean;
  querySelectorAll(selector: string): Iterable<Element>;
}
interface Field {
  placeholder: string;
  selectedOptions?: { textContent: string | null }[];
}
interface Pen {
  font: string;
  measureText(text: string): { width: number };
}
interface Style {
  display: string;
  overflowX: string;
  textOverflow: string;
  font: string;
  paddingLeft: string;
  paddingRight: string;
  whiteSpace: string;
  width: string;
  content: string;
}
interface BrowserWindow {
  getComputedStyle(element: Element, pseudo?: string): Style;
  document: {
    documentElement: Element;
    body: Element;
    querySelector(selector: string): Element | null;
    createTreeWalker(root: Element, what: number): { nextNode(): Node | null };
    createRange(): {
      selectNodeContents(node: Node): void;
      getClientRects(): Iterable<Box & { width: number; height: number }>;
    };
    createElement(name: 'canvas'): { getContext(kind: '2d'): Pen };
  };
}
