import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { namedChecks, runInOrder } from '../../../src/domain/check-order.ts';
import { seedScript } from '../../simulators/five9/ivr/seed-script.ts';
import type { SeedInput } from '../../simulators/five9/options.ts';
import { dialerFor } from '../../support/healthy/five9.ts';
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
const running = { ...stopped, state: 'RUNNING' as const };
const bound: SeedInput = {
  campaigns: [
    { ...running, script: 'Patchbay Spring' },
    { ...running, name: 'Winter', script: 'Patchbay Winter' },
    { name: 'Help line', type: 'INBOUND', ani: '8885550177', script: 'Patchbay Winter inbound' },
  ],
};

type Run = Awaited<ReturnType<typeof startDomain>>['run'];

async function look(run: Run) {
  const { code, results } = await run('check', { json: true });
  return { code, results, found: Object.fromEntries(results.map((each) => [each.id, each])) };
}

function notOk(found: Record<string, Record<string, string>>, status: string): string[] {
  return Object.entries(found).flatMap(([id, each]) => (each.status === status ? [id] : []));
}

describe('patchbay five9 check', () => {
  it('finds nothing once an admin has run the commands in order, bound the scripts and started the campaigns', async () => {
    const { simulator, run } = await startDomain(domain, settings);

    const before = await look(run);
    for (const name of ['fields', 'keys', 'dispositions', 'call-variables']) {
      expect(await run(name, { apply: true })).toMatchObject({ code: 0 });
    }
    expect(await run('script', { all: true, apply: true })).toMatchObject({ code: 0 });
    simulator.seed(bound);
    const after = await look(run);

    expect(before.code).toBe(1);
    expect(notOk(before.found, 'fail')).toEqual([
      'fields.known',
      'dispositions.known',
      'variables.group',
      'campaigns.script',
      'scripts.exist',
    ]);
    expect(notOk(before.found, 'warn')).toEqual(['campaigns.state']);
    expect(after.results.filter(({ status }) => status !== 'ok')).toEqual([]);
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
    expect(text).toContain('fail    fields.known: ');
    expect(text).toContain('        not in Five9: patchbay_key');
    expect(text).toContain('        → VCC Administrator → Campaigns');
  });

  it('has the same checks whatever is configured, and says what is not used', async () => {
    const wide = await look((await startDomain(domain, settings)).run);
    const bare = { campaigns: {}, callbackList: undefined, fields: {}, ivr: {} };
    const narrow = await look((await startDomain({}, bare)).run);

    expect(Object.keys(narrow.found)).toEqual(Object.keys(wide.found));
    expect(narrow.found['callbacks.list']).toMatchObject({
      status: 'ok',
      found: 'not used: no list for callbacks is configured',
    });
    expect(narrow.found['handoff.number']?.found).toMatch(/^not used: /);
    expect(notOk(narrow.found, 'unknown').filter((id) => !/^key\./.test(id))).toEqual(['scripts.variables']);
  });

  it('asks Five9 each question once', async () => {
    const { simulator, run } = await startDomain(domain, settings);
    await run('script', { all: true, apply: true });
    const before = simulator.requests().length;

    await run('check');

    const asked = simulator.requests().slice(before);
    const bodies = asked.filter(({ operation }) => operation !== 'getCallCountersState').map(({ body }) => body);
    expect(bodies.length).toBe(new Set(bodies).size);
  });
});

