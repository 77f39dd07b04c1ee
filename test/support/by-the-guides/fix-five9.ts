import { seedScript } from '../../simulators/five9/ivr/seed-script.ts';
import type { Campaign } from '../../simulators/five9/options.ts';
import { configureNamed, runNamed } from './commands.ts';
import type { ByTheGuides, Fix } from './site.ts';

const spring = 'Spring outbound';

/** Runs what the text names. */
export const runIt: Fix = async (site, text) => void (await runNamed(site, text));

/** Fields can be made only while no campaign runs. */
export const stopAndRun: Fix = async (site, text) => {
  if (text.startsWith('Stop all campaigns')) set(site, () => ({ state: 'NOT_RUNNING' }));
  await runIt(site, text);
};

export const startCampaign: Fix = async (site, text) => {
  if (!text.includes('→ Start')) throw new Error(`nothing is to be started: ${text}`);
  set(site, () => ({ state: 'RUNNING' }));
};

/** By hand in the script designer, as `script --how-to-seed` says click by click. */
export const makeSeed: Fix = async (site, text) => {
  const [, name = ''] = /IVR Scripts → ([^:]+):/.exec(text) ?? [];
  const told = (await runNamed(site, text)).join('\n');
  const [, named = ''] = /one Hang-up per disposition[^:]*: (.*)\./.exec(told) ?? [];
  const dispositions = [...named.matchAll(/"([^"]+)"/g)].map(([, disposition = '']) => disposition);
  if (dispositions.length === 0) throw new Error(`no disposition is named:\n${told}`);
  site.five9.simulator.seed({ scripts: [{ name, xmlDefinition: seedScript(dispositions) }] });
};

/** `… → Spring outbound → … → Action on Queue Expiration: Start IVR Script, <script>; Maximum Queue Time: 1 second`. */
export const bindScript: Fix = async (site, text) => {
  const [, campaign, script] =
    /Campaigns → ([\w ]+) → .*Action on Queue Expiration: Start IVR Script, ([\w -]+); Maximum Queue Time: 1 second/.exec(
      text,
    ) ?? [];
  if (campaign !== spring || !script) throw new Error(`neither campaign nor script is named: ${text}`);
  set(site, () => ({ script, members: { useTelemarketingMaxQueTimeEq1: true } }));
};

/** The list for callbacks is made, and given to the campaign. */
export const addList: Fix = async (site, text) => {
  if (!text.includes('Lists → Add')) throw new Error(`no list is to be added: ${text}`);
  const list = String(site.raw.dialers.five9?.callbackList);
  site.five9.simulator.change(({ lists }) => void lists.set(list, lists.get(list) ?? new Map()));
  set(site, ({ lists }) => ({ lists: [...lists, list] }));
};

/** What nobody else tells is written into the configuration. */
export const tellLines: Fix = async (site, text) => {
  if (!text.includes('to the most calls that come by it')) throw new Error(`no limit is asked for: ${text}`);
  configureNamed(site, text, 3);
};

function set({ five9 }: ByTheGuides, change: (held: Campaign) => Partial<Campaign>): void {
  five9.simulator.change(({ campaigns }) => {
    const held = campaigns.get(spring);
    if (!held) throw new Error(`Five9 has no ${spring}`);
    const changes = change(held);
    campaigns.set(spring, { ...held, ...changes, members: { ...held.members, ...changes.members } });
  });
}
