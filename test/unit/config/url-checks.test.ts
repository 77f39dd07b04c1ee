import { expect, it } from 'vitest';
import { checkUrls } from '../../../config/url-checks.ts';

function faultsOf(config: unknown): string[] {
  const faults: string[] = [];
  checkUrls(config, (path) => faults.push(path.join('.')));
  return faults;
}

it.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://0251.0376.0251.0376/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'https://metadata.google.internal/',
  'https://METADATA.google.internal./',
  'http://100.100.100.200/',
])('%s may stand nowhere in a configuration', (url) => {
  expect(faultsOf({ dialers: { acme: { api: { url } } }, list: ['x', url] })).toEqual([
    'dialers.acme.api.url',
    'list.1',
  ]);
});

it.each([
  'http://10.1.2.3/vicidial',
  'http://localhost:8080',
  'https://dialer.example.com',
  'http://[fd12::1]/',
  'text',
])('%s may', (url) => {
  expect(faultsOf({ url })).toEqual([]);
});
