import { ConnectorError } from '../../../../src/domain/errors.ts';
import { type IvrScript, readScript } from '../script-model.ts';
import { readXml } from '../xml.ts';

/**
 * Reads an exported script from the bytes of its file, in the encoding that it declares.
 *
 * @throws ConnectorError `bad_request` when it is no script, and why
 */
export function readExport(bytes: Uint8Array): IvrScript {
  const root = readXml(decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)), limits);
  if (root.name !== 'ivrScript') {
    throw refuse(`its outermost element is ${root.name.slice(0, 60)}, that of a script is ivrScript`);
  }
  const script = readScript(root);
  if (script.modules.length + script.onHangup.length > maxModules)
    throw refuse(`it has more than ${maxModules} modules`);
  return script;
}

/** Real scripts have some hundred modules at most, and 200 KB: judging what is far beyond would only take time. */
const limits = { bytes: 10_000_000, nodes: 150_000, depth: 200 };
const maxModules = 1500;

function decode(bytes: Buffer): string {
  if (bytes.length > limits.bytes) throw refuse(`it is larger than ${limits.bytes / 1_000_000} MB`);
  const kind = kindOf(bytes);
  if (kind) throw refuse(`it is ${kind}, not XML`);
  const name = bomOf(bytes) ?? declaredIn(bytes) ?? 'utf-8';
  try {
    return new TextDecoder(name, { fatal: true }).decode(bytes);
  } catch (error) {
    const why = error instanceof RangeError ? 'this encoding is not known here' : 'its bytes are no such text';
    throw refuse(`it says that it is written in ${name}, and ${why}`);
  }
}

function kindOf(bytes: Buffer): string | null {
  if (bytes.length === 0) return 'empty';
  if (bytes.subarray(0, 2).equals(Buffer.from('PK'))) return 'a zip archive (unpack it, and hand over what is inside)';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'a gzip file (unpack it, and hand over what is inside)';
  const start = bytes
    .subarray(0, 200)
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/^[\xef\xbb\xbf\xfe\xff]+/, '');
  return start.trimStart().startsWith('<') ? null : 'something else';
}

function bomOf(bytes: Buffer): string | null {
  const [first = 0, second = 0] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Without a mark, the first letter of XML still shows it.
  if (first === 0x3c && second === 0) return 'utf-16le';
  if (first === 0 && second === 0x3c) return 'utf-16be';
  return bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 'utf-8' : null;
}

function declaredIn(bytes: Buffer): string | null {
  const start = bytes.subarray(0, 200).toString('latin1');
  return /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z][\w.-]{0,40})["']/.exec(start)?.[1]?.toLowerCase() ?? null;
}

function refuse(why: string): ConnectorError {
  return new ConnectorError('bad_request', `the IVR script can not be read: ${why}`, {
    hint: 'Export the script anew from the Five9 administrator, and hand over that file unchanged.',
  });
}
