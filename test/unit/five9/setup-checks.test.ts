import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { seedScript } from '../../simulators/five9/ivr/seed-script.ts';
import type { SeedInput } from '../../simulators/five9/options.ts';
import { invalidRequests } from '../../support/soap-requests.ts';
import {
  dispositions,
  springSettings,
  startDomain,
  stopDomainsAfterEach,
  stopped,
  wrongPassword,
} from './setup-domain.ts';

stopDomainsAfterEach();

/** Our own, and Five9's where its path is given. */
const wsdls = [
  fileURLToPath(new URL('../../../connectors/five9/soap/five9.wsdl', import.meta.url)),
  ...(process.env.PATCHBAY_FIVE9_WSDL ? [process.env.PATCHBAY_FIVE9_WSDL] : []),
];

const script = { transferTo: '+12125550100', skill: 'Sales', receiveHeaders: true };
const campaign = { ...springSettings.campaigns.Spring, script };
const withSeed = { callVariableGroup: 'SigmaMind', seedScript: 'Patchbay seed' };

/** Handoff B too: the AI transfers to the number of the help line. */
const settings = {
  campaigns: { Spring: campaign, Winter: { ...campaign, script: { ...script, handoff: 'B' } } },
  ivr: withSeed,
};
const names = [...new Set(Object.values(dispositions))];
const domain: SeedInput = {
  campaigns: [stopped, { ...stopped, name: 'Winter' }],
  contacts: [{ fields: { number1: '2125550101' } }, { fields: { number1: '2125550102' } }],
  scripts: [{ name: 'Patchbay seed', xmlDefinition: seedScript(names) }],
  skills: [{ id: 300_101, name: 'Sales' }],
};
const bound: SeedInput = {
  campaigns: [
    { ...stopped, script: 'Patchbay Spring' },
    { ...stopped, name: 'Winter', script: 'Patchbay Winter' },
    { name: 'Help line', type: 'INBOUND', ani: '8885550177', script: 'Patchbay Winter inbound' },
  ],
};

/** What `check` says, by id. */
async function checked(
  seed: SeedInput,
  more: Record<string, unknown> = {},
  rest: Parameters<typeof startDomain>[2] = {},
): Promise<{ code: number; found: Record<string, Record<string, string>>; ids: string[] }> {
  const { run } = await startDomain(seed, more, rest);
  return look(run);
}

async function look(run: Awaited<ReturnType<typeof startDomain>>['run']) {
  const { code, results } = await run('check', { json: true });
  const ids = results.map(({ id = '' }) => id);
  return { code, ids, found: Object.fromEntries(results.map((each) => [each.id, each])) };
}

function notOk(found: Record<string, Record<string, string>>): string[] {
  return Object.entries(found).flatMap(([id, { status }]) => (status === 'ok' ? [] : [`${id} ${status}`]));
}

describe('patchbay five9 check', () => {
  it('finds nothing once an admin has run the commands in order and bound the scripts', async () => {
    const { simulator, run } = await startDomain(domain, settings);

    const before = await look(run);
    for (const name of ['fields', 'keys', 'dispositions', 'call-variables']) {
      expect(await run(name, { apply: true })).toMatchObject({ code: 0 });
    }
    expect(await run('script', { all: true, apply: true })).toMatchObject({ code: 0 });
    simulator.seed(bound);
    const after = await look(run);

    expect(before.code).toBe(1);
    expect(notOk(before.found)).toEqual([
      'fields.known fail',
      'key.values unknown',
      'dispositions.known fail',
      'variables.known warn',
      'campaigns.script fail',
      'scripts.audit fail',
      'handoff.number fail',
    ]);
    expect(notOk(after.found)).toEqual([]);
    expect(after.code).toBe(0);
    expect(after.found['handoff.number']?.found).toBe('8885550177: Patchbay Winter inbound');
    const bodies = simulator.requests().map(({ body }) => body);
    for (const wsdl of wsdls) expect(await invalidRequests(wsdl, bodies)).toEqual(new Map());
  });

  it('says for each finding why it matters, and what to change where', async () => {
    const { run } = await startDomain(domain, settings);

    const { results } = await run('check', { json: true });
    const { text } = await run('check');

    for (const { status, why, fix } of results.filter(({ status }) => status === 'fail' || status === 'warn')) {
      expect({ status, why, fix }).toEqual({
        status,
        why: expect.stringMatching(/\.$/),
        fix: expect.stringMatching(/\.$/),
      });
    }
    expect(text).toContain('fail    fields.known: The contact fields exist\n        not in Five9: patchbay_key');
    expect(text).toContain('        → VCC Administrator → Campaigns');
  });

  it('asks nothing more when the password is refused, so that Five9 does not lock the user', async () => {
    const { simulator, run } = await startDomain(domain, settings, wrongPassword);

    const { code, found } = await look(run);

    expect(code).toBe(1);
    expect(found['soap.login']?.status).toBe('fail');
    expect(found['campaigns.known']).toMatchObject({ status: 'unknown', found: 'not asked: needs soap.login' });
    expect(simulator.requests()).toHaveLength(1);
  });
});

