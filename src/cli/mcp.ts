import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';

/** `patchbay mcp`: what an operator's assistant may ask. Its protocol's library is loaded here and nowhere else. */
export function addMcpCommand(program: Command, context: CliContext): void {
  program
    .command('mcp')
    .description("answers an operator's assistant by the Model Context Protocol, on standard input and output")
    .action(() => serve(context));
}

async function serve(context: CliContext): Promise<void> {
  const config = await loadOrReport(context);
  if (!config) return;
  if (process.stdin.isTTY) context.err('An assistant starts this, and speaks to it: see docs/mcp.md. Ctrl-C ends it.');
  const [{ createDesk }, { createMcpServer }, { serveOverStdio }, { toolsFor }] = await Promise.all([
    import('./mcp/desk.ts'),
    import('./mcp/create-mcp-server.ts'),
    import('./mcp/serve-over-stdio.ts'),
    import('./mcp/tools.ts'),
  ]);
  const desk = createDesk(context, config);
  const tools = toolsFor(config.mcp.writes);
  try {
    await serveOverStdio(() => createMcpServer(tools, desk, context.version), desk.log);
  } finally {
    await desk.close();
  }
}
