import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readingTools, writingTools } from '../../src/cli/mcp/tools.ts';
import { openTestStore } from '../contract/store/store-cast.ts';
import { madeUpProgram, realProgram, startAssistant, startMadeUpAssistant } from '../support/assistant.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const docs = readFileSync(`${root}/docs/mcp.md`, 'utf8');
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'by-hand', version: '1' } },
};

let folder: string;
let configFile: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-mcp-'));
  configFile = configure({ kind: 'sqlite', file: join(folder, 'store.sqlite') });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Server = ChildProcessByStdio<Writable, Readable, Readable>;

describe('the server in a pipe', () => {
  let server: Server;
  let out: string;
  let err: string;
  const lines = () => out.split('\n').filter(Boolean);
  const say = (message: object | string) =>
    server.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);

  beforeEach(() => {
    [out, err] = ['', ''];
  });

  function start(file: string): void {
    server = spawn(process.execPath, [madeUpProgram, '-c', file, 'mcp'], { stdio: ['pipe', 'pipe', 'pipe'] });
    server.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    server.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
  }

  it('writes nothing to standard output but the protocol, whatever is said and however much is logged', async () => {
    start(configFile);

    say(initialize);
    say({ jsonrpc: '2.0', method: 'notifications/initialized' });
    say('this is no message');
    say({ jsonrpc: '2.0', odd: true });
    say({ jsonrpc: '2.0', id: 2, method: 'no/such/method' });
    say({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'status', arguments: {} } });
    say({ jsonrpc: '2.0', id: 4, method: 'tools/call', params: { name: 'doctor', arguments: { only: ['carousel'] } } });
    say({ jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'backlog' } });
    await eventually(() => expect(lines().length).toBeGreaterThanOrEqual(5), 60_000);
    server.stdin.end();
    const [code] = (await once(server, 'close')) as [number];

    const messages = lines().map((line) => JSON.parse(line) as { jsonrpc: string; id?: number | null });
    expect(messages.filter(({ jsonrpc }) => jsonrpc !== '2.0')).toEqual([]);
    expect(err).toContain('a message of the assistant could not be used');
    expect(messages.map(({ id }) => id)).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]));
    expect(messages.find(({ id }) => id === 5)).toMatchObject({ result: { content: [{ text: expect.any(String) }] } });
    expect(code).toBe(0);
  }, 90_000);

  it('ends when it is told to', async () => {
    start(configFile);
    say(initialize);
    await eventually(() => expect(lines().length).toBe(1), 30_000);

    server.kill('SIGTERM');

    expect(await once(server, 'close')).toEqual([0, null]);
  }, 60_000);

  it('says on standard error what is wrong with the configuration, and ends', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{ "mcp": { "writes": ["erase"] } }', { mode: 0o600 });
    start(broken);
    server.stdin.end();

    expect(await once(server, 'close')).toEqual([1, null]);
    expect(out).toBe('');
    expect(err).toContain('mcp.writes[0]');
  }, 60_000);
});

describe('while the store is away', () => {
  it('says so and what to do, runs the doctor all the same, and goes on when the store is there', async () => {
    const file = join(folder, 'late.sqlite');
    const assistant = await startMadeUpAssistant(configure({ kind: 'sqlite', file }));
    try {
      const before = await assistant.ask('status');
      const doctor = await assistant.ask('doctor', { only: ['patchbay:store'] });
      await (await openTestStore({ kind: 'sqlite', file })).close();
      const after = await assistant.ask('status');

      expect([before.isError, doctor.isError, after.isError]).toEqual([true, false, false]);
      expect(before.said).toMatch(/serve/);
      expect(after.data).toMatchObject({ isStoreAway: false, isServing: false });
    } finally {
      await assistant.close();
    }
  }, 90_000);

  it('says so of a database that does not answer', async () => {
    const server = {
      host: '127.0.0.1',
      port: await freePort(),
      user: 'keeper',
      password: 'of-this-test',
      database: 'none',
    };
    const assistant = await startMadeUpAssistant(configure({ kind: 'mysql', ...server }));
    try {
      const { isError, said } = await assistant.ask('backlog');

      expect(isError).toBe(true);
      expect(said).toMatch(/store|database/i);
      expect(said).not.toContain('of-this-test');
    } finally {
      await assistant.close();
    }
  }, 90_000);
});

describe('the page', () => {
  const [local] = [...docs.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => block);

  it('shows how a host starts it, and that works', async () => {
    const { mcpServers } = JSON.parse(local ?? '') as { mcpServers: { patchbay: { command: string; args: string[] } } };
    const { command, args } = mcpServers.patchbay;
    const here = args.map((arg) =>
      arg
        .replaceAll('/opt/patchbay', root)
        .replaceAll('/etc/patchbay/patchbay.yaml', bareConfig())
        .replace('npx patchbay', `${process.execPath} ${realProgram}`),
    );

    const assistant = await startAssistant(command, here);
    const { tools } = await assistant.client.listTools();
    await assistant.close();

    expect(args.join(' ')).toContain('exec npx patchbay --config /etc/patchbay/patchbay.yaml mcp');
    expect(tools.length).toBe(readingTools.length);
  }, 60_000);

  it('names every tool, and none that is not there', () => {
    const named = [...docs.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

    expect(named).toEqual(expect.arrayContaining(readingTools.map(({ name }) => name)));
    expect(named).toEqual([...readingTools.map(({ name }) => name).sort(byPage(named)), ...Object.keys(writingTools)]);
  });
});

function byPage(named: readonly (string | undefined)[]) {
  return (a: string, b: string) => named.indexOf(a) - named.indexOf(b);
}

/** With the connectors that ship. */
function bareConfig(): string {
  const file = join(folder, 'bare.json');
  const store = { kind: 'sqlite', file: join(folder, 'bare.sqlite') };
  const config = { store, spool: { folder: join(folder, 'bare-spool') }, secret: 'a-secret-of-this-test' };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

function configure(store: object): string {
  const file = join(mkdtempSync(join(folder, 'site-')), 'patchbay.json');
  const config = {
    store,
    spool: { folder: join(folder, 'spool') },
    log: { level: 'trace' },
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: ['0'.repeat(64)], may: ['dialer'] } },
    dialers: { carousel: { type: 'made-up', url: 'http://127.0.0.1:9', campaigns: { Autumn: {} } } },
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