describe('the checks of the log-in', () => {
  it('ask nothing more when the password is refused, so that Five9 does not lock the user', async () => {
    const { simulator, run } = await startDomain(domain, settings, wrongPassword);

    const { code, found } = await look(run);
    const again = await look(run);

    expect(code).toBe(1);
    expect(found['soap.login']?.status).toBe('fail');
    expect(found['campaigns.known']).toMatchObject({
      status: 'unknown',
      found: "can't tell: needs soap.login, which failed",
    });
    expect(again.found['soap.login']?.status).toBe('fail');
    expect(simulator.requests()).toHaveLength(1);
  });

  it('try a refused password not even once more with an instance that is made anew, but a new one', async () => {
    const { simulator } = await startDomain(domain);
    const sent = () => simulator.requests().filter(({ status }) => status === 401).length;
    const check = async (password: string) => {
      const soap = { host: simulator.url, users: [{ user: 'ada@example', password }] };
      const section = { type: 'five9', domainTimeZone: 'America/New_York', soap };
      const dialer = dialerFor('five9', section, { publicUrl: 'https://patchbay.example.com' });
      const judged = await runInOrder(namedChecks([dialer]), { atOnce: 4 });
      await dialer.close();
      return judged.get('five9:soap.login')?.status;
    };

    const tried = [await check('babbage'), await check('babbage')];
    const sentFirst = sent();
    const changed = await check('engine');

    expect(tried).toEqual(['fail', 'fail']);
    expect(sentFirst).toBe(1);
    expect(changed).toBe('ok');
  });

  it('try each user of the pool once, and name the one that is refused by its place', async () => {
    const users = [
      { user: 'ada@example', password: 'engine' },
      { user: 'grace@example', password: 'wrong' },
      { user: 'grace@example', password: 'wrong' },
    ];
    const { simulator, run } = await startDomain(domain, settings, { soap: { users } });

    const { found } = await look(run);
    await look(run);

    expect(found['soap.login']).toMatchObject({ status: 'ok', found: '1 of 2 API users' });
    expect(found['users.credentials']).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/^refused: user 2 of soap\.users/),
    });
    expect(found['users.single-use']).toMatchObject({ found: expect.stringContaining('user 3 of soap.users') });
    expect(simulator.requests().filter(({ status }) => status === 401)).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain('grace');
  });

  it('cost one time-out when nobody answers, not one each', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const users = [{ user: 'ada@example', password: 'engine' }];
    const soap = { host: `http://127.0.0.1:${port}`, users, timeoutMs: 500 };
    const section = { type: 'five9', ...springSettings, ...settings, soap };
    const dialer = dialerFor('five9', section, { publicUrl: 'https://patchbay.example.com' });

    const began = performance.now();
    const judged = await runInOrder(namedChecks([dialer]), { atOnce: 4 });
    const took = performance.now() - began;
    silent.close();
    silent.closeAllConnections();

    expect(judged.get('five9:soap.reachable')).toMatchObject({
      status: 'fail',
      found: '127.0.0.1: no answer in time',
    });
    const behind = [...judged.values()].filter(({ status }) => status === 'unknown');
    expect(behind.length).toBeGreaterThan(50);
    for (const { causes } of behind) expect(causes).toEqual(['five9:soap.reachable']);
    expect(took).toBeLessThan(1000);
    await dialer.close();
  });

  const regions = [
    ['https://api.five9.com', 'ok', 'api.five9.com: United States'],
    ['https://api.eu.five9.com', 'ok', 'api.eu.five9.com: European Union (Frankfurt)'],
    ['https://api.in.five9.com', 'warn', 'api.in.five9.com (India), and no soap.dataCentreTimeZone'],
    ['https://api.example.com', 'warn', "api.example.com is none of Five9's documented hosts"],
    ['http://api.five9.com', 'fail', 'http://api.five9.com is not https'],
    ['https://api.five9.com/wsadmin/v13', 'fail', 'https://api.five9.com/wsadmin/v13 has more than a host'],
  ] as const;

  it('tell the clock of the data centre from that of the domain', async () => {
    const users = [{ user: 'ada@example', password: 'engine' }];
    const soap = { host: 'https://api.five9.eu', users, dataCentreTimeZone: 'America/New_York' };
    const section = { type: 'five9', domainTimeZone: 'America/New_York', soap };
    const dialer = dialerFor('five9', section, { publicUrl: 'https://patchbay.example.com' });

    const result = await dialer
      .checks()
      .find(({ id }) => id === 'soap.region')
      ?.run();

    expect(result).toMatchObject({
      status: 'warn',
      found: 'api.five9.eu (United Kingdom) keeps Europe/London, configured is America/New_York',
    });
    await dialer.close();
  });

  it.each(regions)('judge the host %s: %s', async (host, status, found) => {
    const users = [{ user: 'ada@example', password: 'engine' }];
    const section = { type: 'five9', domainTimeZone: 'America/New_York', soap: { host, users } };
    const dialer = dialerFor('five9', section, { publicUrl: 'https://patchbay.example.com' });

    const result = await dialer
      .checks()
      .find(({ id }) => id === 'soap.region')
      ?.run();

    expect(result).toMatchObject({ status, found });
    await dialer.close();
  });
});

describe('the checks of campaigns', () => {
  const outbound = { ...running, type: 'OUTBOUND' as const };
  const checked = async (seed: SeedInput, more: Record<string, unknown> = {}) =>
    (await look((await startDomain({ ...domain, ...seed }, more)).run)).found;

  it('accept queue expiration, and do not judge a campaign that is there for results alone', async () => {
    const without = await checked({ campaigns: [outbound] }, { campaigns: { Spring: campaign } });
    const onlyWritten = await checked({ campaigns: [outbound] });

    const found = 'Spring: on queue expiration it does DROP_CALL';
    expect(without['campaigns.script']).toMatchObject({ status: 'fail', found });
    expect(onlyWritten['campaigns.script']).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('no campaign'),
    });
  });

  it('leave the script of somebody else to its owner where none is described', async () => {
    const text = seedScript(names).replaceAll('https://patchbay.example.com', 'https://elsewhere.example.com');
    const scripts = [{ name: 'Old one', xmlDefinition: text }];
    const { 'scripts.ours': ours, 'campaigns.bound': which } = await checked({
      scripts,
      campaigns: [{ ...running, script: 'Old one' }],
    });

    expect(ours).toMatchObject({ status: 'warn', found: 'nothing in it asks Patchbay: Old one' });
    expect(which?.status).toBe('ok');
  });
});
