import { expect } from 'vitest';
import { stringify } from 'yaml';
import type { CliRun } from '../../unit/cli/run-main.ts';
import { eventually } from '../eventually.ts';
import { sigmamindCast } from '../healthy/sigmamind.ts';
import { five9Cast } from './fresh-five9.ts';
import type { FreshSite } from './fresh-site.ts';
import { vicidialCast } from './fresh-vicidial.ts';
import { deleteSeed, makeSeed, publishAgents, setCampaigns, takeAgentsBack } from './others-by-hand.ts';
import { enterIt, makeAccounts, takeItOut } from './vicidial-by-hand.ts';

/** What an operator answers, besides what the systems tell. */
export function answersOf({ publicUrl, sigmamind, vicidial, five9 }: FreshSite): Record<string, unknown> {
  const { numbers, agents, carrier, apiKey } = sigmamindCast;
  const numbered = (number: string, agentId: string) => ({
    [`sigmamind.numbers.${number}.agentId`]: agentId,
    [`sigmamind.numbers.${number}.terminationUri`]: carrier,
  });
  return {
    'patchbay.platforms': ['sigmamind'],
    'patchbay.dialers': ['vicidial', 'five9'],
    'patchbay.publicUrl': publicUrl,
    'sigmamind.apiUrl': sigmamind.simulator.url,
    'sigmamind.apiKey': apiKey,
    'sigmamind.newNumbers': `${numbers.spring}, ${numbers.springFive9}`,
    ...numbered(numbers.spring, agents.spring),
    ...numbered(numbers.springFive9, agents.springFive9),
    'sigmamind.sip.host': '127.0.0.1',
    'sigmamind.sip.port': String(sigmamind.simulator.sipPort),
    'sigmamind.concurrency': '10',
    'vicidial.api.url': vicidial.simulator.url,
    'vicidial.api.pass': 'apiPass77',
    'vicidial.database.host': vicidial.database.host,
    'vicidial.database.port': String(vicidial.database.port),
    'vicidial.database.user': vicidialCast.reader,
    'vicidial.database.password': 'readerPass77',
    'vicidial.timeZone': vicidialCast.zone,
    'vicidial.campaigns': vicidialCast.campaign,
    'vicidial.lists': String(vicidialCast.list),
    'vicidial.carrier.host': '127.0.0.1',
    [`vicidial.campaigns.${vicidialCast.campaign}.number`]: numbers.spring,
    'five9.host': 'other',
    'five9.host.other': five9.url,
    'five9.users.1.password': five9Cast.user.password,
    'five9.campaigns': five9Cast.campaign,
    [`five9.campaigns.${five9Cast.campaign}.number`]: numbers.springFive9,
  };
}

/** Steps that say themselves that this site needs nothing of them, or that come with production. */
export const leftAlone = [
  ...['patchbay: Keep configuration and secrets safe', 'patchbay: Open the ways through the firewalls'],
  ...['patchbay: Make Patchbay reachable over TLS', 'five9: Dedicated trunk between Five9 and the AI platform'],
  ...['sigmamind: Let SigmaMind ask us about calls that come in without headers', 'five9: Caller ID and pace'],
  ...['vicidial: Custom fields of the lists', 'vicidial: Headers with the data of the lead'],
  ...['vicidial: A softphone, where carriers do not let test calls through', 'vicidial: Answering machine detection'],
  ...['five9: A softphone, where carriers do not let test calls through', 'patchbay: Switch to production'],
  ...['five9: Five9 tells when an import is through', 'patchbay: Have it watched'],
] as const;

/** What was there before the set-up, so that it could begin. */
export const givenBefore = [
  ...['sigmamind: Make an API key at SigmaMind', 'sigmamind: Make the agents, or choose them', 'five9: API users'],
] as const;

