import { setTimeout as wait } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../../config/load.ts';
import type { ConfigFault } from '../../config/report.ts';
import { ourInstance } from '../domain/connector.ts';
import { ConnectorError } from '../domain/errors.ts';
import { type Examination, examineSite, exitCodeOf } from '../flows/doctor/examine-site.ts';
import type { Checked } from '../flows/doctor/run-checks.ts';
import type { CliContext } from './context.ts';
import {
  heading,
  linesOfChange,
  linesOfCheck,
  linesOfTrouble,
  linesToMend,
  summaryLine,
  wrapped,
} from './doctor-report.ts';
import { openOfflineSite } from './offline-site.ts';

interface DoctorOptions {
  only?: string[];
  json?: boolean;
  watch?: number | true;
}

const watchSec = 30;
const help = `
Each check says what was found, why it matters, and what to change where. A check that can't be told is never counted as ok.

Exit codes:
  0  everything is ok
  1  something warns, or can't be told
  2  something fails, or the configuration can't be used

Names for --only: an instance, a check (<instance>:<check> or <check>), or the beginning of a check's name up to a dot.`;

export function addDoctorCommand(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('look at dialers, platforms and Patchbay, and say what is wrong and how it is put right')
    .option('--only <names...>', 'only these checks, and what they need')
    .option('--json', 'JSON lines: one per check, one per entry of the guides, one in all')
    .option(
      '--watch [seconds]',
      `again and again, telling only what turned (Default: every ${watchSec} s)`,
      readSeconds,
    )
    .addHelpText('after', help)
    .action(async (options: DoctorOptions) => {
      try {
        if (options.watch) await watch(context, options, (options.watch === true ? watchSec : options.watch) * 1000);
        else context.exit(exitCodeOf(await report(context, options)));
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        context.err(error.hint ? `${error.message}\n${error.hint}` : error.message);
        context.exit(2);
      }
    });
}

/** One run, told while it goes on. */
async function report(context: CliContext, options: DoctorOptions, signal?: AbortSignal): Promise<Examination> {
  const startedAt = performance.now();
  const isJson = options.json === true;
  let owner = '';
  const examination = await examine(context, options, signal, (checked) => {
    if (isJson) return context.out(JSON.stringify({ kind: 'check', ...checked }));
    if (checked.owner !== owner) context.out(`${owner ? '\n' : ''}${heading(nameOf(checked.owner))}`);
    owner = checked.owner;
    print(context, linesOfCheck(checked));
  });
  const tookMs = Math.round(performance.now() - startedAt);

  if (isJson) {
    for (const trouble of examination.troubles) context.out(JSON.stringify({ kind: 'trouble', ...trouble }));
    const exitCode = exitCodeOf(examination);
    context.out(JSON.stringify({ kind: 'summary', ...examination.counts, tookMs, exitCode }));
    return examination;
  }
  for (const [title, entries] of Map.groupBy(
    examination.troubles,
    ({ guide, instance }) => `“${guide}” for ${instance}`,
  )) {
    context.out(`\n${heading(`Troubleshooting of the guide ${title}`)}`);
    print(context, entries.flatMap(linesOfTrouble));
  }
  const toMend = linesToMend(examination.checked);
  if (toMend.length > 0 && examination.checked.length > toMend.length) {
    context.out(`\n${heading('Begin with')}`);
    print(context, toMend);
  }
  context.out(`\n${summaryLine(examination, tookMs)}`);
  return examination;
}

/** On a terminal lines are broken where it ends; in a file each stays whole. */
function print(context: CliContext, lines: readonly string[]): void {
  const { isTTY, columns } = process.stdout;
  for (const line of isTTY ? lines.flatMap((each) => wrapped(each, columns)) : lines) context.out(line);
}

/** Reports once, then only what turned, until it is stopped. Everything is read anew each time, the configuration too. */
async function watch(context: CliContext, options: DoctorOptions, everyMs: number): Promise<void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  try {
    // What a round did not see, such as everything while the configuration can't be used, stays as it was seen last.
    const last = new Map<string, Checked>();
    const keep = ({ checked }: Examination) => {
      for (const each of checked) last.set(each.id, each);
    };
    const first = await report(context, options, stop.signal);
    context.exit(exitCodeOf(first));
    keep(first);
    for (;;) {
      await wait(everyMs, undefined, { signal: stop.signal });
      const next = await examine(context, options, stop.signal);
      context.exit(exitCodeOf(next));
      tellChanges(context, options, last, next.checked);
      keep(next);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    process.removeListener('SIGINT', abort);
    process.removeListener('SIGTERM', abort);
  }
}

function tellChanges(
  context: CliContext,
  { json }: DoctorOptions,
  before: ReadonlyMap<string, Checked>,
  checked: readonly Checked[],
): void {
  const now = new Date();
  if (!json) {
    print(context, linesOfChange(before, checked, now.toLocaleTimeString('en-GB')));
    return;
  }
  for (const each of checked) {
    const was = before.get(each.id)?.status;
    if (was !== each.status) context.out(JSON.stringify({ kind: 'change', at: now.toISOString(), was, ...each }));
  }
}

/** Runs the checks on the configuration as it lies there now. One that can't be used is the one thing that is found then. */
export async function examine(
  context: CliContext,
  { only }: Pick<DoctorOptions, 'only'>,
  signal?: AbortSignal,
  onChecked?: (checked: Checked) => void,
): Promise<Examination> {
  const { registry, environment } = context;
  const loaded = await loadConfig({ file: context.configFile(), env: environment.variables, registry });
  if (loaded.kind === 'faults') {
    const checked = faultyConfiguration(context.configFile(), loaded.faults);
    onChecked?.(checked);
    return { checked: [checked], troubles: [], counts: { ok: 0, warn: 0, fail: 1, unknown: 0 } };
  }
  const { site, close } = openOfflineSite(context, loaded.config, loaded.warnings);
  try {
    return await examineSite(site, {
      ...(only && { only }),
      ...(onChecked && { onChecked }),
      ...(signal && { signal }),
    });
  } finally {
    await close();
  }
}

function faultyConfiguration(file: string, faults: readonly ConfigFault[]): Checked {
  const places = faults.map(({ path, line }) => `${path || file}${line === undefined ? '' : ` (line ${line})`}`);
  return {
    id: `${ourInstance}:configuration.loaded`,
    owner: ourInstance,
    title: 'The configuration says what is meant',
    looksAt: file,
    status: 'fail',
    found: faults.map(({ what }, index) => `${places[index]}: ${what}`).join('\n'),
    why: 'The service does not start with it, and nothing else can be looked at.',
    fix: faults.flatMap(({ fix }, index) => (fix ? `${places[index]}: ${fix}` : [])).join('\n'),
    tookMs: 0,
    causes: [],
  };
}

function nameOf(owner: string): string {
  return owner === ourInstance ? 'Patchbay itself, and across the systems' : owner;
}

function readSeconds(word: string): number {
  const seconds = Number(word);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 86_400) {
    throw new InvalidArgumentError('It must be a whole number of seconds from 1 to 86400.');
  }
  return seconds;
}