describe('the checks of the web services', () => {
  it('name a version that Five9 does not offer', async () => {
    const offered = await checked(domain);
    const newer = await checked(domain, {}, { soap: { version: 'v14' } });

    expect(offered.found['soap.version']).toMatchObject({ status: 'ok', found: 'v13' });
    expect(newer.found['soap.version']).toMatchObject({
      status: 'fail',
      found: 'v14, Five9 offers up to v13',
      fix: 'Set soap.version to v13.',
    });
  });

  it('name limits that are used up', async () => {
    const limits = { AsynchronousUpload: { minute: 20, hour: 1000, day: 1 } };
    const contactFields = [{ name: 'patchbay_key' }];
    const { run } = await startDomain({ ...domain, contactFields }, {}, { simulator: { limits } });

    const before = await look(run);
    await run('keys', { apply: true });
    const after = await look(run);

    expect(before.found['quota.left']?.status).toBe('ok');
    expect(after.found['quota.left']).toMatchObject({ status: 'warn', found: 'used up: AsynchronousUpload per day' });
  });

  it('name a saved report that is not there, and run none where none is configured', async () => {
    const sync = { report: { folder: 'Patchbay', name: 'Leads' } };
    const report = { folder: 'Patchbay', name: 'Leads', kind: 'contacts' as const };

    const none = await startDomain(domain);
    await none.run('check');
    const missing = await checked(domain, { sync });
    const there = await checked({ ...domain, reports: [report] }, { sync });

    expect(none.sent('runReport')).toBe(0);
    expect(missing.found['reports.saved']).toMatchObject({
      status: 'fail',
      found: 'Five9 has no report "Leads" in the folder "Patchbay"',
    });
    expect(there.found['reports.saved']).toMatchObject({ status: 'ok', found: 'Patchbay / Leads' });
  });
});

describe('the checks of contacts', () => {
  const keyed = (number1: string, patchbay_key: string) => ({ fields: { number1, patchbay_key } });

  it('name a key that two contacts have', async () => {
    const contacts = [keyed('2125550101', 'same'), keyed('2125550102', 'same'), keyed('2125550103', '')];
    const { found } = await checked({ contacts, contactFields: [{ name: 'patchbay_key' }] });

    expect(found['key.values']).toMatchObject({
      status: 'fail',
      found: 'of 3 contacts 2 have a key; 1 have that of another contact',
    });
  });

  it('name contacts without a key', async () => {
    const contacts = [keyed('2125550101', 'ada'), keyed('2125550102', '')];
    const { found } = await checked({ contacts, contactFields: [{ name: 'patchbay_key' }] });

    expect(found['key.values']).toMatchObject({ status: 'warn', found: 'of 2 contacts 1 have a key' });
  });

  it('name a field of another mapping, and say what is lost without those of the agents', async () => {
    const wrong = await checked({ contactFields: [{ name: 'last_disposition' }] });
    const none = await checked({}, { fields: {} });

    expect(wrong.found['fields.types']).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('last_disposition is STRING, should be STRING, filled by Five9 (LastDisposition)'),
    });
    expect(none.found['fields.types']).toMatchObject({ status: 'warn', why: expect.stringContaining('agent') });
  });

  it('name a callback list that no campaign dials', async () => {
    const { found } = await checked({ lists: ['AI callbacks'], campaigns: [{ ...stopped, lists: [] }] });

    expect(found['callbacks.list']).toMatchObject({ status: 'fail', found: 'AI callbacks belongs to no campaign' });
  });
});

describe('the checks of dispositions', () => {
  it('warn when an opt-out reaches no DNC list, and when a callback is final', async () => {
    const { found } = await checked({ ...domain, dispositions: [...names] });

    expect(found['dispositions.known']?.status).toBe('ok');
    expect(found['dispositions.types']).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(/Do not call is FinalDisp; for opt_out take AddAllNumbers.*Callback is FinalDisp/),
    });
  });
});

