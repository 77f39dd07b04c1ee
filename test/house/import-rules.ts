import { dirname, join, normalize } from 'node:path/posix';

/** One import of a file: what it names, and whether only types come in. */
export interface Import {
  from: string;
  isTypeOnly: boolean;
}

/** Which rooms of src each room may look into, besides itself. Imports point one way. */
const rooms: Record<string, readonly string[]> = {
  domain: [],
  store: ['domain'],
  flows: ['domain', 'store'],
  workers: ['domain', 'store', 'flows'],
  http: ['domain', 'store', 'flows'],
  console: ['domain', 'store', 'flows', 'http'],
  tracing: ['domain', 'store'],
  cli: ['domain', 'store', 'flows', 'http', 'workers', 'console', ''],
  '': ['domain', 'store', 'flows', 'http', 'workers', 'console', 'cli', 'tracing'],
};
/** Everything is put together here, so these see the configuration and the connectors. */
const assembly = /^src\/(app|connector-deps|flow-settings|generations?|process-parts|reloading|watch)\.ts$|^src\/cli\//;
const environmentIsReadIn = 'config/load.ts';
const mostLines = 300;

/** What a file does that the house does not allow. `file` is relative to the root, with forward slashes. */
export function houseFaults(file: string, source: string): string[] {
  if (file.startsWith('test/')) return [];
  const faults = importsOf(source).flatMap((found) => {
    const why = whyForbidden(file, found);
    return why ? [`${file} imports ${found.from}: ${why}`] : [];
  });
  const code = withoutComments(source);
  if (/\bprocess\.env\b(?!\.NODE_COMPILE_CACHE\b)/.test(code) && file !== environmentIsReadIn) {
    faults.push(`${file} reads process.env: only ${environmentIsReadIn} does`);
  }
  if (/\bconsole\.(log|info|debug|warn|error)\(/.test(code) && !file.startsWith('src/cli/') && !isScript(file)) {
    faults.push(`${file} writes to the console: use deps.log`);
  }
  const dialer = /^src\//.test(file) && /vicidial|five9|sigmamind/.exec(code);
  if (dialer) faults.push(`${file} knows ${dialer[0]} by name: only connectors/ may`);
  const lines = source.split('\n').length - 1;
  if (lines > mostLines) faults.push(`${file} has ${lines} lines: it is two things; at most ${mostLines}`);
  return faults;
}

export function importsOf(source: string): Import[] {
  const found: Import[] = [];
  const code = withoutComments(source);
  const statement = /^\s*(?:import|export)\s+(type\s+)?[^;'"`]*?\bfrom\s+['"]([^'"]+)['"]/gm;
  for (const [, type, from = ''] of code.matchAll(statement)) found.push({ from, isTypeOnly: type !== undefined });
  for (const [, from = ''] of code.matchAll(/^\s*import\s+['"]([^'"]+)['"]/gm)) found.push({ from, isTypeOnly: false });
  for (const [, from = ''] of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) found.push({ from, isTypeOnly: false });
  for (const [, from = ''] of code.matchAll(/\brequire\(\s*['"]([^'"]+)['"]/g)) found.push({ from, isTypeOnly: false });
  for (const [, from = ''] of code.matchAll(/\bnew URL\(\s*['"](\.[^'"]+\.[jt]s)['"]/g)) {
    found.push({ from, isTypeOnly: false });
  }
  return found;
}

/** What a file loads before it runs: static imports that are more than types. */
export function importedAtOnce(source: string): string[] {
  const code = withoutComments(source);
  const statement = /^(?:import|export)\s+(type\s+)?[^;'"`]*?\bfrom\s+['"]([^'"]+)['"]/gm;
  const named = [...code.matchAll(statement)].flatMap(([, type, from = '']) => (type ? [] : [from]));
  return [...named, ...[...code.matchAll(/^import\s+['"]([^'"]+)['"]/gm)].map(([, from = '']) => from)];
}

function whyForbidden(file: string, { from, isTypeOnly }: Import): string | undefined {
  const isOwn = from.startsWith('.');
  const target = isOwn ? normalize(join(dirname(file), from)) : from;
  if (target.startsWith('test/')) return 'nothing outside test/ looks into it';

  const [top = '', second = ''] = file.split('/');
  if (top === 'src') return whyForbiddenInSrc(file, roomOf(file), target, isOwn, isTypeOnly);
  if (top === 'connectors') return whyForbiddenInConnectors(file, second, target, isOwn, isTypeOnly);
  if (top === 'config' && isOwn) {
    if (/^(config|src\/domain)\//.test(target)) return undefined;
    if (target.startsWith('connectors/') && (isTypeOnly || isScript(file))) return undefined;
    if (target.startsWith('src/') && isScript(file)) return undefined;
    return 'the configuration sees src/domain, and connectors as types';
  }
  return undefined;
}

function whyForbiddenInSrc(
  file: string,
  room: string,
  target: string,
  isOwn: boolean,
  isTypeOnly: boolean,
): string | undefined {
  if (!isOwn) {
    if (room === 'domain' && !(['zod', 'node:net'].includes(target) && isTypeOnly))
      return 'the domain imports nothing, but the types of a zod schema and of a socket';
    if (target === 'express' && !['http', 'console'].includes(room)) return 'only http and console speak express';
    if (/^(kysely|mysql2|node:sqlite)/.test(target) && room !== 'store') return 'only the store speaks SQL';
    return undefined;
  }
  if (/^(connectors|config)\//.test(target)) return assembly.test(file) ? undefined : 'only app.ts and the cli see it';
  if (!target.startsWith('src/')) return undefined;
  const other = roomOf(target);
  if (other === room || rooms[room]?.includes(other)) return undefined;
  return rooms[room]
    ? `${room || 'the top of src'} may not look into ${other || 'the top of src'}`
    : `src/${room} is a room without a rule`;
}

function whyForbiddenInConnectors(
  file: string,
  folder: string,
  target: string,
  isOwn: boolean,
  isTypeOnly: boolean,
): string | undefined {
  if (!isOwn) return /^(express|kysely)/.test(target) ? 'a connector knows no express and not our store' : undefined;
  if (file === 'connectors/index.ts' || file === 'connectors/serving.ts') {
    if (target.startsWith('connectors/') || (target.startsWith('config/') && isTypeOnly)) return undefined;
    return 'the list of connectors sees connectors only';
  }
  if (/^(src\/domain|connectors\/shared)\//.test(target) || target.startsWith(`connectors/${folder}/`))
    return undefined;
  return 'a connector sees src/domain, connectors/shared and its own files';
}

/** The folder under src; empty for a file that lies there itself. */
function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? (parts[1] ?? '') : '';
}

/** What makes the generated files may put everything together, as the command line does. */
function isScript(file: string): boolean {
  return file === 'config/generate.ts' || file === 'config/example-site.ts';
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
