import type { Command, CommandOutput } from '../../../src/domain/connector.ts';
import { isOn, readWhole, refuse, say } from '../../shared/answers.ts';
import { readBook } from './campaign-book.ts';
import { type CampaignProgress, campaignProgress } from './campaign-progress.ts';
import type { Dialler } from './dialler.ts';
import { type CampaignResult, sendCampaign } from './send-campaign.ts';
import { readName, readSchedule, readWish, textOf, wishOptions } from './wish.ts';

type Options = Readonly<Record<string, unknown>>;

const lookMs = 10_000;
const mostLeads = 100_000;

/** `patchbay <id> campaign <dialer> --list …`, `campaign status <name>`, `campaign update <name>`. */
export function campaignCommand(dialler: Dialler): Command {
  return {
    name: 'campaign',
    summary: 'has SigmaMind call the leads of a list; `campaign status <name>` and `campaign update <name>`',
    arguments: [
      { name: 'what', summary: 'the dialer whose leads they are; or status, or update', isRequired: true },
      { name: 'campaign', summary: 'with status and update: the name', isRequired: false },
    ],
    options: [
      ...wishOptions('<dialer> <list>'),
      { flags: '--list <list>', summary: "the dialer's list" },
      { flags: '--unlisted', summary: 'instead of it, leads of no list: Five9 tells of no lists, so all of its leads' },
      { flags: '--limit <count>', summary: 'at most so many leads; the others wait for the next run (Default: all)' },
      { flags: '--concurrency <count>', summary: 'calls at once (Default: dialling.concurrency)' },
      { flags: '--date <date>', summary: 'first call on this day: 2026-12-01' },
      { flags: '--time <time>', summary: 'and at this time: 09:30' },
      { flags: '--zone <zone>', summary: 'of this zone: America/New_York' },
      { flags: '--csv <file>', summary: 'write the file for an upload by hand, instead of sending it' },
    ],
    async run([what = '', name = ''], options, output) {
      if (what === 'status') return await status(dialler, readName(name), options, output);
      if (what === 'update') return await update(dialler, readName(name), options, output);
      return await start(dialler, what, options, output);
    },
  };
}

async function start(dialler: Dialler, dialer: string, options: Options, output: CommandOutput): Promise<number> {
  const list = textOf(options.list);
  if (isOn(options, 'unlisted') === (list !== ''))
    return refuse(output, 'It is not clear which leads are meant.', 'Give --list, or --unlisted for leads of no list.');
  const wish = {
    ...readWish(dialler, dialer, options, `${dialer} ${list || 'unlisted'}`),
    list,
    concurrency: readConcurrency(options.concurrency ?? String(dialler.config.dialling.concurrency)),
    limit: readWhole(options.limit ?? String(mostLeads), 'the limit', 1, mostLeads),
    schedule: readSchedule(options),
    isTrial: isOn(options, 'dryRun'),
    file: textOf(options.csv),
  };
  const { deps, id } = dialler;
  // Two at once would give one name to two campaigns.
  const result = await deps.withLease(`campaign:${id}:${wish.name}`, (_, lease) => sendCampaign(dialler, wish, lease));
  if (!result) return refuse(output, 'Another command sends this campaign now.', 'Run it again when that is through.');
  const leads = result.rows + result.before + result.unsure + Object.keys(result.refused).length;
  if (leads === 0) {
    return refuse(
      output,
      `No leads of ${list ? `list ${list}` : 'no list'} of ${dialer} are known.`,
      `Run \`patchbay sync ${dialer}\` first.`,
    );
  }
  const verb = wish.isTrial ? 'would be called' : wish.file ? `are in ${wish.file}` : 'go to SigmaMind';
  say(output, { ok: true, name: wish.name, dryRun: wish.isTrial, ...result }, resultLines(wish.name, result, verb));
  if (!wish.isTrial && isOn(options, 'watch')) return await watch(dialler, wish.name, output);
  return result.unsure > 0 ? 1 : 0;
}

