import { readFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/clock.ts';
import { startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import { startSigmamindSimulator } from '../../simulators/sigmamind/sigmamind-simulator.ts';
import { startVicidialSimulator } from '../../simulators/vicidial/vicidial-simulator.ts';
import { callActs } from '../acts.ts';
import { installFive9Script } from '../five9-script.ts';
import { webhookSignature } from '../patchbay-config.ts';
import { send, until } from '../requests.ts';
import { writeScript } from '../script.ts';
import { seedFive9, seedVicidial } from '../seed.ts';
import * as site from '../site.ts';
import type { CallCentre } from './made-up-site.ts';

// The made-up call centre of docker-compose.yml: the simulators of both dialers and of the platform in one process, on the
// machine's own clock, and calls as slow as life until nobody is left to call. `node call-centre.ts <folder of write-site.ts>`

const people = 1800;
const everySec = 10;

const folder = process.argv[2] ?? '/etc/patchbay';
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown;
const { secrets, places, databasePassword } = read('call-centre.json') as CallCentre;
const config = read('patchbay.yaml') as { dialers: { five9: unknown } };
const { balancerUrl } = places;
const calls = writeScript(1, { calls: people, daySec: people * everySec, five9Every: 2, rushes: [] });

const sigmamind = await startSigmamindSimulator({
  clock: systemClock,
  apiKey: secrets.platformKey,
  webhookUrl: `${balancerUrl}/v1/platforms/sigmamind/events/${secrets.eventToken}`,
  signature: { ...webhookSignature, secrets: [secrets.webhookSecret] },
  tools: { commitUrl: `${balancerUrl}/v1/platforms/sigmamind/tools/commit-outcome`, token: secrets.toolsKey },
});
const vicidial = await startVicidialSimulator({
  clock: systemClock,
  database: { ...places.vicidialTables, password: databasePassword },
  serverZone: site.serverZone,
  headersUrl: balancerUrl.replace('://', `://asterisk:${secrets.asteriskKey}@`).concat('/v1/ivr/vicidial/headers'),
  agiUrl: places.agiUrl,
  aiUrl: sigmamind.url,
  seed: seedVicidial(secrets.apiPassword, site.peopleOf(calls, 'vicidial', 0)),
});
const five9 = await startFive9Simulator({
  clock: systemClock,
  users: [{ name: 'patchbay', password: secrets.soapPassword }],
  aiUrl: sigmamind.url,
  patchbayUrl: balancerUrl,
  ivrKey: secrets.five9Key,
  dialer: 'five9',
  seed: seedFive9(site.peopleOf(calls, 'five9', 0)),
});
await installFive9Script(five9.url, config.dialers.five9, balancerUrl);
await send('PUT', `${sigmamind.url}/_sim/behaviours`, Object.fromEntries(calls.map((c) => [c.number, c.behaviour])));
for (const [index, { url }] of [vicidial, five9, sigmamind].entries()) await letThrough(places.firstPort + index, url);
tell('the call centre is open');
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));

await until('Patchbay is ready', 300_000, async () => (await fetch(`${balancerUrl}/readyz`)).ok);
for (const { run } of callActs({ vicidialUrl: vicidial.controlUrl, five9Url: five9.url }, calls, tell)) {
  await run();
  await wait(everySec * 1000);
}
tell('everybody has been called');

/** The simulators listen on this machine alone: other containers come in by a port of their own. */
function letThrough(port: number, url: string): Promise<void> {
  const target = { host: '127.0.0.1', port: Number(new URL(url).port) };
  const server = createServer((outer) => {
    const inner = createConnection(target);
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
