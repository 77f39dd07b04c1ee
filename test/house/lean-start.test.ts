import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { servingConnectors } from '../../connectors/serving.ts';
import { importedAtOnce } from './import-rules.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Each is loaded by the first request, number or page that needs it; a service that starts does not wait for it. */
const heavy = [
  '@inquirer/prompts',
  'axios',
  'cli-table3',
  'echarts',
  'libphonenumber-js/max',
  'mysql2',
  'mysql2/promise',
];
heavy.push(
  '@modelcontextprotocol/server',
  '@modelcontextprotocol/server/stdio',
  'markdown-it',
  'nodemailer',
  'openid-client',
  'pino-pretty',
  'soap',
);
/** What only an operator asks for. */
const forOperators =
  /^src\/(console\/(create|open|rooms|pages)|flows\/(call-test|support-bundle)\/)|^connectors\/\w+\/(guide|setup\/(checks|steps|wizard)|test-calls)\//;

/** What a file loads before its first line runs, with all that this loads in turn. */
function loadedBy(...entries: string[]): { files: string[]; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const from of importedAtOnce(readFileSync(join(root, file), 'utf8'))) {
      if (from.startsWith('.')) waiting.push(normalize(join(dirname(file), from)));
      else if (!from.startsWith('node:')) packages.add(from);
    }
  }
  return { files: [...files], packages };
}

describe('`patchbay serve`', () => {
  const service = loadedBy('src/cli/main.ts', 'src/cli/serve.ts', 'connectors/serving.ts');

  it('loads no library before something needs it', () => {
    expect(heavy.filter((name) => service.packages.has(name))).toEqual([]);
    expect(service.packages.size).toBeGreaterThan(5);
  });

  it('loads nothing that only an operator asks for', () => {
    expect(service.files.filter((file) => forOperators.test(file))).toEqual([]);
    expect(service.files.length).toBeGreaterThan(300);
  });

  it('serves every dialer and platform that there is', () => {
    const typesOf = (list: readonly { type: string }[]) => list.map(({ type }) => type);

    expect(typesOf(servingConnectors.dialers)).toEqual(typesOf(connectors.dialers));
    expect(typesOf(servingConnectors.platforms)).toEqual(typesOf(connectors.platforms));
  });
});

describe('a command', () => {
  it('loads nothing of the others', () => {
    const { files } = loadedBy('src/cli/main.ts');

    expect(files.filter((file) => file.startsWith('src/cli/')).sort()).toEqual([
      'src/cli/commands.ts',
      'src/cli/main.ts',
    ]);
  });
});
