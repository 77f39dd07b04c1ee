/**
 * The colours of charts. The library paints with stand-ins, of which the SVG's cleaning makes the stylesheet's colours: so a
 * chart follows light and dark without being drawn anew. The texture tells the parts apart without any colour.
 */
export const inks = {
  qualified: { standIn: '#010101', colour: 'var(--chart-5)', texture: 'plain' },
  contact: { standIn: '#010102', colour: 'var(--chart-2)', texture: 'stripes' },
  'no-contact': { standIn: '#010103', colour: 'var(--chart-8)', texture: 'plain' },
  open: { standIn: '#010104', colour: 'var(--chart-3)', texture: 'dots' },
  before: { standIn: '#010105', colour: 'var(--ink)', texture: 'plain' },
  text: { standIn: '#010106', colour: 'var(--chart-text)', texture: 'plain' },
  grid: { standIn: '#010107', colour: 'var(--chart-grid)', texture: 'plain' },
  gap: { standIn: '#010108', colour: 'var(--surface)', texture: 'plain' },
} as const satisfies Record<string, InkSettings>;
export type Ink = keyof typeof inks;

interface InkSettings {
  standIn: string;
  colour: string;
  texture: 'plain' | 'stripes' | 'dots';
}

/** What a shape of this ink is filled with, in a picture that has `textures(id)` in it. */
export function fillOf(ink: Ink, id: string): string {
  return inks[ink].texture === 'plain' ? inks[ink].colour : `url(#${id}-${ink})`;
}

/** The patterns of the inks that have one. */
export function textures(id: string, used: readonly Ink[]): string {
  const patterns = used.flatMap((ink) => {
    const { colour, texture } = inks[ink];
    const marks = textureMarks[texture];
    if (!marks) return [];
    const ground = `<rect width="6" height="6" fill="${colour}"/>`;
    return `<pattern id="${id}-${ink}" width="6" height="6" patternUnits="userSpaceOnUse">${ground}${marks}</pattern>`;
  });
  return patterns.length > 0 ? `<defs>${patterns.join('')}</defs>` : '';
}

const mark = 'stroke="var(--surface)" stroke-opacity="0.45"';
const textureMarks: Readonly<Record<InkSettings['texture'], string>> = {
  plain: '',
  stripes: `<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" ${mark} stroke-width="1.4"/>`,
  dots: '<circle cx="3" cy="3" r="1.3" fill="var(--surface)" fill-opacity="0.65"/>',
};
