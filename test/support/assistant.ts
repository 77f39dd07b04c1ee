import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const realProgram = fileURLToPath(new URL('../../src/cli/patchbay.js', import.meta.url));
export const madeUpProgram = fileURLToPath(new URL('made-up-patchbay.ts', import.meta.url));

/** What a tool answered. */
export interface Heard {
  isError: boolean;
  /** The gist, or what is wrong. */
  said: string;
  data: Record<string, unknown>;
  /** All of it, as it came. */
  whole: string;
}

/** A host of an assistant, by the protocol's own library, with a server that it has started. */
export interface Assistant {
  client: Client;
  ask(name: string, args?: Record<string, unknown>): Promise<Heard>;
  /** What the server wrote to its standard error. */
  complaints(): string;
  close(): Promise<void>;
}

export async function startAssistant(command: string, args: readonly string[]): Promise<Assistant> {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
  const transport = new StdioClientTransport({ command, args: [...args], env, cwd: root, stderr: 'pipe' });
  let complaints = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const client = new Client({ name: 'a-test', version: '1.0.0' });
  await client.connect(transport).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${complaints}`);
  });

  return {
    client,
    async ask(name, given = {}) {
      const answer = await client.callTool({ name, arguments: given }, { timeout: 120_000 });
      const texts = answer.content.map((each) => (each.type === 'text' ? each.text : ''));
      return {
        isError: answer.isError === true,
        said: texts[0] ?? '',
        data: (answer.structuredContent ?? {}) as Record<string, unknown>,
        whole: JSON.stringify(answer),
      };
    },
    complaints: () => complaints,
    close: () => client.close(),
  };
}

/** `patchbay mcp` with the made-up dialer. */
export function startMadeUpAssistant(configFile: string): Promise<Assistant> {
  return startAssistant(process.execPath, [madeUpProgram, '-c', configFile, 'mcp']);
}
