import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readToolCall } from '../../../connectors/sigmamind/tool-call.ts';
import { toolDefinitions, toolsCommand } from '../../../connectors/sigmamind/tools.ts';
import { createOpenApi } from '../../../src/http/openapi.ts';

const publicUrl = 'https://patchbay.example.com';
const tools = toolDefinitions('sigmamind', publicUrl);
const readme = readFileSync(new URL('../../../connectors/sigmamind/README.md', import.meta.url), 'utf8');

async function run(words: string[], isJson: boolean) {
  const lines: string[] = [];
  const output = { write: (line: string) => void lines.push(line), isTerminal: false, isJson };
  const code = await toolsCommand('sigmamind', publicUrl).run(words, {}, output);
  return { code, lines };
}

describe.each(tools)('the tool $name', ({ name, description, url, bodyParams }) => {
  it('keeps to the limits of the platform', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(description.length).toBeLessThanOrEqual(1024);
    expect(url.length).toBeLessThanOrEqual(1024);
  });

  it('calls an endpoint that there is, with keys that it knows', () => {
    const { paths = {} } = createOpenApi({ publicUrl, version: '0.0.0' });
    const path = url.replace(`${publicUrl}/v1/platforms/sigmamind/`, '/v1/platforms/{platform}/');

    const body = paths[path]?.post?.requestBody as { content: Record<string, { schema: { $ref?: string } }> };
    const text = JSON.stringify(body);
    for (const key of Object.keys(bodyParams)) {
      const isName = ['caller_code', 'call_id', 'lead_id', 'correlation_id'].includes(key);
      if (!isName) expect(text).toContain(`"${key}"`);
    }
    expect(body).toBeDefined();
  });

  it('says nothing with what the conversation has no value for', () => {
    const read = readToolCall(bodyParams);

    expect(read).toEqual({
      correlationId: '',
      variables: {},
      outcome: '',
      summary: '',
      callbackAt: '',
      to: '',
      fields: {},
    });
  });

  it('is in the README with all its keys', () => {
    expect(readme).toContain(`\`${name}\``);
    for (const key of Object.keys(bodyParams)) expect(readme).toContain(key);
  });
});

describe('patchbay sigmamind tools', () => {
  it('prints what to enter, and the bodies for the API', async () => {
    const people = await run([], false);
    const machines = await run([], true);
    const one = await run(['find_lead'], true);

    expect(people.lines.join('\n')).toContain(`POST ${publicUrl}/v1/platforms/sigmamind/tools/schedule-callback`);
    expect(machines.lines.map((line) => JSON.parse(line))).toEqual(tools);
    expect(one.lines.map((line) => JSON.parse(line).name)).toEqual(['find_lead']);
    expect([people.code, machines.code, one.code, (await run(['sing'], false)).code]).toEqual([0, 0, 0, 1]);
  });
});