async function status(dialler: Dialler, name: string, options: Options, output: CommandOutput): Promise<number> {
  if (isOn(options, 'watch')) return await watch(dialler, name, output);
  const progress = await campaignProgress(dialler, name);
  if (!progress) return refuse(output, `Nothing was sent as "${name}".`, 'The name is the one given with --name.');
  tell(output, progress);
  return 0;
}

/**
 * What is not over yet gets another speed. No other time, number or agent: the gate was asked about that time, and those
 * are noted as evidence of each call.
 */
async function update(dialler: Dialler, name: string, options: Options, output: CommandOutput): Promise<number> {
  if (options.concurrency === undefined) return refuse(output, 'Nothing is to be changed.', 'Give --concurrency.');
  const concurrentCalls = readConcurrency(options.concurrency);
  const book = await readBook(dialler, name);
  let count = 0;
  for (const { campaignId } of book?.batches ?? []) {
    const campaign = campaignId ? await dialler.api.getCampaign(campaignId) : null;
    if (!campaign || campaign.campaignStatus === 'completed') continue;
    await dialler.api.updateCampaign(campaignId, { concurrentCalls });
    count += 1;
  }
  if (count === 0) return refuse(output, `No campaign "${name}" is under way.`, 'See `campaign status`.');
  say(output, { ok: true, changed: count }, [`${count} campaign(s) of SigmaMind changed.`]);
  return 0;
}

function readConcurrency(word: unknown): number {
  return readWhole(word, 'the concurrency', 1, 1000);
}

async function watch(dialler: Dialler, name: string, output: CommandOutput): Promise<number> {
  let told = '';
  const { clock } = dialler.deps;
  for (;;) {
    const beganAt = clock.now();
    const progress = await campaignProgress(dialler, name);
    if (!progress) return refuse(output, `Nothing was sent as "${name}".`, 'The name is the one given with --name.');
    const now = JSON.stringify(progress);
    if (now !== told) tell(output, progress);
    told = now;
    if (progress.isThrough) return 0;
    // Thousands of calls are a long list to read.
    await clock.sleep(Math.max(lookMs, 5 * (clock.now() - beganAt)));
  }
}

function tell(output: CommandOutput, progress: CampaignProgress): void {
  const { name, batches, rows, waiting, states, outcomes, isThrough } = progress;
  const ofBatches = batches.map((batch) => `"${batch.name}" ${batch.status}`).join(', ');
  const notTaken = batches.reduce((count, batch) => count + batch.notTaken, 0);
  say(output, { ok: true, ...progress }, [
    `${name}: ${rows} rows, ${waiting} waiting${notTaken > 0 ? `, ${notTaken} not taken` : ''} (${ofBatches})`,
    `  calls: ${inWords(states)}`,
    `  outcomes: ${inWords(outcomes)}${isThrough ? '; all is over' : ''}`,
  ]);
}

function resultLines(name: string, result: CampaignResult, verb: string): string[] {
  const { rows, before, unsure, refused, errors, batch } = result;
  return [
    `${name}: ${rows} leads ${verb}${batch && batch !== name ? ` as "${batch}"` : ''}`,
    ...(before > 0 ? [`  ${before} were called under this name before`] : []),
    ...(Object.keys(refused).length > 0 ? [`  may not be called: ${inWords(refused)}`] : []),
    ...(unsure > 0 ? [`  ${unsure} left out: nobody can tell whether they were called`] : []),
    ...(errors.length > 0 ? [`  ${errors.length} rows were not taken: ${errors.slice(0, 5).join('; ')}`] : []),
  ];
}

function inWords(counts: Readonly<Record<string, number>>): string {
  const words = Object.entries(counts).map(([word, count]) => `${count} ${word}`);
  return words.length > 0 ? words.join(', ') : 'none';
}
