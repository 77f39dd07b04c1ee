import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Pixels, palettePng } from '../../demo/palette-png.ts';

type Colour = readonly [red: number, green: number, blue: number];

const white: Colour = [255, 255, 255];
const black: Colour = [0, 0, 0];
const teal: Colour = [0, 130, 130];

describe('a picture of a page', () => {
  it('keeps its size, and each of its colours as far as eyes can tell', () => {
    const colours = [white, black, teal, teal, black, white];

    const { width, height, colourAt } = read(palettePng(picture(3, colours)));

    expect([width, height]).toEqual([3, 2]);
    for (const [index, colour] of colours.entries()) expect(distance(colourAt(index), colour)).toBeLessThan(4);
  });

  it('draws what is rarest in the nearest of the 256 commonest colours', () => {
    // 300 shades of grey and blue: more than a palette holds, each twice but the last.
    const shades = Array.from(
      { length: 300 },
      (_, index): Colour => [(index % 60) * 4, 40, Math.floor(index / 60) * 40],
    );
    const rare: Colour = [4, 44, 0];

    const { palette, colourAt } = read(palettePng(picture(601, [...shades, ...shades, rare])));

    expect(palette).toHaveLength(256);
    expect(distance(colourAt(600), rare)).toBeLessThan(60);
  });

  it('is the same file for the same pixels, and a small one', () => {
    const page = Array.from({ length: 200 * 100 }, (_, index) => (index % 17 === 0 ? black : white));

    const first = palettePng(picture(200, page));

    expect(palettePng(picture(200, page)).equals(first)).toBe(true);
    expect(first.length).toBeLessThan(2000);
  });
});

function picture(width: number, colours: readonly Colour[]): Pixels {
  const rgba = Uint8Array.from(colours.flatMap((colour) => [...colour, 255]));
  return { width, height: colours.length / width, rgba };
}

/** A PNG with a palette and without filters, read back. */
function read(png: Buffer) {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const [head, plte, idat] = ['IHDR', 'PLTE', 'IDAT'].map((name) => chunks.get(name) ?? Buffer.alloc(8));
  const [width, height] = [head?.readUInt32BE(0) ?? 0, head?.readUInt32BE(4) ?? 0];
  const palette = Array.from({ length: (plte?.length ?? 0) / 3 }, (_, index) => [
    ...(plte?.subarray(index * 3, index * 3 + 3) ?? []),
  ]);
  const rows = inflateSync(idat ?? Buffer.alloc(0));
  const colourAt = (index: number): number[] => {
    const place = Math.floor(index / width) * (width + 1) + 1 + (index % width);
    return palette[rows[place] ?? -1] ?? [];
  };
  return { width, height, palette, colourAt };
}

function distance(one: readonly number[], other: Colour): number {
  return Math.max(...other.map((part, index) => Math.abs(part - (one[index] ?? -999))));
}
