import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { readEnvironment } from '../../config/load.ts';
import type { ConnectorRegistry } from '../../config/registry.ts';
import { connectors } from '../../connectors/index.ts';
import { ConnectorError } from '../domain/errors.ts';
import { guardConnections } from '../http/guard-connections.ts';
import { addAttentionCommand } from './attention.ts';
import { addCallTestCommand } from './call-test.ts';
import { addCallsCommand } from './calls.ts';
import { addConnectorCommands } from './connector-commands.ts';
import { addConsoleCommand } from './console.ts';
import type { CliContext } from './context.ts';
import { addDoctorCommand } from './doctor.ts';
import { addEvidenceCommand } from './evidence.ts';
import { addKeyCommand } from './key.ts';
import { addOptOutCommands } from './opt-outs.ts';
import { addOutcomeCommand } from './outcome.ts';
import { addPersonCommands } from './person.ts';
import { addRetentionCommands } from './purge.ts';
import { addReconcileCommand } from './reconcile.ts';
import { addScorecardCommand } from './scorecard.ts';
import { addServeCommand } from './serve.ts';
import { addSetupCommand } from './setup.ts';
import { addStatusCommand } from './status.ts';
import { addStoreCommand } from './store.ts';
import { addSupportCommand } from './support.ts';
import { addSyncCommand } from './sync.ts';
import { addWatchCommand } from './watch.ts';
import { addWriteBackCommands } from './write-backs.ts';

/** Runs the command line. Gives the exit code. */
export async function main(args: readonly string[], registry: ConnectorRegistry = connectors): Promise<number> {
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

  const context: CliContext = {
    registry,
    environment,
    version: readVersion(),
    configFile: () => program.opts<{ config?: string }>().config ?? environment.configFile ?? 'config/patchbay.yaml',
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    exit(code) {
      exitCode = code;
    },
  };
  addServeCommand(program, context);
  addSetupCommand(program, context);
  addDoctorCommand(program, context);
  addStatusCommand(program, context);
  addWatchCommand(program, context);
  addSyncCommand(program, context);
  addWriteBackCommands(program, context);
  addOptOutCommands(program, context);
  addEvidenceCommand(program, context);
  addPersonCommands(program, context);
  addRetentionCommands(program, context);
  addStoreCommand(program, context);
  addAttentionCommand(program, context);
  addReconcileCommand(program, context);
  addCallsCommand(program, context);
  addScorecardCommand(program, context);
  addCallTestCommand(program, context);
  addOutcomeCommand(program, context);
  addKeyCommand(program, context);
  addConsoleCommand(program, context);
  addSupportCommand(program, context);
  addConnectorCommands(program, context);
  // Its help lies with the connector; ours would answer in its place.
  if (isConnectorCommand(program, args)) program.helpOption(false);

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

/** `vicidial push …`: the first word is no command of ours. */
function isConnectorCommand(program: Command, args: readonly string[]): boolean {
  const { operands } = program.parseOptions([...args]);
  return (
    operands[0] !== undefined && operands[0] !== 'help' && !program.commands.some((each) => each.name() === operands[0])
  );
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version: string }).version);
}
