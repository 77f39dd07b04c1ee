import { Command, CommanderError } from 'commander';
import type { App } from '../app.ts';
import type { CommandOutput, Command as ConnectorCommand } from '../domain/connector.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { createLogger, openApp } from './open-app.ts';

/**
 * `patchbay <instance> <command> …`: what the connectors contribute, such as `patchbay vicidial lines`. The instances
 * are known only once the configuration is read, so every word that is no command of ours comes here.
 */
export function addConnectorCommands(program: Command, context: CliContext): void {
  program
    .command('connector', { isDefault: true, hidden: true })
    .argument('[instance]')
    .argument('[command]')
    .argument('[args...]')
    .option('--json', 'JSON lines')
    .allowUnknownOption()
    .helpOption(false)
    .action(
      async (instance: string | undefined, name: string | undefined, args: string[], options: { json?: boolean }) => {
        if (!instance) return program.help();
        const config = await loadOrReport(context);
        if (!config) return;
        if (!(instance in config.dialers) && !(instance in config.platforms)) {
          context.err(`There is no command and no dialer or platform called "${instance}". Run \`patchbay --help\`.`);
          return context.exit(1);
        }
        const app = await openApp(context, config, createLogger(config, 'warn'));
        try {
          await run(context, app, { instance, name, args, options });
        } finally {
          await app.stop(0);
        }
      },
    );
}

interface Call {
  instance: string;
  name: string | undefined;
  args: readonly string[];
  options: { json?: boolean };
}

async function run(context: CliContext, app: App, { instance, name, args, options }: Call): Promise<void> {
  const commands = app.instances.find(({ id }) => id === instance)?.commands ?? [];
  const command = commands.find((candidate) => candidate.name === name);
  if (command) {
    try {
      await parse(command, args, async (words, flags) => {
        context.exit(await command.run(words, { ...flags, ...options }, outputOf(context, options.json === true)));
      });
    } catch (error) {
      // Help was asked for, or the words don't fit; commander has said so, and what is open here must still be closed.
      if (!(error instanceof CommanderError)) throw error;
      context.exit(error.exitCode);
    }
    return;
  }
  if (commands.length === 0) context.out(`${instance} has no commands of its own.`);
  for (const { name: known, summary } of commands) context.out(`patchbay ${instance} ${known}  ${summary}`);
  if (name) context.exit(1);
}

/** Reads a connector's own arguments and options as it describes them. */
async function parse(
  command: ConnectorCommand,
  args: readonly string[],
  run: (words: string[], flags: Record<string, unknown>) => Promise<void>,
): Promise<void> {
  const parser = new Command(command.name).description(command.summary).exitOverride();
  for (const { name, summary, isRequired } of command.arguments ?? []) {
    parser.argument(isRequired ? `<${name}>` : `[${name}]`, summary);
  }
  if (!command.arguments) parser.argument('[words...]');
  for (const { flags, summary } of command.options ?? []) parser.option(flags, summary);
  parser.action(() => run(parser.args, parser.opts()));
  await parser.parseAsync([...args], { from: 'user' });
}

function outputOf(context: CliContext, isJson: boolean): CommandOutput {
  return { write: context.out, isTerminal: process.stdout.isTTY === true, isJson };
}
