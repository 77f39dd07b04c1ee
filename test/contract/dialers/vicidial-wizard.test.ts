import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vicidial as connector, VicidialConfig } from '../../../connectors/vicidial/index.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Asker, WizardSite } from '../../../src/domain/setup.ts';
import { templateAsker } from '../../../src/flows/setup/answers-template.ts';
import { madeUpApiUser } from '../../simulators/vicidial/made-up-site.ts';
import { startVicidialFixture, type VicidialFixture } from './vicidial-fixture.ts';

type Answers = Record<string, string | boolean | readonly string[]>;

/** Gives the answers by their keys, else the default; an answer that is judged bad fails the test. */
function scripted(answers: Answers, isRehearsal = false): Asker & { said: string[]; asked: string[] } {
  const said: string[] = [];
  const asked: string[] = [];
  function answer<T>(key: string, byDefault: T | undefined): T {
    asked.push(key);
    const given = (answers[key] as T | undefined) ?? byDefault;
    if (given === undefined) throw new Error(`no answer to ${key}`);
    return given;
  }
  const text: Asker['text'] = async ({ key, byDefault, judge }) => {
    const given = answer(key, byDefault);
    const fault = judge?.(given) ?? null;
    if (fault) throw new Error(`${key}: "${given}": ${fault}`);
    return given;
  };
  return {
    said,
    asked,
    isRehearsal,
    text,
    secret: text,
    confirm: async ({ key, byDefault }) => answer(key, byDefault),
    async choose({ key, choices, byDefault }) {
      const given = answer(key, byDefault);
      if (!choices.some(({ value }) => value === given)) throw new Error(`${key}: ${given} is no choice`);
      return given;
    },
    async chooseSome({ key, choices, byDefault }) {
      const given = answer(key, byDefault);
      const odd = given.find((each) => !choices.some(({ value }) => value === each));
      if (odd !== undefined) throw new Error(`${key}: ${odd} is no choice`);
      return [...given];
    },
    say: (line) => void said.push(line),
  };
}

const sigmamind = { platform: 'sigmamind', sipHost: 'sip.platform.example.com' };
const numbers = [
  { ...sigmamind, number: '+19895551234', agentId: 'agent_spring', agentName: 'Spring' },
  { ...sigmamind, number: '+19895559999', agentId: 'agent_autumn', agentName: 'Autumn' },
];

