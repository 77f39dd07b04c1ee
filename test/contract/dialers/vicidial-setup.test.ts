import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { vicidial as connector, VicidialConfig } from '../../../connectors/vicidial/index.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import type { SetupStep } from '../../../src/domain/setup.ts';
import { startHealthyVicidial } from '../../support/healthy/vicidial.ts';
import { handClock } from './hand-clock.ts';
import { type KeptRun, keptRun } from './kept-run.ts';
import { depsOn, startVicidialFixture, type VicidialFixture } from './vicidial-fixture.ts';

describe('the set-up of VICIdial', () => {
  let vicidial: VicidialFixture;
  beforeAll(async () => {
    vicidial = await startVicidialFixture();
  });
  afterAll(() => vicidial.stop());
  beforeEach(async () => {
    await sql(
      "UPDATE vicidial_users SET ast_admin_access = '1', api_allowed_functions = ' ALL_FUNCTIONS ' WHERE user = 'patchbay'",
    );
  });

  const sql = (statement: string, values: (string | number)[] = []) => vicidial.sql(statement, values);
  const connect = (change: Record<string, unknown> = {}, deps: Partial<ConnectorDeps> = {}) =>
    vicidial.connect((config) => {
      Object.assign(config, { remoteAgents: [{ user: '7001', lines: 3, campaign: 'SPRING' }], ...change });
      const { SPRING } = config.campaigns as Record<string, unknown>;
      config.campaigns = change.campaigns ?? { SPRING };
    }, deps);
  const campaign = async () =>
    (await sql("SELECT * FROM vicidial_campaigns WHERE campaign_id = 'SPRING'"))[0] as Record<string, unknown>;

  function stepOf(dialer: Dialer, id: string): SetupStep & Required<Pick<SetupStep, 'plan' | 'apply'>> {
    const step = dialer.setupSteps?.find((each) => each.id === id);
    if (!step?.plan || !step.apply) throw new Error(`there is no step ${id} that is applied`);
    return step as SetupStep & Required<Pick<SetupStep, 'plan' | 'apply'>>;
  }

  const statesOf = async (step: Required<Pick<SetupStep, 'plan'>>) =>
    (await step.plan()).map(({ what, state }) => `${what}: ${state}`);

  /** Applies a step, sees that a second time has nothing to do, and gives what was kept. */
  async function applied(step: ReturnType<typeof stepOf>): Promise<KeptRun> {
    const run = keptRun(step.id);
    await step.apply(run);
    expect((await step.plan()).filter(({ state }) => ['missing', 'differs'].includes(state))).toEqual([]);
    const again = keptRun(step.id);
    await step.apply(again);
    expect(again.things).toEqual([]);
    return run;
  }

  async function undone(step: SetupStep, run: KeptRun): Promise<string[]> {
    const kinds = [];
    for (const thing of run.things.toReversed()) kinds.push((await step.undo?.(thing))?.kind ?? '');
    return kinds;
  }

  describe('a campaign', () => {
    const asSeeded = "campaign_vdad_exten = '8368', auto_dial_level = '1', hopper_level = 50";
    beforeEach(async () => {
      await sql(
        `UPDATE vicidial_campaigns SET ${asSeeded}, dial_statuses = ' NEW NA B A AA DROP -', campaign_calldate = NULL`,
      );
    });

    it('gets a routing extension, a first level and sound dial statuses, and all of it back', async () => {
      await sql(
        "UPDATE vicidial_campaigns SET campaign_vdad_exten = '770019895551234', auto_dial_level = '3.5', dial_statuses = ' NEW DROP DNC XFER -'",
      );
      const step = stepOf(connect(), 'campaign');
      const before = await campaign();

      expect(await statesOf(step)).toEqual([
        'Routing Extension of campaign SPRING: differs',
        'XFER in Dial Statuses of campaign SPRING: differs',
        'DNC in Dial Statuses of campaign SPRING: differs',
        'Auto Dial Level of campaign SPRING: differs',
        'Minimum Hopper Level of campaign SPRING: differs',
      ]);
      const run = await applied(step);

      expect(await campaign()).toMatchObject({
        campaign_vdad_exten: '8368',
        auto_dial_level: '1',
        hopper_level: 3,
        dial_statuses: ' NEW DROP -',
      });
      expect(await undone(step, run)).toEqual(Array.from({ length: 5 }, () => 'undone'));
      expect(await campaign()).toEqual(before);
      expect(await undone(step, run)).toEqual(Array.from({ length: 5 }, () => 'gone'));
    });

    it('that has called keeps its level and its hopper', async () => {
      await sql("UPDATE vicidial_campaigns SET auto_dial_level = '4', campaign_calldate = '2026-11-19 10:00:00'");

      expect(await statesOf(stepOf(connect(), 'campaign'))).toEqual(['campaigns: there']);
    });

    it('that has called keeps a routing of its own, but not one past the remote agents', async () => {
      await sql(
        "UPDATE vicidial_campaigns SET campaign_calldate = '2026-11-19 10:00:00', campaign_vdad_exten = '85001'",
      );
      const step = stepOf(connect(), 'campaign');

      expect(await statesOf(step)).toEqual(['Routing Extension of campaign SPRING: blocked']);
      await step.apply(keptRun('campaign'));
      expect(await campaign()).toMatchObject({ campaign_vdad_exten: '85001' });
      await sql("UPDATE vicidial_campaigns SET campaign_vdad_exten = '770019895551234'");
      expect(await statesOf(step)).toEqual(['Routing Extension of campaign SPRING: differs']);
    });

    it('is left alone where somebody changed it since', async () => {
      const step = stepOf(connect(), 'campaign');
      const run = await applied(step);
      await sql('UPDATE vicidial_campaigns SET hopper_level = 200');

      expect(await undone(step, run)).toEqual(['changed']);
      expect((await campaign()).hopper_level).toBe(200);
    });

    it('is not touched by a user that may not, who is told which right is missing', async () => {
      await sql("UPDATE vicidial_users SET api_allowed_functions = ' version update_lead ' WHERE user = 'patchbay'");
      const [change] = await stepOf(connect(), 'campaign').plan();

      expect(change?.state).toBe('blocked');
      expect(change?.detail).toContain('"API allowed functions"');
      expect(change?.detail).toContain('api.setupUser');
    });

    it("is set by an admin's log-in of its own", async () => {
      await sql("UPDATE vicidial_users SET api_allowed_functions = ' version update_lead ' WHERE user = 'patchbay'");
      await sql(
        "INSERT IGNORE INTO vicidial_users SET user = 'admin', pass = 'adminPass1', user_level = 9, user_group = 'ADMIN', vdc_agent_api_access = '1', modify_campaigns = '1'",
      );
      const { api } = vicidial.settings() as { api: object };
      const step = stepOf(connect({ api: { ...api, setupUser: 'admin', setupPass: 'adminPass1' } }), 'campaign');

      await applied(step);

      expect((await campaign()).hopper_level).toBe(3);
    });

    it('that there is not is said', async () => {
      const step = stepOf(connect({ campaigns: { WINTER: {} } }), 'campaign');

      expect(await statesOf(step)).toEqual(['campaign WINTER: blocked']);
    });

    it('whose change VICIdial refuses leaves nothing to take back', async () => {
      const step = stepOf(connect(), 'campaign');
      const run = keptRun('campaign');
      await sql("UPDATE vicidial_users SET modify_campaigns = '0' WHERE user = 'patchbay'");

      await expect(step.apply(run)).rejects.toThrow('update_campaign');
      await sql("UPDATE vicidial_users SET modify_campaigns = '1' WHERE user = 'patchbay'");

      expect(run.things.map(({ state }) => state)).toEqual(['dropped']);
    });
  });

  it('makes a user for each line that has none, and says that they go by hand', async () => {
    await sql("DELETE FROM vicidial_users WHERE user IN ('7002', '7003')");
    const step = stepOf(connect(), 'line-users');

    expect(await statesOf(step)).toEqual(['user 7002: missing', 'user 7003: missing']);
    const run = await applied(step);

    const [user] = await sql("SELECT * FROM vicidial_users WHERE user = '7003'");
    expect(user).toMatchObject({ full_name: 'AI line 7003', user_level: 1, user_group: 'ADMIN' });
    expect(String(user?.pass)).toMatch(/^[A-Za-z0-9]{20}$/);
    expect(await undone(step, run)).toEqual(['by-hand', 'by-hand']);
    await sql("DELETE FROM vicidial_users WHERE user IN ('7002', '7003')");
    expect(await undone(step, run)).toEqual(['gone', 'gone']);
  });

  it('switches on the lists that are named, and asks which where none is', async () => {
    await sql("UPDATE vicidial_lists SET active = 'N'");
    const named = stepOf(connect(), 'list');
    const unnamed = stepOf(connect({ sync: { lists: [] } }), 'list');

    expect(await statesOf(unnamed)).toEqual(['list of campaign SPRING: blocked']);
    expect(await statesOf(named)).toEqual(['list 101: differs']);
    const run = await applied(named);

    expect(await sql('SELECT active FROM vicidial_lists')).toEqual([{ active: 'Y' }]);
    await sql("UPDATE vicidial_lists SET campaign_id = 'AUTUMN'");
    expect(await undone(named, run)).toEqual(['changed']);
    await sql("UPDATE vicidial_lists SET campaign_id = 'SPRING'");
    expect(await undone(named, run)).toEqual(['undone']);
    expect(await sql('SELECT active FROM vicidial_lists')).toEqual([{ active: 'N' }]);
    await sql("UPDATE vicidial_lists SET active = 'Y'");
  });

  it('changes nothing of lists and lines of a campaign that has called: somebody may have stopped them', async () => {
    await sql("UPDATE vicidial_campaigns SET campaign_calldate = '2026-11-19 10:00:00'");
    const [list, activate] = [stepOf(connect(), 'list'), stepOf(connect(), 'activate')];
    const held = () =>
      sql('SELECT a.status, number_of_lines, active FROM vicidial_remote_agents a, vicidial_lists WHERE list_id = 101');
    for (const [lists, agents] of [
      ['N', "status = 'INACTIVE', number_of_lines = 3"],
      ['Y', "status = 'ACTIVE', number_of_lines = 10"],
    ]) {
      await sql(`UPDATE vicidial_lists SET active = '${lists}'`);
      await sql(`UPDATE vicidial_remote_agents SET ${agents}`);
      const before = await held();

      expect((await activate.plan()).map(({ state }) => state)).toEqual(['blocked']);
      await list.apply(keptRun('list'));
      await activate.apply(keptRun('activate'));
      expect(await held()).toEqual(before);
    }
    await sql("UPDATE vicidial_lists SET active = 'N'");
    expect(await statesOf(list)).toEqual(['list 101: blocked']);

    await sql('UPDATE vicidial_campaigns SET campaign_calldate = NULL');
    await sql("UPDATE vicidial_lists SET active = 'Y'");
    await sql("UPDATE vicidial_remote_agents SET status = 'ACTIVE', number_of_lines = 3");
  });

  it('does not move a remote agent that is configured for every campaign', async () => {
    const agents = { remoteAgents: [{ user: '7001', lines: 3 }], campaigns: { AUTUMN: {}, SPRING: {} } };

    expect(await statesOf(stepOf(connect(agents), 'activate'))).toEqual(['remote agents: there']);
  });

  it('has the remote agent work, and stops it again', async () => {
    await sql("UPDATE vicidial_remote_agents SET status = 'INACTIVE', number_of_lines = 1");
    const step = stepOf(connect(), 'activate');

    expect(await statesOf(step)).toEqual([
      'Number of Lines of remote agent 7001: differs',
      'Status of remote agent 7001: differs',
    ]);
    const run = await applied(step);

    const look = () => sql('SELECT status, number_of_lines FROM vicidial_remote_agents');
    expect(await look()).toEqual([{ status: 'ACTIVE', number_of_lines: 3 }]);
    expect(await undone(step, run)).toEqual(['undone', 'undone']);
    expect(await look()).toEqual([{ status: 'INACTIVE', number_of_lines: 1 }]);
    await sql("UPDATE vicidial_remote_agents SET status = 'ACTIVE', number_of_lines = 3");
  });

  it('can not make a remote agent, and says where', async () => {
    const step = stepOf(connect({ remoteAgents: [{ user: '8001', lines: 2, campaign: 'SPRING' }] }), 'activate');
    const [change] = await step.plan();

    expect(change).toMatchObject({ what: 'remote agent 8001', state: 'blocked' });
    expect(change?.detail).toContain('Admin → Remote Agents');
  });

  it('asks dialers that wait to write their configuration once more', async () => {
    vicidial.simulator.setDaemon(false);
    await sql("UPDATE servers SET rebuild_conf_files = 'Y'");
    const step = stepOf(connect(), 'rebuild');

    expect(await statesOf(step)).toEqual(['configuration of the dialers: missing']);
    await step.apply(keptRun('rebuild'));
    expect((await vicidial.journal()).at(-1)).toMatchObject({ kind: 'refresh' });
    await sql("UPDATE vicidial_users SET ast_admin_access = '0' WHERE user = 'patchbay'");
    expect((await step.plan())[0]?.detail).toContain('AGC Admin Access');

    vicidial.simulator.setDaemon(true);
    await sql("UPDATE servers SET rebuild_conf_files = 'N'");
    expect(await statesOf(step)).toEqual(['configuration of the dialers: there']);
  });

  it('plans nothing by itself where nobody sees the tables', async () => {
    const dialer = connect({ database: undefined });
    const blocked = [];
    for (const step of dialer.setupSteps ?? [])
      for (const { state } of (await step.plan?.()) ?? []) blocked.push(state);

    expect(new Set(blocked)).toEqual(new Set(['blocked']));
  });

  it("describes every step with the site's own names, and without a secret", async () => {
    const { SPRING } = vicidial.settings().campaigns as Record<string, object>;
    const campaigns = { SPRING: { ...SPRING, dispositions: { qualified: 'AIQUAL', language: 'AILANG' } } };
    const dialer = connect({ campaigns, carrier: { number: '+19895551234', host: 'sip.example.com' } });
    const texts = new Map<string, string>();
    for (const step of dialer.setupSteps ?? []) texts.set(step.id, await step.describe());

    expect([...texts.keys()]).toEqual([
      ...['grants', 'api-user', 'statuses', 'custom-fields', 'carrier', 'rebuild', 'line-users', 'remote-agent'],
      ...['campaign', 'start-url', 'headers', 'list', 'activate', 'softphone-account', 'amd'],
    ]);
    expect(texts.get('statuses')).toContain('| AILANG |');
    expect(texts.get('statuses')).not.toContain('AIQUAL');
    expect(texts.get('custom-fields')).toContain('| ai_summary | AREA |');
    expect(texts.get('remote-agent')).toMatch(/Server IP: +10\.10\.10\.15 {2}/);
    expect(texts.get('remote-agent')).toMatch(/External Extension: +770019895551234/);
    expect(texts.get('list')).toContain('| 101 | List 101 | SPRING | Y |');
    expect(texts.get('line-users')).toContain('7001 7002 7003');
    expect(texts.get('softphone-account')).toContain('| SPRING | 770019895551234 |');
    const all = [...texts.values()].join('\n');
    for (const secret of vicidial.secrets) expect(all).not.toContain(secret);
    expect(all).not.toContain('undefined');
  });

  it('names checks that there are', () => {
    const dialer = connect();
    const known = new Set(dialer.checks().map(({ id }) => id));
    const named = (dialer.setupSteps ?? []).flatMap(({ checks }) => checks);

    expect(named.filter((id) => !known.has(id))).toEqual([]);
    expect(named.length).toBeGreaterThan(40);
  });

  it('describes it also while the database is away', async () => {
    await vicidial.goDown();
    const texts = [];
    for (const step of connect().setupSteps ?? []) texts.push(await step.describe());
    await vicidial.comeUp();

    expect(texts.join('\n')).toContain('DIALER_IP');
  });
});

