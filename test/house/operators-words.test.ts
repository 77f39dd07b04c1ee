import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const pages = [
  ...['README.md', 'monitoring/README.md', 'deploy/README.md', 'test/README.md'],
  ...namesIn('docs').map((name) => `docs/${name}`),
  ...namesIn('connectors').map((name) => `connectors/${name}/README.md`),
].filter((path) => path.endsWith('.md') && existsSync(`${root}${path}`));

const ours = sourceFiles().filter(({ path }) => path.startsWith('src/cli/'));
const connectors = sourceFiles().filter(({ path }) => path.startsWith('connectors/'));
const commands = textsIn(ours, /\.command\(\s*'([a-z-]+)/g);
const connectorCommands = new Set([...textsIn(connectors, /\bname: '([a-z-]+)'/g), 'check']);
const options = new Set([
  ...textsIn([...ours, ...connectors], /--([a-z-]+)[^']*'/g),
  ...['help', 'version', 'config', 'json'],
]);
const messages = textsIn([{ source: read('docs/logs.md') }], /^\| (?:fatal|error|warn|info|debug) \| (.+?) \|/gm);
const metrics = textsIn([{ source: read('docs/metrics.md') }], /^\| `(\w+)` \|/gm);

function namesIn(folder: string): string[] {
  return readdirSync(`${root}${folder}`);
}

function textsIn(sources: readonly { source: string }[], pattern: RegExp): Set<string> {
  return new Set(sources.flatMap(({ source }) => [...source.matchAll(pattern)].map(([, text = '']) => text)));
}

/** What a page tells an operator to type, as it would be typed: `patchbay store check FILE`. */
function typedIn(text: string): string[] {
  const code = [...text.matchAll(/```\w*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(([, block, span]) => block ?? span ?? '');
  return code
    .filter((each) => !messages.has(each))
    .flatMap((each) =>
      [...each.matchAll(/(?:^|npx |sudo |exec patchbay-1 |bin\/)patchbay ((?:-c|--config) \S+ )?([a-z].*)$/gm)].map(
        ([, , rest = '']) => rest.replace(/ #.*$/, ''),
      ),
    );
}

/** What is not there of a command. */
function unknownIn(typed: string): string[] {
  const [first = '', second = ''] = typed.match(/[^\s`"]+/g) ?? [];
  const isConnector = /^(vicidial|five9|sigmamind)$/.test(first);
  const flags = [...typed.matchAll(/ --([a-z-]+)/g)].map(([, flag = '']) => flag);
  return [
    ...(isConnector || commands.has(first) ? [] : [first]),
    ...(isConnector && /^[a-z-]+$/.test(second) && !connectorCommands.has(second) ? [`${first} ${second}`] : []),
    ...flags.filter((flag) => !options.has(flag)).map((flag) => `--${flag}`),
  ];
}

describe('the pages for operators', () => {
  it.each(pages)('%s names commands and options that exist', (path) => {
    expect(typedIn(read(path)).flatMap(unknownIn)).toEqual([]);
  });

  it.each(['docs/operations.md', 'docs/alerts.md', 'docs/backup.md', 'docs/chaos.md'])(
    '%s tells lines of the log and metrics as they are',
    (path) => {
      const text = read(path);
      const lines = [...text.matchAll(/\blog(?: line)?s?: `([^`]+)`(?:, `([^`]+)`)*/gi)].flatMap(([whole]) =>
        [...whole.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line),
      );
      const named = [...text.matchAll(/`((?:patchbay|nodejs|process)_\w+)`/g)].map(([, name = '']) => name);

      expect(lines.filter((line) => !messages.has(line))).toEqual([]);
      expect(named.filter((name) => !metrics.has(name))).toEqual([]);
    },
  );

  it('are read: what is no command, no option and no line is seen', () => {
    expect(unknownIn('call-test')).toEqual(['call-test']);
    expect(unknownIn('five9 nothing')).toEqual(['five9 nothing']);
    expect(unknownIn('store backup --into FILE')).toEqual(['--into']);
    expect(typedIn('see `sudo patchbay store check FILE`').flatMap(unknownIn)).toEqual([]);
    expect(pages.flatMap((path) => typedIn(read(path))).length).toBeGreaterThan(100);
    expect(messages.size).toBeGreaterThan(100);
  });
});