describe('the wizard of VICIdial', () => {
  let vicidial: VicidialFixture;
  let secrets: Map<string, string>;
  beforeAll(async () => {
    vicidial = await startVicidialFixture();
  });
  afterAll(() => vicidial.stop());

  function siteOf(present: Record<string, unknown> | null = null): WizardSite<ConnectorDeps> {
    secrets = new Map();
    return {
      id: 'vicidial',
      publicUrl: 'https://patchbay.example.com',
      deps: { clock: vicidial.clock } as Partial<ConnectorDeps> as ConnectorDeps,
      numbers,
      present,
      valueOf: (text) => text.replace(/\$\{(\w+)\}/g, (_, name: string) => secrets.get(name) ?? ''),
      keepSecret(name, value) {
        secrets.set(name, value);
        return `\${${name}}`;
      },
      makeClient: ({ name }) => `\${${name.toUpperCase()}_KEY}`,
    };
  }

  function accessAnswers(): Answers {
    const { api, database } = vicidial.settings() as { api: { url: string }; database: Record<string, unknown> };
    return {
      'vicidial.api.url': api.url.replace('/vicidial/non_agent_api.php', ''),
      'vicidial.api.pass': madeUpApiUser.pass,
      'vicidial.database.host': String(database.host),
      'vicidial.database.port': String(database.port),
      'vicidial.database.user': String(database.user),
      'vicidial.database.password': String(database.password),
      'vicidial.campaigns': ['SPRING'],
      'vicidial.carrier.prefix': '7800',
    };
  }

  /** The section as the configuration holds it, secrets filled in. */
  function configOf(section: Record<string, unknown>): VicidialConfig {
    const filled = JSON.stringify(section).replace(/\$\{(\w+)\}/g, (_, name: string) => secrets.get(name) ?? '');
    return VicidialConfig.parse(JSON.parse(filled));
  }

  it('asks for the two accounts and reads the rest', async () => {
    const ask = scripted({ ...accessAnswers(), 'vicidial.remoteAgents.SPRING.user': '8001' });
    const { section } = await connector.wizard(ask, siteOf());

    const config = configOf(section);
    expect(config).toMatchObject({
      timeZone: 'America/Denver',
      sync: { lists: [101] },
      carrier: {
        prefix: '7800',
        host: 'sip.platform.example.com',
        number: '+19895551234',
        tech: 'chan_sip',
        transport: 'tcp',
        srtp: false,
        headersBy: 'curl',
      },
      remoteAgents: [{ user: '8001', lines: 3, campaign: 'SPRING', server: '10.10.10.15' }],
    });
    expect(config.campaigns.SPRING?.dispositions).toMatchObject({ opt_out: 'DNC', sale: 'SALE', hung_up: 'AIHU' });
    expect(config.campaigns.SPRING?.number).toBeUndefined();
    expect(JSON.stringify(section)).not.toContain(madeUpApiUser.pass);
    expect(secrets.get('VICIDIAL_API_PASS')).toBe(madeUpApiUser.pass);
    expect(ask.said.join('\n')).toContain('Prefixes in use by carriers and campaigns: 7700, 9.');
    for (const secret of vicidial.secrets) expect(ask.said.join('\n')).not.toContain(secret);
  });

  it('proposes a prefix that is free', async () => {
    const { 'vicidial.carrier.prefix': _, ...answers } = accessAnswers();
    const { section } = await connector.wizard(scripted(answers), siteOf());

    expect(section.carrier).toMatchObject({ prefix: '8800' });
  });

  it('gives a campaign of its own agent its own number, and takes the remote agents that are there', async () => {
    const answers = {
      ...accessAnswers(),
      'vicidial.database.use': true,
      'vicidial.carrier.prefix': '7700',
      'vicidial.campaigns': ['SPRING', 'AUTUMN'],
      'vicidial.campaigns.AUTUMN.number': '+19895559999',
      'vicidial.remoteAgents.AUTUMN.user': '8001',
    };
    await vicidial.sql("INSERT INTO vicidial_campaigns SET campaign_id = 'AUTUMN', campaign_name = 'Autumn'", []);
    const present = { carrier: { prefix: '7700' } };
    const ask = scripted(answers);
    const { section } = await connector.wizard(ask, siteOf(present));
    await vicidial.sql("DELETE FROM vicidial_campaigns WHERE campaign_id = 'AUTUMN'", []);

    expect(configOf(section).campaigns.AUTUMN?.number).toBe('+19895559999');
    expect(ask.asked).not.toContain('vicidial.remoteAgents.SPRING.user');
    expect(configOf(section).remoteAgents.map(({ user, campaign }) => `${user} ${campaign}`)).toEqual([
      '7001 SPRING',
      '8001 AUTUMN',
    ]);
  });

  it('does without a database by asking what it would hold', async () => {
    const answers = {
      ...accessAnswers(),
      'vicidial.database.use': false,
      'vicidial.campaigns': 'SPRING, AUTUMN',
      'vicidial.lists': '101',
      'vicidial.remoteAgents.SPRING.server': '10.10.10.15',
      'vicidial.carrier.prefix': '7800',
    };
    const { section } = await connector.wizard(scripted(answers), siteOf());

    const config = configOf(section);
    expect(config.database).toBeUndefined();
    expect(config.timeZone).toBe('America/Denver');
    expect(config.remoteAgents.map(({ user }) => user)).toEqual(['7001', '8001']);
    expect(config.campaigns.SPRING?.dispositions).toMatchObject({ opt_out: 'DNC' });
  });

  it('goes on with a wrong password, says so, and never twice', async () => {
    const ask = scripted({ ...accessAnswers(), 'vicidial.api.pass': 'wrongPass99' });
    await connector.wizard(ask, siteOf());

    expect(ask.said.join('\n')).toContain('did not accept the API user');
    const [user] = await vicidial.sql("SELECT failed_login_count FROM vicidial_users WHERE user = 'patchbay'", []);
    expect(user?.failed_login_count).toBe(1);
    await vicidial.sql("UPDATE vicidial_users SET failed_login_count = 0 WHERE user = 'patchbay'", []);
  });

  it('prints the grants before the user is there', async () => {
    const ask = scripted({
      ...accessAnswers(),
      'vicidial.campaigns': 'SPRING',
      'vicidial.database.user': 'nobody',
      'vicidial.database.printGrants': true,
    });
    const { section } = await connector.wizard(ask, siteOf());

    expect(ask.said.join('\n')).toContain("CREATE USER 'nobody'@");
    expect(ask.said.join('\n')).toContain('Go on');
    expect(configOf(section).database).toMatchObject({ user: 'nobody' });
  });

  it('keeps what is configured as its defaults', async () => {
    const { section } = await connector.wizard(scripted(accessAnswers()), siteOf());
    const kept = new Map(secrets);
    const again = scripted({});
    const site = siteOf(section);
    for (const [name, value] of kept) secrets.set(name, value);

    const second = await connector.wizard(again, site);

    const fields = { comments: 'summary' };
    const { SPRING } = second.section.campaigns as Record<string, object>;
    expect(configOf({ ...second.section, campaigns: { SPRING: { ...SPRING, fields } } })).toEqual(configOf(section));
  });

  it('keeps lines and server of each remote agent that is there', async () => {
    const { section } = await connector.wizard(scripted(accessAnswers()), siteOf());
    await vicidial.sql(
      "INSERT INTO vicidial_remote_agents SET user_start = '7101', number_of_lines = 5, server_ip = '10.10.10.16', conf_exten = '770019895551234', status = 'INACTIVE', campaign_id = 'SPRING'",
      [],
    );
    const remoteAgents = [{ user: '7001', lines: 3, campaign: 'SPRING', server: '10.10.10.15' }];
    const answers = { ...accessAnswers(), 'vicidial.carrier.prefix': '7700' };
    const present = { ...section, carrier: { prefix: '7700' }, remoteAgents };
    const second = await connector.wizard(scripted(answers), siteOf(present));
    await vicidial.sql("DELETE FROM vicidial_remote_agents WHERE user_start = '7101'", []);

    expect(second.section.remoteAgents).toEqual([
      ...remoteAgents,
      { user: '7101', lines: 5, campaign: 'SPRING', server: '10.10.10.16' },
    ]);
  });

  it('takes a campaign out that is not chosen any more', async () => {
    const { section } = await connector.wizard(
      scripted({ ...accessAnswers(), 'vicidial.database.use': true }),
      siteOf({ campaigns: { '*': {}, WINTER: { dispositions: { sale: 'SALE' } } } }),
    );
    const { campaigns } = section as { campaigns: Record<string, unknown> };

    expect(Object.keys(campaigns).sort()).toEqual(['SPRING', 'WINTER']);
    expect(campaigns.WINTER).toBeUndefined();
  });

  it('makes the key of the Start Call URL whatever the way of the headers', async () => {
    const clients: string[] = [];
    const site = siteOf();
    const makeClient: typeof site.makeClient = (client) => {
      clients.push(client.name);
      return site.makeClient(client);
    };
    const answers = { ...accessAnswers(), 'vicidial.carrier.headersBy': 'set-variables' };
    await connector.wizard(scripted(answers), { ...site, makeClient });

    expect(clients).toEqual(['asterisk']);
  });

  it('gets through all its questions without an answer', async () => {
    const { ask, text } = templateAsker({ 'vicidial.campaigns': 'SPRING' });
    await connector.wizard(ask, { ...siteOf(), numbers: [] });

    expect(text()).toContain('vicidial.campaigns.SPRING.number:');
    expect(text()).toContain('vicidial.remoteAgents.SPRING.lines: "3"');
  });

  it('sends nothing in a rehearsal', async () => {
    const before = (await vicidial.sql('SELECT COUNT(*) AS count FROM vicidial_api_log', []))[0];
    const answers = { ...accessAnswers(), 'vicidial.api.url': 'http://127.0.0.1:9', 'vicidial.campaigns': 'SPRING' };
    const ask = scripted({ ...answers, 'vicidial.timeZone': 'America/Denver' }, true);
    await connector.wizard(ask, siteOf());

    expect(ask.said.join('\n')).not.toContain('did not answer');
    expect((await vicidial.sql('SELECT COUNT(*) AS count FROM vicidial_api_log', []))[0]).toEqual(before);
  });
});
