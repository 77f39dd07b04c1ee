import { crc32, deflateSync } from 'node:zlib';

/** Pixels as red, green, blue and alpha, row by row from the top. */
export interface Pixels {
  width: number;
  height: number;
  rgba: Uint8Array;
}

const mostColours = 256;
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A PNG of at most 256 colours: for pages, which have few, it is a fraction of the size, and looks the same. */
export function palettePng({ width, height, rgba }: Pixels): Buffer {
  const { palette, indexOf } = choosePalette(rgba);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    // The first byte of a row is its filter: none, which packs best where there is a palette.
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = indexOf(shadeAt(rgba, (y * width + x) * 4));
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits for each pixel, which name a colour of the palette.
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

type Colour = readonly [red: number, green: number, blue: number];

/** The colours that occur most; each other one is drawn as the nearest of them. */
function choosePalette(rgba: Uint8Array): { palette: Colour[]; indexOf(shade: number): number } {
  const counts = new Map<number, number>();
  for (let at = 0; at < rgba.length; at += 4) {
    const shade = shadeAt(rgba, at);
    counts.set(shade, (counts.get(shade) ?? 0) + 1);
  }
  const commonest = [...counts].sort(([, one], [, other]) => other - one).slice(0, mostColours);
  const palette = commonest.map(([shade]) => colourOf(shade));
  const indexes = new Map(commonest.map(([shade], index) => [shade, index]));
  return {
    palette,
    indexOf(shade) {
      let index = indexes.get(shade);
      if (index === undefined) {
        index = nearest(palette, colourOf(shade));
        indexes.set(shade, index);
      }
      return index;
    },
  };
}

/** A colour with six bits for each of its parts: eyes see no difference, and half-tones of letters fall together. */
function shadeAt(rgba: Uint8Array, at: number): number {
  const part = (offset: number) => (rgba[at + offset] ?? 0) >> 2;
  return (part(0) << 12) | (part(1) << 6) | part(2);
}

function colourOf(shade: number): Colour {
  const part = (shift: number) => {
    const six = (shade >> shift) & 0x3f;
    return (six << 2) | (six >> 4);
  };
  return [part(12), part(6), part(0)];
}

function nearest(palette: readonly Colour[], [red, green, blue]: Colour): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, [r, g, b]] of palette.entries()) {
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (distance >= least) continue;
    best = index;
    least = distance;
  }
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
