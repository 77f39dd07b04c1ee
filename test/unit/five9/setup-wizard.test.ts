import { afterEach, describe, expect, it } from 'vitest';
import { Five9Config, five9 } from '../../../connectors/five9/index.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Asker, WizardSite } from '../../../src/domain/setup.ts';
import { answersAsker } from '../../../src/flows/setup/answers-asker.ts';
import { templateAsker } from '../../../src/flows/setup/answers-template.ts';
import { domain, offlineDeps, password } from '../../contract/dialers/five9-setup-site.ts';
import { type Five9Simulator, startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import { realClock } from '../../support/real-clock.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const reference = (name: string) => `\${${name}}`;

const numbers = [
  { platform: 'sigmamind', number: '+19895551235', agentId: 'agent_spring_five9', agentName: 'Spring agent' },
  { platform: 'sigmamind', number: '+19895551236', agentId: 'agent_summer', agentName: 'Summer agent' },
];

async function startDomain(): Promise<Five9Simulator> {
  const simulator = await startFive9Simulator({
    clock: realClock,
    users: [
      { name: 'ada@example', password },
      { name: 'ben@example', password: 'difference-engine' },
    ],
    seed: {
      ...domain,
      dispositions: ['Sold', 'DNC', { name: 'Callback', type: 'RedialNumber' }],
      contactFields: [{ name: 'five9_last', mapTo: 'LastDisposition' }, { name: 'own_key' }],
      skills: [{ id: 300_101, name: 'Sales' }],
    },
  });
  stops.push(() => simulator.stop());
  return simulator;
}

/** What a wizard is told and tells. */
async function run(
  answers: Record<string, unknown>,
  more: Partial<Pick<WizardSite<ConnectorDeps>, 'present' | 'numbers'>> & { ask?: Asker } = {},
) {
  const said: string[] = [];
  const secrets = new Map<string, string>();
  const clients: unknown[] = [];
  const { ask, open, unused } = answersAsker(answers, (line) => void said.push(line));
  const away = () => Promise.reject(new Error('there is no store'));
  const { section } = await five9.wizard(more.ask ?? ask, {
    id: 'five9',
    publicUrl: 'https://patchbay.example.com',
    deps: { ...offlineDeps(), withLease: away },
    numbers: more.numbers ?? numbers,
    present: more.present ?? null,
    valueOf: (text) => (text === reference('FIVE9_PASSWORD') ? password : ''),
    keepSecret(name, value) {
      secrets.set(name, value);
      return reference(name);
    },
    makeClient(client) {
      clients.push(client);
      return reference('FIVE9_IVR_KEY');
    },
  });
  return { section, said: said.join('\n'), secrets, clients, open: open(), unused: unused() };
}

const access = (simulator: Five9Simulator) => ({
  'five9.host': 'other',
  'five9.host.other': simulator.url,
  'five9.users': 'ada@example, ben@example',
  'five9.users.1.password': password,
  'five9.users.2.password': 'difference-engine',
});

describe('the wizard of Five9', () => {
  it('asks who may log in, reads the domain, and asks only for the rest', async () => {
    const simulator = await startDomain();

    const { section, said, secrets, clients, open, unused } = await run({
      ...access(simulator),
      'five9.campaigns': ['Spring outbound', 'Autumn'],
      'five9.campaigns.Autumn.number': '+19895551236',
      'five9.campaigns.Autumn.handoff': 'B',
      'five9.campaigns.Autumn.connection': 'carrier',
    });

    expect([open, unused]).toEqual([[], []]);
    const soap = section.soap as Record<string, unknown>;
    expect(soap).toEqual({
      host: simulator.url,
      users: [
        { user: 'ada@example', password: reference('FIVE9_PASSWORD') },
        { user: 'ben@example', password: reference('FIVE9_PASSWORD_2') },
      ],
    });
    expect([...secrets]).toEqual([
      ['FIVE9_PASSWORD', password],
      ['FIVE9_PASSWORD_2', 'difference-engine'],
    ]);
    expect(clients).toEqual([{ name: 'five9-ivr', may: ['dialer'] }]);
    expect(said).toContain('The domain can be read: 4 campaigns, 1 lists, 1 skills, 3 dispositions.');
    expect(said).toContain('Spring outbound is outbound: only calls for which no agent is free in time');
    expect(said).not.toContain(password);
    expect(section).toMatchObject({
      fields: { lastDisposition: 'five9_last', lastAgentDisposition: 'last_agent_disposition' },
      callbackList: 'AI callbacks',
      ivr: { seedScript: 'Patchbay seed' },
      campaigns: {
        'Spring outbound': {
          connection: 'pop',
          script: { transferTo: '+19895551235', skill: 'Sales', handoff: 'A' },
          dispositions: { sale: 'Sold', callback: 'Callback', opt_out: 'AI - Do not call', busy: 'AI - No contact' },
        },
        Autumn: {
          connection: 'carrier',
          script: { inboundCampaign: 'Handed back', inboundNumber: '+18885550188', handoff: 'B' },
        },
      },
    });
    const users = [{ user: 'ada@example', password }];
    expect(Five9Config.safeParse({ ...section, soap: { ...soap, users } }).error).toBeUndefined();
    expect(
      simulator.requests().filter(({ operation }) => /^(create|modify|delete|add|remove|set)/.test(operation)),
    ).toEqual([]);
  });

  it('proposes no inbound campaign that has a script for the calls that come back', async () => {
    const simulator = await startDomain();
    const inUse = { name: 'Handed back', type: 'INBOUND' as const, script: 'Help line menu' };
    simulator.seed({ campaigns: [inUse], scripts: [{ name: 'Help line menu', xmlDefinition: '<ivrScript/>' }] });

    const { section } = await run({
      ...access(simulator),
      'five9.campaigns': ['Autumn'],
      'five9.campaigns.Autumn.handoff': 'B',
    });

    expect(section).toHaveProperty(['campaigns', 'Autumn', 'script', 'inboundCampaign'], 'AI handed back');
  });

  it('warns of a campaign that can run no script', async () => {
    const simulator = await startDomain();
    simulator.seed({ campaigns: [{ name: 'Winter', members: { dialingMode: 'PREVIEW' } }] });

    const { said } = await run({ ...access(simulator), 'five9.campaigns': ['Winter', 'Handed back'] });

    expect(said).toContain('Mind: Winter is preview mode: an agent has every call');
    expect(said).toContain('Mind: Handed back is inbound: places no calls');
  });

  it('takes what is configured for its defaults', async () => {
    const simulator = await startDomain();
    const present = {
      soap: { host: simulator.url, users: [{ user: 'ada@example', password: reference('FIVE9_PASSWORD') }] },
      domainTimeZone: 'America/Denver',
      numberFormat: 'e164',
      keyField: 'own_key',
      fields: { lastDispositionAt: 'own_time' },
      callbackList: 'Own callbacks',
      ivr: { seedScript: 'Own seed', callVariableGroup: 'Own' },
      campaigns: {
        Summer: {
          connection: 'carrier',
          dispositions: { sale: 'Sold' },
          fields: { own: 'summary' },
          script: { transferTo: '+12125550100', skill: 'Others', handoff: 'A' },
        },
      },
    };

    const { section, open, said } = await run({}, { present });

    expect(open).toEqual([]);
    expect(said).toContain('Summer: the mapping of its 1 outcomes stays as it is.');
    expect(section).toMatchObject({
      ...present,
      fields: { ...present.fields, lastDisposition: 'five9_last' },
      campaigns: {},
    });
    expect(section.campaigns).toEqual({
      Summer: {
        connection: 'carrier',
        dispositions: { sale: 'Sold' },
        script: { transferTo: '+12125550100', skill: 'Others', handoff: 'A' },
      },
    });
  });

  it('goes on by its questions where nobody can log in, and tries each password once', async () => {
    const simulator = await startDomain();

    const { section, said } = await run({
      ...access(simulator),
      'five9.users.1.password': 'wrong',
      'five9.users.2.password': 'wrong',
      'five9.campaigns': 'Spring outbound',
      'five9.campaigns.Spring outbound.skill': 'Sales',
    });

    expect(said).toContain('ada@example could not log in');
    expect(said).toContain('ben@example could not log in');
    expect(simulator.requests().map(({ operation, fault }) => `${operation} ${fault}`)).toEqual([
      'getCallCountersState 401',
      'getCallCountersState 401',
    ]);
    expect(section).toMatchObject({ campaigns: { 'Spring outbound': { script: { skill: 'Sales' } } } });
  });

  it('prints its questions without a system, and those of a campaign that is named', async () => {
    const empty = templateAsker();
    const named = templateAsker({
      'five9.campaigns': 'Spring outbound',
      'five9.campaigns.Spring outbound.handoff': 'B',
    });

    await run({}, { ask: empty.ask, numbers: [] });
    await run({}, { ask: named.ask });

    expect(empty.text()).toContain('five9.users.1.password:');
    for (const key of ['number', 'connection', 'skill', 'inboundCampaign', 'inboundNumber', 'mapping']) {
      expect(named.text()).toContain(`five9.campaigns.Spring outbound.${key}:`);
    }
  });

  it('sends nothing in a rehearsal', async () => {
    const simulator = await startDomain();

    const { open } = await run({ ...access(simulator), 'five9.users.1.password': null }, { numbers: [] });

    expect(open.map(({ question }) => question.key)).toContain('five9.users.1.password');
    expect(simulator.requests()).toEqual([]);
  });
});
