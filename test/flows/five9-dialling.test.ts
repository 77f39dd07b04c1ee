import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { syncLeads } from '../../src/flows/sync-leads.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { eventToken, keys, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const ada = '3035550101';
const ben = '3035550102';
const cyd = '3035550103';
const dispositions = { sale: 'AI - Sale', busy: 'AI - Busy', opt_out: 'AI - Do not call' };

const clock = startFastClock(Date.parse('2026-03-02T18:00:00.000Z'), 60);
const signature = { secrets: [webhookSecret] };

let five9: Five9Simulator;
let sigmamind: SigmamindSimulator;
let patchbay: TestApp;

beforeAll(async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/v1/platforms/sigmamind`;
  sigmamind = await startSigmamindSimulator({
    clock,
    apiKey: 'key-1',
    signature,
    webhookUrl: `${url}/events/${eventToken}`,
    tools: { commitUrl: `${url}/tools/commit-outcome`, token: keys.tools },
  });
  five9 = await startFive9Simulator({
    clock,
    users: [{ name: 'ada', password: 'engine' }],
    domainTimeZone: 'America/New_York',
    seed: {
      campaigns: [{ name: 'Spring', lists: ['Spring list'] }],
      lists: ['Spring list'],
      dispositions: Object.values(dispositions),
      contactFields: [{ name: 'patchbay_key' }],
      contacts: [ada, ben, cyd].map((number1) => ({
        fields: { number1, patchbay_key: `pk-${number1}` },
        lists: ['Spring list'],
      })),
    },
  });
  patchbay = await startTestApp({
    registry: connectors,
    clock,
    dialers: {
      five9: {
        type: 'five9',
        soap: { host: five9.url, users: [{ user: 'ada', password: 'engine' }], timeoutMs: 20_000 },
        domainTimeZone: 'America/New_York',
        campaigns: { Spring: { dispositions, fields: {} } },
      },
    },
    config: {
      server: { port },
      gate: { hours: { enabled: false } },
      outcomes: { technicalEndWaitSec: 0 },
      outbox: { pollMs: 20 },
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
  const dialer = patchbay.app.deps.dialers.get('five9');
  if (dialer) await syncLeads(patchbay.app.deps, dialer, new AbortController().signal);
}, 60_000);

afterAll(async () => {
  await patchbay?.stop();
  await five9?.stop();
  await sigmamind?.stop();
});

it('calls the contacts, who are in no list for us, and Five9 holds what came of it in the campaign that was named', async () => {
  sigmamind.setBehaviours({
    [ada]: { ringSec: 2, talkSec: 5, analysis: null, commit: { outcome: 'sale', summary: 'Ada takes it.' } },
    [ben]: { ringSec: 2, dialled: 'busy' },
    [cyd]: { ringSec: 2, talkSec: 5, analysis: null, commit: { outcome: 'opt_out', summary: 'Never again' } },
  });

  const nowhere = await run({ unlisted: true, name: 'Spring' });
  const { code, said } = await run({ unlisted: true, name: 'Spring', as: 'Spring', watch: true });

  expect(nowhere.said[0]).toMatchObject({ rows: 0, refused: { 'no campaign to write back to: name it with --as': 3 } });
  expect(code).toBe(0);
  expect(said.at(-1)).toMatchObject({ isThrough: true, rows: 3, waiting: 0 });
  await eventually(() => {
    const held = [ada, ben, cyd].map((number) => five9.state(number).dispositions.Spring);
    expect(held).toEqual(['AI - Sale', 'AI - Busy', 'AI - Do not call']);
  }, 30_000);
}, 60_000);

/** As `npx patchbay sigmamind campaign five9 … --json`. */
async function run(options: Record<string, unknown>) {
  const platform = patchbay.app.instances.find(({ id }) => id === 'sigmamind');
  const command = platform?.commands?.find(({ name }) => name === 'campaign');
  const said: Record<string, unknown>[] = [];
  const output = { write: (line: string) => said.push(JSON.parse(line)), isTerminal: false, isJson: true };
  const code = await command?.run(['five9'], options, output);
  return { code, said };
}
