import { type Html, trusted } from './html.ts';

/** A patchbay: two rows of jacks, and a cord from one to another. */
export function logo(): Html {
  return trusted(`<svg viewBox="0 0 32 32" aria-hidden="true">${drawing}</svg>`);
}

/** The same, to stand alone: for the browser's tab. */
export function favicon(): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${drawing}</svg>`;
}

const drawing = [
  '<rect x="1" y="1" width="30" height="30" rx="7" fill="#0f3b3f"/>',
  ...[8, 16, 24].flatMap((x) =>
    [9, 23].map((y) => `<circle cx="${x}" cy="${y}" r="2.6" fill="#0a2527" stroke="#7fb5b1" stroke-width="1.4"/>`),
  ),
  '<path d="M8 9c0 9 16 4 16 14" fill="none" stroke="#e5a63f" stroke-width="2.6" stroke-linecap="round"/>',
  '<circle cx="8" cy="9" r="2.7" fill="#e5a63f"/><circle cx="24" cy="23" r="2.7" fill="#e5a63f"/>',
].join('');
