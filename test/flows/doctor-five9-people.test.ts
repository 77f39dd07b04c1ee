import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Dialer } from '../../src/domain/dialer.ts';
import { namedChecks, runChecks } from '../../src/flows/doctor/run-checks.ts';
import { hangUp, script, start } from '../simulators/five9/ivr/write-script.ts';
import { dialerFor, type Five9Section, type HealthyFive9, startHealthyFive9 } from '../support/healthy/five9.ts';

const publicUrl = 'https://patchbay.example.com';
const lists = ['Spring leads'];
let site: HealthyFive9;
const opened: Dialer[] = [];

beforeAll(async () => {
  site = await startHealthyFive9({ publicUrl });
  const goodbye = { actionType: 'START_IVR_SCRIPT', actionArgument: 'Goodbye' };
  const running = { state: 'RUNNING' as const, lists };
  site.simulator.seed({
    scripts: [{ name: 'Goodbye', xmlDefinition: script([start('End'), hangUp('End', 1001, 'AI - Talked', true)], {}) }],
    campaigns: [
      { ...running, name: 'Preview people', type: 'OUTBOUND', members: { dialingMode: 'PREVIEW' } },
      {
        ...running,
        name: 'Auto people',
        type: 'AUTODIAL',
        script: 'Goodbye',
        members: { dialIfAgentsAvailable: true },
      },
      {
        ...running,
        ...{ name: 'Power people', type: 'OUTBOUND', script: 'Goodbye', state: 'NOT_RUNNING' },
        members: {
          ...{ dialingMode: 'POWER', callAnalysisMode: 'NO_ANALYSIS', actionOnAnswerMachine: goodbye },
          maxQueueTime: { days: 0, hours: 0, minutes: 2, seconds: 0 },
        },
      },
    ],
  });
});
afterAll(async () => {
  for (const dialer of opened) await dialer.close();
  await site.stop();
});

function connect(change: (section: Five9Section) => void): Dialer {
  const section = structuredClone(site.section);
  change(section);
  const dialer = dialerFor('five9', section, { publicUrl });
  opened.push(dialer);
  return dialer;
}

const people = ['Preview people', 'Auto people', 'Power people'];

it('does not judge campaigns that are configured for their results alone: people take their calls', async () => {
  const dialer = connect(({ campaigns }) => {
    const { dispositions } = campaigns['Spring outbound'];
    for (const name of people) campaigns[name] = { dispositions };
  });

  const checked = await runChecks(namedChecks([dialer]));
  const view = await dialer.view?.().read();

  expect(checked.filter(({ status }) => status !== 'ok').map(({ id, found }) => `${id} ${found}`)).toEqual([]);
  expect(view?.routes.map(({ campaign }) => campaign)).toEqual(['Spring outbound']);
});

it('judges one of them as soon as its script is described', async () => {
  const dialer = connect(({ campaigns }) => {
    campaigns['Preview people'] = campaigns['Spring outbound'];
    campaigns['Auto people'] = campaigns['Spring outbound'];
  });

  const checked = await runChecks(namedChecks([dialer]));

  expect(checked.find(({ id }) => id === 'five9:campaigns.type')).toMatchObject({
    status: 'fail',
    found: 'in preview mode: Preview people',
  });
});

it('tells a key that is a field of Five9 by another fix than emptying it', async () => {
  site.simulator.change(({ contacts, clock }) => {
    for (const contact of contacts.find([])) contacts.set(contact, 'company', 'Example', clock.now());
  });
  const dialer = connect((section) => {
    section.keyField = 'company';
  });

  const checked = await runChecks(namedChecks([dialer]));

  const unique = checked.find(({ id }) => id === 'five9:key.unique');
  expect(unique).toMatchObject({ status: 'fail', fix: expect.stringContaining('Set keyField') });
});

it('does not ask for the right to install scripts where none is described', async () => {
  const rights = {
    CanUseAdminSoapApi: true,
    ManageCRM: true,
    ManageLists: true,
    ManageDNC: true,
    EditDispositions: true,
  };
  site.simulator.change(({ users }) => {
    for (const [name, held] of users) users.set(name, { ...held, permissions: rights });
  });
  const find = async (change: (section: Five9Section) => void) =>
    (await runChecks(namedChecks([connect(change)]))).find(({ id }) => id === 'five9:users.permissions');

  const plain = await find(({ campaigns, ivr }) => {
    delete campaigns['Spring outbound'].script;
    delete ivr.callVariableGroup;
  });

  expect(plain?.status).toBe('ok');
  expect(await find(() => undefined)).toMatchObject({
    status: 'warn',
    fix: expect.stringContaining('tick EditCallAttachedData, EditIvr, ManageCampaignsProperties'),
  });
});
