import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { readEnvironment } from '../../config/load.ts';
import type { ConnectorRegistry } from '../../config/registry.ts';
import { ConnectorError } from '../domain/errors.ts';
import { guardConnections } from '../http/guard-connections.ts';
import { addCommands, needsWholeConnectors } from './commands.ts';
import type { CliContext } from './context.ts';

/** Runs the command line. Gives the exit code. */
export async function main(args: readonly string[], registry?: ConnectorRegistry): Promise<number> {
  let exitCode = 0;
  guardConnections();
  // What we write (database, spool, bundles) holds people's numbers: nobody else on this machine reads it.
  process.umask(0o077);
  const environment = readEnvironment();
  const program = new Command('patchbay')
    .description('Connects VICIdial and Five9 to SigmaMind voice AI.')
    .version(readVersion())
    .option('-c, --config <file>', 'configuration file (Default: PATCHBAY_CONFIG, else config/patchbay.yaml)')
    .showHelpAfterError('Run `patchbay --help` to see what there is.');

  const word = firstWordOf(program, args);
  const context: CliContext = {
    registry: registry ?? (needsWholeConnectors(word) ? await wholeRegistry() : await servingRegistry()),
    ...(!registry && { wholeRegistry }),
    environment,
    version: readVersion(),
    configFile: () => program.opts<{ config?: string }>().config ?? environment.configFile ?? 'config/patchbay.yaml',
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    exit(code) {
      exitCode = code;
    },
  };
  await addCommands(program, context, word);

  // The clock's sleeps hold no process: a command that waits for a system would end in the middle.
  const alive = setInterval(() => undefined, 60_000);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    // What an operator can mend is said in two lines; anything else is ours to mend, and keeps its trace.
    if (!(error instanceof ConnectorError)) throw error;
    context.err(error.hint ? `${error.message}\n${error.hint}` : error.message);
    return 1;
  } finally {
    clearInterval(alive);
  }
  return exitCode;
}

/** `patchbay -c site.yaml status`: status. */
function firstWordOf(program: Command, args: readonly string[]): string | undefined {
  return program.parseOptions([...args]).operands[0];
}

async function wholeRegistry(): Promise<ConnectorRegistry> {
  return (await import('../../connectors/index.ts')).connectors;
}

async function servingRegistry(): Promise<ConnectorRegistry> {
  return (await import('../../connectors/serving.ts')).servingConnectors;
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version: string }).version);
}
