import { appendFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { sigmamindCast } from '../support/healthy/sigmamind.ts';
import { five9Cast } from '../support/whole-site/fresh-five9.ts';
import { type FreshSite, startFreshSite } from '../support/whole-site/fresh-site.ts';
import { vicidialCast } from '../support/whole-site/fresh-vicidial.ts';

let site: FreshSite;
beforeAll(async () => {
  site = await startFreshSite();
}, 120_000);
afterAll(() => site?.stop());

const t0 = Date.now();
function note(what: string, run?: { exitCode: number; out: string; err: string }) {
  appendFileSync(
    '/tmp/w/P1/log.txt',
    `\n===== ${what} @${(Date.now() - t0) / 1000}s ${run ? `exit ${run.exitCode}\n--out\n${run.out}\n--err\n${run.err}` : ''}`,
  );
}

it('probe', async () => {
  writeFileSync('/tmp/w/P1/log.txt', '');
  const { numbers, agents, carrier } = sigmamindCast;
  const answers = {
    'patchbay.platforms': ['sigmamind'],
    'patchbay.dialers': ['vicidial', 'five9'],
    'patchbay.publicUrl': site.publicUrl,
    'sigmamind.apiUrl': site.sigmamind.simulator.url,
    'sigmamind.apiKey': sigmamindCast.apiKey,
    'sigmamind.newNumbers': `${numbers.spring}, ${numbers.springFive9}`,
    [`sigmamind.numbers.${numbers.spring}.agentId`]: agents.spring,
    [`sigmamind.numbers.${numbers.spring}.terminationUri`]: carrier,
    [`sigmamind.numbers.${numbers.springFive9}.agentId`]: agents.springFive9,
    [`sigmamind.numbers.${numbers.springFive9}.terminationUri`]: carrier,
    'sigmamind.sip.host': '127.0.0.1',
    'sigmamind.sip.port': String(site.sigmamind.simulator.sipPort),
    'sigmamind.concurrency': '10',
    'vicidial.api.url': site.vicidial.simulator.url,
    'vicidial.api.pass': 'apiPass77',
    'vicidial.database.host': site.vicidial.database.host,
    'vicidial.database.port': String(site.vicidial.database.port),
    'vicidial.database.password': 'readerPass77',
    'vicidial.timeZone': vicidialCast.zone,
    'vicidial.campaigns': vicidialCast.campaign,
    'vicidial.lists': String(vicidialCast.list),
    'vicidial.carrier.host': '127.0.0.1',
    [`vicidial.campaigns.${vicidialCast.campaign}.number`]: numbers.spring,
    'five9.host': 'other',
    'five9.host.other': site.five9.url,
    'five9.users.1.password': five9Cast.user.password,
    'five9.campaigns': [five9Cast.campaign],
    [`five9.campaigns.${five9Cast.campaign}.number`]: numbers.springFive9,
  };
  const file = site.write('answers.yaml', stringify(answers));
  note('first wizard', await site.run('setup', '--answers', file));
  const { readFileSync } = await import('node:fs');
  note('config', { exitCode: 0, out: readFileSync(site.configFile, 'utf8'), err: '' });
  note('runbook', { exitCode: 0, out: readFileSync(site.configFile.replace('.yaml', '.runbook.md'), 'utf8'), err: '' });
  note('apply', await site.run('setup', '--apply', '--yes'));
  expect(1).toBe(1);
}, 120_000);
