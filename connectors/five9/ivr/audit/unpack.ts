import { gunzipSync } from 'node:zlib';

/** Unpacks the large texts of one script: base64 of a gzip of UTF-8. Null: it is no such text, or too large. */
export type Unpack = (text: string) => string | null;

/** A request's body or a prompt; a packed text that is far beyond was made to do harm. */
const maxEach = 1_000_000;
const maxAll = 20_000_000;

export function createUnpack(): Unpack {
  let left = maxAll;
  return (text) => {
    const packed = Buffer.from(text, 'base64');
    if (packed.length === 0) return '';
    if (left <= 0) return null;
    try {
      const unpacked = gunzipSync(packed, { maxOutputLength: Math.min(maxEach, left) });
      left -= unpacked.length;
      return unpacked.toString('utf8');
    } catch {
      left -= 1000;
      return null;
    }
  };
}
