import type { PatchbayConfig } from '../../../config/schema.ts';
import type { KeptThing } from '../../flows/setup/journal.ts';
import { whileAlone } from '../../flows/setup/lock.ts';
import { stepsInOrder } from '../../flows/setup/named-steps.ts';
import { openThings, type UndoneThing, undoSteps } from '../../flows/setup/undo-steps.ts';
import type { CliContext } from '../context.ts';
import { journalFile, journalOf } from './apply.ts';
import { openSetupSite } from './setup-site.ts';
import { needWritable, siteSecrets } from './site-files.ts';

export interface UndoOptions {
  only: readonly string[];
  isDryRun: boolean;
  agree(): Promise<boolean>;
}

const resultWords: Record<UndoneThing['result'], string> = {
  undone: 'taken back',
  gone: 'was gone already',
  changed: 'changed since: left alone',
  'by-hand': 'by hand',
  failed: 'failed',
  skipped: 'not tried',
};

/** Shows what set-up made, newest first, and takes it back. */
export async function undoSetup(context: CliContext, config: PatchbayConfig, options: UndoOptions): Promise<void> {
  const journal = journalOf(config);
  const deps = { journal, secrets: siteSecrets(context) };
  if ((await openThings(deps, options.only)).length === 0) {
    context.out('Nothing is left to take back.');
    return;
  }
  context.out('Set-up made, newest first:');
  for (const thing of await openThings(deps, options.only)) context.out(`  ${lineOf(thing)}`);
  if (options.isDryRun) return;
  await needWritable(context);
  if (!(await options.agree())) {
    context.out('Nothing was changed.');
    return;
  }
  const site = openSetupSite(context, config);
  try {
    const undone = await whileAlone(`${journalFile(config)}.lock`, async () =>
      undoSteps(deps, stepsInOrder(site.instances), await openThings(deps, options.only), ({ thing, result, note }) =>
        context.out(`${resultWords[result]}  ${thing.instance}: ${thing.what}${note ? `: ${note}` : ''}`),
      ),
    );
    const left = undone.filter(({ result }) => result !== 'undone' && result !== 'gone');
    context.out(`${undone.length - left.length} of ${undone.length} are taken back.`);
    if (left.length > 0) context.out('The others stay on the list: npx patchbay setup log');
    if (undone.some(({ result }) => result === 'failed' || result === 'skipped')) context.exit(1);
  } finally {
    await site.close();
  }
}

/** What set-up ever made, oldest first. */
export async function showLog(context: CliContext, config: PatchbayConfig, isJson: boolean): Promise<void> {
  const things = await journalOf(config).things();
  for (const thing of things) {
    const { undoData: _, ...shown } = thing;
    context.out(isJson ? JSON.stringify(shown) : lineOf(thing));
  }
  if (things.length === 0 && !isJson) context.out('Set-up has made nothing yet.');
}

const stateWords: Record<KeptThing['state'], string> = {
  begun: 'perhaps made',
  made: 'made',
  there: 'was there',
  dropped: 'not made',
  undone: 'taken back',
  gone: 'gone',
  changed: 'changed since',
  'by-hand': 'left for you',
};

function lineOf({ at, by, instance, what, state, note, undoneAt, undoneBy }: KeptThing): string {
  const until = undoneAt ? ` ${undoneAt} ${undoneBy}` : '';
  return `${at}  ${by}  ${instance}: ${what}  ${stateWords[state]}${until}${note ? `: ${note}` : ''}`;
}