it('finds nothing to do on a site that is set up, by a database user with the printed grants', async () => {
  const clock = handClock('2026-11-20T17:00:00.000Z');
  const healthy = await startHealthyVicidial({ publicUrl: 'https://patchbay.example.com', clock });
  // It has called before, so its levels are its own.
  await healthy.sql("UPDATE vicidial_campaigns SET campaign_calldate = '2026-11-19 10:00:00'");
  await healthy.sql("UPDATE servers SET rebuild_conf_files = 'N'");
  const dialer = connector.create('vicidial', VicidialConfig.parse(healthy.section), depsOn(clock, []));

  const planned = new Map<string, string[]>();
  for (const { id, plan } of dialer.setupSteps ?? [])
    if (plan)
      planned.set(
        id,
        (await plan()).map(({ state }) => state),
      );
  const texts = await Promise.all((dialer.setupSteps ?? []).map(({ describe: text }) => text()));
  await dialer.close();
  await healthy.stop();

  expect(Object.fromEntries(planned)).toEqual({
    ...{ rebuild: ['there'], 'line-users': ['there'], campaign: ['there'], list: ['there'], activate: ['there'] },
  });
  expect(texts.join('\n')).toContain('Every status of the mapping exists.');
  expect(texts.join('\n')).not.toMatch(/LINE_USER|DIALER_IP/);
});
