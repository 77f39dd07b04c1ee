import { once } from 'node:events';
import type { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Log } from '../../domain/connector.ts';

/** Serves whoever started this process, on standard input and output, until they go or a signal comes. */
export async function serveOverStdio(makeServer: () => McpServer, log: Log): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  const gone = Promise.race([
    once(process.stdin, 'end', { signal }),
    once(process.stdin, 'close', { signal }),
    once(process, 'SIGINT', { signal }),
    once(process, 'SIGTERM', { signal }),
  ]);
  const handle = serveStdio(makeServer, {
    // Its message may hold a piece of what was sent.
    onerror: ({ name }) => log.warn({ reason: name }, 'a message of the assistant could not be used'),
  });
  try {
    await gone;
  } finally {
    ended.abort();
    await handle.close();
  }
}
