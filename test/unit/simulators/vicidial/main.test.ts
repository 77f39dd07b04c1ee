import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { startPrivateMariaDb } from '../../../support/private-mariadb.ts';

it('runs as a process of its own, by a shared clock, and is steered over HTTP', async () => {
  const database = await startPrivateMariaDb();
  await database.createDatabase('asterisk');
  const { host, port, user, password } = database;
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-test-'));
  const clockFile = join(folder, 'clock.json');
  writeFileSync(
    clockFile,
    JSON.stringify({ realMs: Date.now(), simulatedMs: Date.parse('2026-07-01T12:00:00Z'), rate: 100 }),
  );
  const options = {
    clockFile,
    database: { host, port, user, password, name: 'asterisk' },
    serverZone: 'America/Denver',
  };
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('../../../simulators/vicidial/main.ts', import.meta.url)),
      JSON.stringify({ ...options, noticeSec: 1 }),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ready = await new Promise<{ ready: boolean; url: string }>((resolve) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
  });
  const ask = (path: string, body?: object) =>
    fetch(`${ready.url}/_sim/${path}`, body && { method: 'POST', body: JSON.stringify(body) }).then((reply) =>
      reply.json(),
    );

  const refused = await ask('calls', { leadId: 1001, campaign: 'SPRING', noticeSek: 1 });
  const placed = (await ask('calls', { leadId: 1001, campaign: 'SPRING', ai: false, talkSec: 30 })) as object;
  await eventually(async () => expect(await ask('progress')).toEqual({ started: 1, over: 1 }));
  const state = await ask('state?leadId=1001');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');

  expect(refused).toMatchObject({ error: expect.stringContaining('noticeSek') });
  expect(placed).toMatchObject({ callerCode: expect.stringMatching(/^V70106\d{4}0000001001$/) });
  expect(state).toMatchObject({
    lead: { status: 'XFER' },
    logs: [{ status: 'XFER', term_reason: 'CALLER' }],
    dnc: false,
  });
  expect(await ended).toBe(0);
  await database.stop();
  rmSync(folder, { recursive: true });
});
