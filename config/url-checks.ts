import { BlockList, isIP } from 'node:net';
import { neverReached } from '../src/domain/out-of-bounds.ts';
import type { Path, Report } from './cross-checks.ts';

/** Names under which clouds hand out the machine's own credentials. What else leads there is caught at connect time. */
const metadataNames = ['metadata.google.internal', 'metadata.goog', 'metadata', 'instance-data'];

/** Reports every URL that leads where nothing of ours may connect to, in any spelling of the address. */
export function checkUrls(config: unknown, report: Report): void {
  const list = new BlockList();
  for (const network of neverReached) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  walk(config, [], (text, path) => {
    if (!isOutOfBounds(list, text)) return;
    const fix = 'Name the system itself: what lives at such addresses is the machine’s own, and is never asked.';
    report(path, 'leads to a link-local address or the metadata of a cloud', fix);
  });
}

function walk(value: unknown, path: Path, see: (text: string, path: Path) => void): void {
  if (typeof value === 'string') see(value, path);
  else if (Array.isArray(value)) for (const [index, entry] of value.entries()) walk(entry, [...path, index], see);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) walk(entry, [...path, key], see);
  }
}

/** A URL writes a host of digits in one way, whether it came as decimal, octal or hexadecimal ones. */
function isOutOfBounds(list: BlockList, text: string): boolean {
  if (!/^https?:/i.test(text)) return false;
  const hostname = URL.parse(text)?.hostname.replace(/\.$/, '') ?? '';
  if (metadataNames.includes(hostname)) return true;
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
