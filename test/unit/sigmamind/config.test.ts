import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';

it('accepts the example of the README', () => {
  const readme = readFileSync(new URL('../../../connectors/sigmamind/README.md', import.meta.url), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const filled = example.replaceAll(/\$\{(\w+)\}/g, '$1-0123456789abcdef');

  expect(SigmamindConfig.safeParse(parse(filled).platforms.sigmamind).error).toBeUndefined();
});

it.each([
  ['a short token', { webhook: { tokens: ['short'] } }, 'webhook.tokens.0'],
  ['an unsigned webhook without a word', { webhook: { signature: { preset: 'none' } } }, 'webhook.signature.insecure'],
  [
    'a signed time without its header',
    { webhook: { signature: { signed: 'timestamp.body' } } },
    'webhook.signature.timestampHeader',
  ],
  ['an unknown key', { webhooks: {} }, ''],
])('refuses %s', (_name, wrong, path) => {
  const { error } = SigmamindConfig.safeParse({ type: 'sigmamind', apiKey: 'k', ...wrong });

  expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});
