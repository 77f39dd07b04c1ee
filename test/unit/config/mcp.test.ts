import { expect, it } from 'vitest';
import { checkConfig } from '../../../config/load.ts';
import { mcpWrites } from '../../../config/mcp.ts';
import { madeUpConnectors } from './made-up-connectors.ts';

async function check(section: string) {
  const text = `secret: ${'k'.repeat(20)}\nmcp: { ${section} }\n`;
  return checkConfig({ file: 'patchbay.yaml', text, env: {}, registry: madeUpConnectors });
}

it('lets an assistant know nobody and do nothing, unless it says otherwise', async () => {
  const loaded = await check('');

  expect(loaded).toMatchObject({ kind: 'ok', config: { mcp: { personalData: false, writes: [] } }, warnings: [] });
});

it('knows the tools that write, and no other', async () => {
  const all = await check(`writes: [${mcpWrites.join(', ')}]`);
  const other = await check('writes: [erase_person]');

  expect(all.kind).toBe('ok');
  expect(other).toMatchObject({ kind: 'faults', faults: [{ path: 'mcp.writes[0]' }] });
});

it('warns of an assistant that hears customers and can act', async () => {
  const both = await check('personalData: true, writes: [pause]');
  const one = await check('personalData: true');

  expect(both.kind === 'ok' && both.warnings).toEqual([expect.stringContaining('talk it into something')]);
  expect(one).toMatchObject({ kind: 'ok', warnings: [] });
});