/** Those that the test does, as the runbook says. */
export const doneByHand = [
  ...['patchbay: Run Patchbay as a service', 'patchbay: Read the leads for the first time'],
  ...['patchbay: Have everything looked at', 'patchbay: Make a test call'],
  ...['vicidial: A database user that may read, and nothing else'],
  ...['vicidial: An API user with the rights that the work needs', 'vicidial: Statuses for the outcomes'],
  ...["vicidial: The platform's carrier: account and dialplan entry", 'vicidial: The Start Call URL'],
  ...['vicidial: The remote agents whose lines the AI answers', 'sigmamind: Attach the tools to the agents'],
  ...['sigmamind: Give the agents End Call, and Transfer Call where SigmaMind transfers'],
  ...['sigmamind: Publish the agents', 'five9: Authorization profile of the Query modules'],
  ...['five9: A key for each contact', 'five9: Lists in the campaigns'],
] as const;

/**
 * Sets the site up as the runbook tells it: the wizard, the accounts, the wizard again, `setup --apply`, what only people can
 * enter, and `setup --apply` for what waited for that. Gives what the last one printed. The service does not run yet.
 *
 * @param more answers that differ
 */
export async function setUp(site: FreshSite, more: Record<string, unknown> = {}): Promise<CliRun> {
  const answers = site.write('answers.yaml', stringify({ ...answersOf(site), ...more }));
  await site.run('setup', '--answers', answers);
  await makeAccounts(site.vicidial, site.runbook(), site.secrets());
  await site.run('setup', '--answers', answers);
  // "To let it do more, name an admin user in api.setupUser and api.setupPass until you are through."
  site.configure(['dialers', 'vicidial', 'api', 'setupUser'], vicidialCast.admin.user);
  site.configure(['dialers', 'vicidial', 'api', 'setupPass'], vicidialCast.admin.pass);
  // A test waits for nothing that a call centre has time for.
  site.configure(['dialers', 'vicidial', 'settle'], { recheckSec: 2 });
  site.configure(['dialers', 'five9', 'batch'], { flushMs: 1000 });
  site.configure(['dialers', 'five9', 'settle'], { afterEndSec: 1 });

  await site.run('setup', '--apply', '--yes');
  await enterIt(site.vicidial, site.runbook(), site.secrets());
  makeSeed(site);
  await publishAgents(site);
  return site.run('setup', '--apply', '--yes');
}

/** What the runbook has done with the service running: leads are read, contacts get their keys, campaigns start. */
export async function goLive(site: FreshSite): Promise<CliRun[]> {
  const runs = [await sync(site, 'vicidial'), await site.run('five9', 'keys', '--apply')];
  runs.push(await sync(site, 'five9'));
  setCampaigns(site, 'RUNNING');
  return runs;
}

/** Once the service is through with what it reads at its start. */
async function sync(site: FreshSite, dialer: string): Promise<CliRun> {
  return eventually(async () => {
    const run = await site.run('sync', dialer);
    expect(run.err).not.toContain('another process is syncing it just now');
    return run;
  }, 30_000);
}

/** Five9 changes contact fields only while no campaign runs. */
export function goDark(site: FreshSite): void {
  setCampaigns(site, 'NOT_RUNNING');
}

/** What people entered, people take out, and what undo left to them; the accounts last, by which Patchbay looks. */
export async function takeBackByHand(site: FreshSite, undone: CliRun): Promise<void> {
  const users = [...undone.out.matchAll(/Admin → Users → (\w+) → Delete/g)].map(([, user = '']) => user);
  await takeItOut(site.vicidial, users);
  deleteSeed(site);
  await takeAgentsBack(site);
}

/** Everything that a set-up could change, in all three systems. */
export async function statesOf({ vicidial, five9, sigmamind }: FreshSite): Promise<Record<string, unknown>> {
  return {
    vicidial: await vicidial.state(),
    five9: five9.domain(),
    sigmamind: await sigmamind.ask('GET', '/_sim/state'),
  };
}
