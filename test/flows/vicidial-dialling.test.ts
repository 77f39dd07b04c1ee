import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { syncLeads } from '../../src/flows/sync-leads.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { madeUpApiUser, madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator, type VicidialSimulator } from '../simulators/vicidial/vicidial-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { eventToken, keys, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const ada = { leadId: 2001, list: 101, phone: '3035550101' };
const ben = { leadId: 2002, list: 101, phone: '3035550102' };
const cleo = { leadId: 2003, list: 101, phone: '3035550103', columns: { status: 'DNC' } };
const dan = { leadId: 2004, list: 101, phone: '3035550104' };

const zone = 'America/Denver';
const clock = startFastClock(Date.parse('2026-11-20T17:00:00.000Z'), 20);
const slowMs = 20_000;
const signature = { secrets: [webhookSecret] };

let database: PrivateMariaDb;
let vicidial: VicidialSimulator;
let sigmamind: SigmamindSimulator;
let patchbay: TestApp;

beforeAll(async () => {
  database = await startPrivateMariaDb();
  await database.createDatabase('asterisk');
  const { host, port: databasePort, user, password } = database;
  const login = { host, port: databasePort, user, password, name: 'asterisk' };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  sigmamind = await startSigmamindSimulator({
    clock,
    apiKey: 'key-1',
    signature,
    webhookUrl: `${url}/v1/platforms/sigmamind/events/${eventToken}`,
    tools: { commitUrl: `${url}/v1/platforms/sigmamind/tools/commit-outcome`, token: keys.tools },
  });
  vicidial = await startVicidialSimulator({
    clock,
    database: login,
    serverZone: zone,
    noticeSec: 2,
    seed: { ...madeUpSite({ leads: 0 }), leads: [ada, ben, cleo, dan] },
  });
  patchbay = await startTestApp({
    registry: connectors,
    clock,
    dialers: {
      vicidial: {
        type: 'vicidial',
        api: { url: `${vicidial.url}/vicidial/non_agent_api.php`, ...madeUpApiUser, timeoutMs: 2000 },
        database: login,
        timeZone: zone,
        sync: { lists: [101], pauseMs: 0 },
        campaigns: {
          SPRING: {
            dispositions: { callback: 'CALLBK', not_interested: 'NI', opt_out: 'DNC', busy: 'AB' },
            fields: {},
          },
        },
      },
    },
    config: {
      server: { port },
      gate: { hours: { enabled: false } },
      outbox: { pollMs: 20, backoff: { firstMs: 1000, maxMs: 5000 } },
      platforms: {
        sigmamind: {
          type: 'sigmamind',
          apiUrl: sigmamind.url,
          apiKey: 'key-1',
          webhook: { tokens: [eventToken], signature },
          dialling: { from: '+13035550199', agentId: 'agent_1', concurrency: 3 },
        },
      },
    },
  });
  const dialer = patchbay.app.deps.dialers.get('vicidial');
  if (dialer) await syncLeads(patchbay.app.deps, dialer, new AbortController().signal);
}, 90_000);

afterAll(async () => {
  await patchbay?.stop();
  await vicidial?.stop();
  await sigmamind?.stop();
  await database?.stop();
});

it('has a list called by the platform, and VICIdial holds what came of it on its leads', async () => {
  sigmamind.setBehaviours({
    '*': { ringSec: 2, talkSec: 5, analysis: null, analysisAfterSec: 0 },
    [ada.phone]: { talkSec: 5, commit: { outcome: 'callback', summary: 'On Monday', callbackInSec: 259_200 } },
    [ben.phone]: { ringSec: 2, dialled: 'busy' },
    [dan.phone]: { talkSec: 5, commit: { outcome: 'opt_out', summary: 'Never again' } },
  });
  const command = patchbay.app.instances
    .find(({ id }) => id === 'sigmamind')
    ?.commands?.find(({ name }) => name === 'campaign');
  const said: Record<string, unknown>[] = [];
  const output = { write: (line: string) => said.push(JSON.parse(line)), isTerminal: false, isJson: true };

  const code = await command?.run(['vicidial'], { list: '101', name: 'Spring', watch: true }, output);

  expect(code).toBe(0);
  expect(said[0]).toMatchObject({ rows: 3, refused: { 'status DNC is no dial status of campaign SPRING': 1 } });
  expect(said.at(-1)).toMatchObject({ isThrough: true, waiting: 0 });
  await eventually(async () => {
    const states = await Promise.all([ada, ben, dan].map(({ leadId }) => vicidial.state({ leadId })));
    expect(states.map(({ lead }) => lead?.status)).toEqual(['CBHOLD', 'AB', 'DNC']);
  }, slowMs);
  const state = await vicidial.state({ leadId: ada.leadId });
  expect(JSON.stringify(state)).toContain('CALLBK');
  expect(sigmamind.calls().map(({ to, from }) => [from, to].find((number) => number !== '+13035550199'))).not.toContain(
    `+1${cleo.phone}`,
  );
  const dnc = (await vicidial.journal()).filter(({ kind }) => kind === 'dnc').map(({ record }) => record);
  expect(dnc).toContain(dan.phone);
}, 60_000);
