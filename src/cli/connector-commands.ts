import { Command, CommanderError, type OutputConfiguration } from 'commander';
import type { PatchbayConfig } from '../../config/schema.ts';
import type { CommandOutput, Command as ConnectorCommand } from '../domain/connector.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { offlineInstance } from './offline-instance.ts';
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
        const call = { instance, name, args, options };
        if (await runOffline(context, config, call)) return;
        const app = await openApp(context, config, createLogger(config, 'warn'));
        try {
          await run(context, app.instances.find(({ id }) => id === instance)?.commands ?? [], call);
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

/** Runs a command that needs no store, help among them. False when there is none such. */
async function runOffline(context: CliContext, config: PatchbayConfig, call: Call): Promise<boolean> {
  const instance = offlineInstance(context, config, call.instance);
  try {
    const commands = instance?.commands ?? [];
    const command = commands.find(({ name }) => name === call.name);
    if (command && !(await needsNoStore(command, call.args))) return false;
    await run(context, commands, call);
    return true;
  } finally {
    await instance?.close();
  }
}

/** What does not fit the command's words is refused without a store too. */
async function needsNoStore(command: ConnectorCommand, args: readonly string[]): Promise<boolean> {
  let isOffline = true;
  try {
    await parse(
      command,
      args,
      async (words, flags) => {
        isOffline = command.isOffline?.(words, flags) ?? false;
      },
      silent,
    );
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
  }
  return isOffline;
}

const silent = { writeOut: () => undefined, writeErr: () => undefined };

async function run(
  context: CliContext,
  commands: readonly ConnectorCommand[],
  { instance, name, args, options }: Call,
): Promise<void> {
  const command = commands.find((candidate) => candidate.name === name);
  if (command) {
    try {
      const shown = { ...command, name: `patchbay ${instance} ${command.name}` };
      await parse(shown, args, async (words, flags) => {
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
  output: OutputConfiguration = {},
): Promise<void> {
  const parser = new Command(command.name).description(command.summary).exitOverride().configureOutput(output);
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
