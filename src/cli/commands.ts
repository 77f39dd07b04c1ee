import type { Command } from 'commander';
import type { CliContext } from './context.ts';

type AddCommands = (program: Command, context: CliContext) => void;

interface CommandFile {
  /** First words that it serves. */
  words: readonly string[];
  /** It asks the connectors for what only an operator wants: checks, set-up steps, test calls. (Default: false) */
  needsWhole?: boolean;
  load(): Promise<AddCommands>;
}

/** In the order of `patchbay --help`. Loaded when wanted: a service does not carry the code of every other command. */
const files: readonly CommandFile[] = [
  { words: ['serve'], load: async () => (await import('./serve.ts')).addServeCommand },
  { words: ['setup'], needsWhole: true, load: async () => (await import('./setup.ts')).addSetupCommand },
  { words: ['doctor'], needsWhole: true, load: async () => (await import('./doctor.ts')).addDoctorCommand },
  { words: ['status'], load: async () => (await import('./status.ts')).addStatusCommand },
  { words: ['watch'], load: async () => (await import('./watch.ts')).addWatchCommand },
  { words: ['pause', 'resume', 'controls'], load: async () => (await import('./controls.ts')).addControlCommands },
  { words: ['sync'], load: async () => (await import('./sync.ts')).addSyncCommand },
  {
    words: ['writebacks', 'replay', 'cancel'],
    load: async () => (await import('./write-backs.ts')).addWriteBackCommands,
  },
  { words: ['stage'], load: async () => (await import('./stage.ts')).addStageCommand },
  { words: ['shadow'], load: async () => (await import('./shadow.ts')).addShadowCommand },
  { words: ['opt-outs'], load: async () => (await import('./opt-outs.ts')).addOptOutCommands },
  { words: ['evidence'], load: async () => (await import('./evidence.ts')).addEvidenceCommand },
  { words: ['person'], load: async () => (await import('./person.ts')).addPersonCommands },
  { words: ['purge', 'archive'], load: async () => (await import('./purge.ts')).addRetentionCommands },
  { words: ['store'], load: async () => (await import('./store.ts')).addStoreCommand },
  { words: ['attention'], load: async () => (await import('./attention.ts')).addAttentionCommand },
  { words: ['autopilot'], load: async () => (await import('./autopilot.ts')).addAutopilotCommand },
  { words: ['alerts'], load: async () => (await import('./alerts.ts')).addAlertsCommand },
  { words: ['reconcile'], load: async () => (await import('./reconcile.ts')).addReconcileCommand },
  { words: ['calls'], load: async () => (await import('./calls.ts')).addCallsCommand },
  { words: ['scorecard'], load: async () => (await import('./scorecard.ts')).addScorecardCommand },
  { words: ['advice'], load: async () => (await import('./advice.ts')).addAdviceCommand },
  { words: ['call'], needsWhole: true, load: async () => (await import('./call-test.ts')).addCallTestCommand },
  { words: ['outcome'], load: async () => (await import('./outcome.ts')).addOutcomeCommand },
  { words: ['mcp'], load: async () => (await import('./mcp.ts')).addMcpCommand },
  { words: ['reload'], load: async () => (await import('./reload.ts')).addReloadCommand },
  { words: ['config'], load: async () => (await import('./config.ts')).addConfigCommand },
  { words: ['key'], load: async () => (await import('./key.ts')).addKeyCommand },
  { words: ['console'], load: async () => (await import('./console.ts')).addConsoleCommand },
  { words: ['support'], needsWhole: true, load: async () => (await import('./support.ts')).addSupportCommand },
];

/** Whether what the first word names needs all of the connectors, or no more than the service does. */
export function needsWholeConnectors(word: string | undefined): boolean {
  const file = files.find(({ words }) => word !== undefined && words.includes(word));
  return file ? file.needsWhole === true : true;
}

/**
 * Adds the command that the first word names, and all of them where none is named or help is asked for. Any other word is
 * that of a dialer or platform, whose commands the connectors bring.
 */
export async function addCommands(program: Command, context: CliContext, word: string | undefined): Promise<void> {
  const isWhole = word === undefined || word === 'help';
  const wanted = files.filter(({ words }) => isWhole || words.includes(word));
  for (const add of await Promise.all(wanted.map(({ load }) => load()))) add(program, context);
  if (!isWhole && wanted.length > 0) return;
  const { addConnectorCommands } = await import('./connector-commands.ts');
  addConnectorCommands(program, context);
  // Its help lies with the connector; ours would answer in its place.
  if (!isWhole) program.helpOption(false);
}