describe('the checks of campaigns', () => {
  const outbound = { ...stopped, type: 'OUTBOUND' as const };

  it('name a campaign that Five9 does not have', async () => {
    const { found } = await checked({ campaigns: [] });
    expect(found['campaigns.known']).toMatchObject({ status: 'fail', found: 'not in Five9: Spring' });
  });

  it('name an outbound campaign whose calls reach no script, and accept queue expiration', async () => {
    const without = await checked({ campaigns: [outbound] }, { campaigns: { Spring: campaign } });
    const onlyWritten = await checked({ campaigns: [outbound] });
    const by = await checked({ campaigns: [{ ...outbound, script: 'Ours' }] });

    const found = 'Spring: on queue expiration it does DROP_CALL';
    expect(without.found['campaigns.script']).toMatchObject({ status: 'fail', found });
    expect(onlyWritten.found['campaigns.script']).toMatchObject({ status: 'warn', found });
    expect(by.found['campaigns.script']).toMatchObject({ status: 'ok', found: 'Spring runs Ours' });
  });

  it('warn when another script runs than the configuration describes', async () => {
    const { found } = await checked(
      { ...domain, campaigns: [{ ...stopped, script: 'Old one' }] },
      { campaigns: { Spring: campaign } },
    );
    expect(found['campaigns.script']).toMatchObject({ status: 'warn', found: 'Spring runs Old one' });
  });

  const byCarrier = { campaigns: { Spring: { ...campaign, connection: 'carrier' } } };
  const noInbound = { sigmamind: { type: 'sigmamind', apiKey: 'unused' } };

  it('fail when calls go by a carrier and no platform asks about calls that come in', async () => {
    const { code, found } = await checked(domain, byCarrier, { platforms: noInbound });

    expect(code).toBe(1);
    expect(found['campaigns.connection']).toMatchObject({
      status: 'fail',
      found: 'by carrier: Spring; no platform has an inbound-call URL',
      fix: expect.stringContaining('inboundCall.tokens'),
    });
  });

  it('are content with the webhook, and warn when the customer shows as the campaign', async () => {
    const shown = await checked(domain, byCarrier);
    const hidden = await checked(domain, byCarrier, { simulator: { switches: { dnisAsAni: false } } });

    expect(shown.found['campaigns.connection']?.status).toBe('ok');
    expect(hidden.found['campaigns.connection']).toMatchObject({
      status: 'warn',
      found: "by carrier, showing the campaign's own number: Spring",
    });
  });

  it('do not ask for the webhook on a dedicated trunk', async () => {
    const { ids } = await checked(domain, {}, { platforms: noInbound });
    expect(ids).not.toContain('campaigns.connection');
  });
});

describe('the checks of scripts', () => {
  it('name the module of a script in which calls would go wrong', async () => {
    const { simulator, run } = await startDomain(domain, { campaigns: { Spring: campaign }, ivr: withSeed });
    await run('fields', { apply: true });
    await run('script', { all: true, apply: true });
    const xml = await scriptOf(simulator.url, 'Patchbay Spring');
    simulator.seed({
      scripts: [
        {
          name: 'Patchbay Spring',
          xmlDefinition: xml.replace('<returnAfter3rdParty>true', '<returnAfter3rdParty>false'),
        },
      ],
    });

    const { found } = await look(run);

    expect(found['scripts.audit']).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/^Patchbay Spring: .* in "Transfer to AI"/),
    });
  });

  it('look through a script that was made by hand, when a configured campaign runs it', async () => {
    const scripts = [{ name: 'By hand', xmlDefinition: '<ivrScript/>' }];
    const { found } = await checked({ scripts, campaigns: [{ ...stopped, script: 'By hand' }] });

    expect(found['scripts.audit']).toMatchObject({ status: 'fail', found: expect.stringMatching(/^By hand: /) });
  });

  it('say that the script of a configured campaign does not ask Patchbay', async () => {
    const ordinary = readFileSync(new URL('scripts/ordinary.five9ivr', import.meta.url), 'latin1');
    const scripts = [{ name: 'Ordinary', xmlDefinition: ordinary.replace('ISO-8859-1', 'UTF-8') }];
    const { found } = await checked({ scripts, campaigns: [{ ...stopped, script: 'Ordinary' }] });

    expect(found['scripts.audit']).toMatchObject({ status: 'warn', found: expect.stringMatching(/^Ordinary: /) });
  });

  it('want a number for handoff B', async () => {
    const { found } = await checked(
      {
        ...domain,
        campaigns: [stopped, { name: 'Help line', type: 'INBOUND', script: 'Another' }],
      },
      settings,
    );

    expect(found['handoff.number']).toMatchObject({
      status: 'fail',
      found: 'no inbound campaign with a number runs Patchbay Winter inbound',
    });
  });

  async function scriptOf(url: string, name: string): Promise<string> {
    const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:tns="http://service.admin.ws.five9.com/"><soap:Body><tns:getIVRScripts><namePattern>${name}</namePattern></tns:getIVRScripts></soap:Body></soap:Envelope>`;
    const authorization = `Basic ${Buffer.from('ada@example:engine').toString('base64')}`;
    const answer = await fetch(`${url}/wsadmin/v13/AdminWebService`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'text/xml' },
      body,
    });
    const escaped = /<xmlDefinition>([\s\S]*?)<\/xmlDefinition>/.exec(await answer.text())?.[1] ?? '';
    return escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  }
});
