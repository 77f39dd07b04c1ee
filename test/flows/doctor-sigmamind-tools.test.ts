import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SigmamindConfig } from '../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { namedChecks, runChecks } from '../../src/flows/doctor/run-checks.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type HealthySigmamind, startHealthySigmamind } from '../support/healthy/sigmamind.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';
import { testConnectorDeps } from '../unit/sigmamind/test-deps.ts';

let healthy: HealthySigmamind;
let app: TestApp;
let publicUrl: string;
beforeEach(async () => {
  const port = await freePort();
  publicUrl = `http://127.0.0.1:${port}`;
  healthy = await startHealthySigmamind({ publicUrl, toolsKey: keys.tools });
  app = await startTestApp({ config: { server: { port, publicUrl }, platforms: { sigmamind: healthy.section } } });
});
afterEach(async () => {
  await app.stop();
  await healthy.stop();
});

it('tries every tool for real, and leaves no trace with us', async () => {
  // What a service keeps by itself after its start: its first word of itself, and how far its calls are counted.
  const before = await eventually(async () => {
    const kept = await keptByUs();
    expect(kept.processes).toHaveLength(1);
    expect(kept.cursors).toContainEqual({ name: 'call-counts', value: expect.stringContaining('"backTo":""') });
    return kept;
  });

  expect(await selfTest()).toMatchObject({
    status: 'ok',
    found: 'commit_outcome, transfer, end_call, find_lead and schedule_callback answered',
  });

  expect(await keptByUs()).toEqual(before);
  expect(app.log.filter(({ msg }) => msg === 'a tool call names no call').length).toBeGreaterThanOrEqual(4);
});

it("calls no tool of somebody else's that is in the same integration", async () => {
  const called: string[] = [];
  const crm = createServer((request, response) => {
    called.push(String(request.url));
    response.end('{"ok":true}');
  });
  crm.listen(0, '127.0.0.1');
  await once(crm, 'listening');
  await healthy.ask('POST', `/v1/integrations/${(healthy.section.integrationIds as string[])[0]}/tools`, {
    name: 'delete_customer',
    method: 'POST',
    url: `http://127.0.0.1:${(crm.address() as AddressInfo).port}/customers/delete`,
  });

  expect(await selfTest()).toMatchObject({ status: 'ok', found: expect.not.stringContaining('delete_customer') });
  expect(called).toEqual([]);
  crm.closeAllConnections();
  await new Promise((resolve) => crm.close(resolve));
});

it('says which key is wrong', async () => {
  await healthy.ask('POST', `/v1/integrations/${(healthy.section.integrationIds as string[])[0]}/auth`, {
    authType: 'BEARER_TOKEN',
    token: 'pb_key-of-nobody',
  });

  expect(await selfTest()).toMatchObject({
    status: 'fail',
    found: expect.stringContaining('commit_outcome was answered with 401'),
    fix: expect.stringContaining('`platforms.sigmamind.toolsKey`'),
  });
});

it('says that SigmaMind does not reach us', async () => {
  await app.stop();

  expect(await selfTest()).toMatchObject({
    status: 'fail',
    found: expect.stringContaining(
      `SigmaMind got no answer from ${publicUrl}/v1/platforms/sigmamind/tools/commit-outcome`,
    ),
    fix: expect.stringContaining('`server.publicUrl`'),
  });
  app = await startTestApp();
});

it('waits once for a SigmaMind that hangs', async () => {
  let requests = 0;
  const hanging = createServer(() => {
    requests += 1;
  });
  hanging.listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  const apiUrl = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;

  const checked = await runChecks(namedChecks([platformWith({ ...healthy.section, apiUrl, timeoutMs: 500 })]));

  expect(checked.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual(['sigmamind:api.key']);
  expect(checked.filter(({ causes }) => causes.includes('sigmamind:api.key')).length).toBeGreaterThan(15);
  expect(requests).toBe(1);
  hanging.closeAllConnections();
  await new Promise((resolve) => hanging.close(resolve));
});

function platformWith(section: object) {
  return sigmamind.create('sigmamind', SigmamindConfig.parse(section), { ...testConnectorDeps, publicUrl });
}

async function selfTest() {
  const platform = platformWith(healthy.section);
  const [checked] = await runChecks(namedChecks([platform]), { only: ['sigmamind:tools.self-test'] });
  return checked;
}

/** Every row of our own store, but for what time itself changes. */
async function keptByUs(): Promise<Record<string, unknown[]>> {
  await app.app.deps.registrations.flush();
  await app.app.deps.board.flush();
  const database = new DatabaseSync(join(app.folder, 'patchbay.sqlite'), { readOnly: true });
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  const names = tables.map(({ name }) => String(name)).filter((name) => !/lease|cron|migration/.test(name));
  const rows = names.map((name) => [name, database.prepare(`select * from "${name}"`).all()] as const);
  database.close();
  return Object.fromEntries(rows);
}
