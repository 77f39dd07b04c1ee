import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { PatchbayConfig } from '../../config/schema.ts';
import { systemClock } from '../clock.ts';
import { instantOf } from '../domain/clock.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { StoredFact } from '../domain/fact.ts';
import { nearest } from '../domain/nearest.ts';
import type { Outcome } from '../domain/outcome.ts';
import { outcomeCodes } from '../domain/outcome-codes.ts';
import type { Platform } from '../domain/platform.ts';
import { planRules } from '../flow-settings.ts';
import { tryOutcome } from '../flows/try-outcome.ts';
import type { CliContext } from './context.ts';
import { loadOrReport } from './load-or-report.ts';
import { offlineInstance } from './offline-instance.ts';
import { addCorrectCommand } from './outcome-correct.ts';
import { badFile, parseFile, readFacts } from './outcome-file.ts';
import { reportOf } from './outcome-report.ts';

interface TryOptions {
  platform?: string;
  dialer?: string;
  campaign?: string;
  json?: boolean;
}

/** `patchbay outcome try FILE`: what captured events, insights or facts would end in, without store and network. */
export function addOutcomeCommand(program: Command, context: CliContext): void {
  const outcome = program.command('outcome').description('what calls end as');
  outcome
    .command('try')
    .description('which rule reads an outcome from a file, and what each dialer would be told')
    .argument(
      '<file>',
      'JSON: a captured delivery, the insights of a call, our facts, or a list of them about one call',
    )
    .option('--platform <id>', 'whose rules (Default: the only platform)')
    .option('--dialer <id>', 'only what this dialer is told')
    .option('--campaign <name>', 'as a call of this campaign (Default: each that is configured)')
    .option('--json', 'one JSON line')
    .action((file: string, options: TryOptions) => run(context, file, options));
  addCorrectCommand(outcome, context);
}

async function run(context: CliContext, file: string, options: TryOptions): Promise<void> {
  const config = await loadOrReport(context);
  if (!config) return;
  const made = new Map(
    Object.keys({ ...config.dialers, ...config.platforms }).flatMap((id) => {
      const instance = offlineInstance(context, config, id);
      return instance ? [[id, instance] as const] : [];
    }),
  );
  try {
    const platform = choosePlatform(config, options.platform);
    checkDialer(config, options.dialer);
    const read = readFacts(parseFile(await textOf(file), file), made.get(platform) as Platform, instantOf(systemClock));
    const dialers = Object.keys(config.dialers).map((id) => [id, made.get(id) as Dialer] as const);
    const rules = planRules(config, new Map(dialers));
    const tried = tryOutcome({ facts: read.facts, rules, dialer: options.dialer, campaign: options.campaign });
    const faults = faultsOf(read.facts, tried.outcome, [...outcomeCodes, ...config.outcomes.extra]);
    if (options.json) context.out(JSON.stringify({ readings: read.readings, ...tried, faults }));
    else for (const line of reportOf(read.readings, tried)) context.out(line);
    if (faults.length === 0) return;
    if (!options.json) for (const fault of faults) context.err(fault);
    context.exit(1);
  } finally {
    for (const instance of made.values()) await instance.close();
  }
}

function choosePlatform({ platforms }: PatchbayConfig, wanted: string | undefined): string {
  const ids = Object.keys(platforms);
  const chosen = wanted ?? (ids.length === 1 ? ids[0] : undefined);
  if (chosen !== undefined && ids.includes(chosen)) return chosen;
  const what = wanted === undefined ? 'it is not clear whose rules are meant' : `there is no platform "${wanted}"`;
  throw badFile(what, ids.length > 0 ? `Give --platform, one of ${ids.join(', ')}.` : 'Configure one under platforms.');
}

function checkDialer({ dialers }: PatchbayConfig, wanted: string | undefined): void {
  const ids = Object.keys(dialers);
  if (wanted === undefined || ids.includes(wanted)) return;
  throw badFile(`there is no dialer "${wanted}"`, `Give --dialer, one of ${ids.join(', ')}.`);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw badFile(`${file} can't be read: ${messageOf(error)}`, 'Name a file with JSON in it.');
  }
}

function faultsOf(facts: readonly StoredFact[], outcome: Outcome | null, codes: readonly string[]): string[] {
  const faults: string[] = [];
  for (const { body } of facts) {
    const code = 'outcome' in body ? body.outcome : undefined;
    if (code === undefined || codes.includes(code)) continue;
    const guess = nearest(code, codes);
    faults.push(`"${code}" is no outcome code${guess ? `: did you mean ${guess}?` : ''} See outcomes.extra.`);
  }
  if (!outcome) faults.push('Nothing decides: add a rule that holds for what is above, or see why none does.');
  return faults;
}
