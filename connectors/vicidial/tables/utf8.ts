const strict = new TextDecoder('utf-8', { fatal: true });
// biome-ignore lint/suspicious/noControlCharactersInRegex: it names exactly the letters that are one plain byte
const plain = /^[\x00-\x7f]*$/;

/**
 * Bytes as text when they are UTF-8, else null. A column of VICIdial cuts what is too long after so many bytes, in the
 * middle of a letter maybe: that letter is left out, where the text before it has others that only UTF-8 writes so.
 */
export function readUtf8(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return readCutUtf8(bytes);
  }
}

function readCutUtf8(bytes: Uint8Array): string | null {
  try {
    // As a part of a stream it may end anywhere.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return plain.test(text) ? null : text;
  } catch {
    return null;
  }
}
